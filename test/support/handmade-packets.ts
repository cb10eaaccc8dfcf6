/** MQTT packets as firmware without a library builds them by hand: the device of Alibaba Cloud IoT's own example. */
export const bytes = (hex: string) => Buffer.from(hex.replace(/\s/g, ''), 'hex');

export const packets = {
  connect: bytes(`
    10 76 00 04 4D 51 54 54 04 C2 00 64
    00 35 31 32 33 34 35 7C 73 65 63 75 72 65 6D 6F 64 65 3D 33 2C 73 69 67 6E 6D 65 74 68 6F 64 3D
          68 6D 61 63 73 68 61 31 2C 74 69 6D 65 73 74 61 6D 70 3D 37 38 39 7C
    00 09 64 65 76 69 63 65 26 70 6B
    00 28 46 41 46 44 38 32 41 33 44 36 30 32 42 33 37 46 42 30 46 41 38 42 37 38 39 32 46 32 34 41
          34 37 37 46 38 35 31 41 31 34`),
  subscribeSet: bytes(`
    82 2E 00 0A 00 29 2F 73 79 73 2F 70 6B 2F 64 65 76 69 63 65 2F 74 68 69 6E 67 2F 73 65 72 76 69
    63 65 2F 70 72 6F 70 65 72 74 79 2F 73 65 74 00`),
  publishPost: bytes(`
    30 89 01 00 28 2F 73 79 73 2F 70 6B 2F 64 65 76 69 63 65 2F 74 68 69 6E 67 2F 65 76 65 6E 74 2F
    70 72 6F 70 65 72 74 79 2F 70 6F 73 74
    7B 22 69 64 22 3A 22 31 35 36 32 32 38 33 34 32 31 22 2C 22 76 65 72 73 69 6F 6E 22 3A 22 31 2E
    30 2E 30 22 2C 22 70 61 72 61 6D 73 22 3A 7B 22 74 65 6D 70 22 3A 31 32 7D 2C 22 6D 65 74 68 6F
    64 22 3A 22 74 68 69 6E 67 2E 65 76 65 6E 74 2E 70 72 6F 70 65 72 74 79 2E 70 6F 73 74 22 7D`),
  pingreq: bytes('C0 00'),
  disconnect: bytes('E0 00'),
};

/** To the reply's topic, which is asked for like that of `set`. */
export const subscribeReply = Buffer.concat([
  bytes('82 33 00 0B 00 2E'),
  Buffer.from('/sys/pk/device/thing/event/property/post_reply'),
  bytes('00'),
]);

/** What the platform answers to `publishPost`. */
export const postReply = Buffer.concat([
  bytes('30 A1 01 00 2E'),
  Buffer.from('/sys/pk/device/thing/event/property/post_reply'),
  Buffer.from(
    '{"code":200,"data":{},"id":"1562283421","message":"success","method":"thing.event.property.post","version":"1.0"}',
  ),
]);
