import fc from 'fast-check';

const byte = fc.nat(255).map(code => String.fromCharCode(code));
const telling = fc.constantFrom('.', '..', '/', '\\', '%', 'a', 'A', 'ca.pem', '\0', '%2f', '~', 'C:');

/** Any bytes, often ones that mean something to a file system. */
export const anyName = fc.array(fc.oneof(telling, byte), { maxLength: 12 }).map(parts => parts.join(''));
