/** Payloads that must cross unchanged. */
const ascending = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));

/** Every byte value twice, with a line end in the middle: what a line reader is most likely to spoil. */
export const everyByte = Buffer.concat([ascending, Buffer.from('\r\n'), Buffer.from(ascending).reverse()]);
