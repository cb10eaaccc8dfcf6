/** How a command's text stands for bytes. A grammar names the codec: `decode: MQTTMODE|codec`. Pure. */
import { type ByteString, fromBuffer } from '../base/bytes.js';

export const codecNames = ['text', 'hex', 'backslash-hex'] as const;
export type Codec = (typeof codecNames)[number];

/** The bytes that the text stands for, or undefined where it stands for none. */
export function decode(text: ByteString, codec: Codec): ByteString | undefined {
  switch (codec) {
    case 'text':
      return text;
    case 'hex':
      return /^(?:[0-9a-fA-F]{2})*$/.test(text) ? fromBuffer(Buffer.from(text, 'hex')) : undefined;
    case 'backslash-hex':
      return text.replace(/\\([0-9a-fA-F]{2})/g, (_, digits: string) =>
        String.fromCharCode(Number.parseInt(digits, 16)),
      );
    default:
      return codec satisfies never;
  }
}

export const encodeHex = (bytes: ByteString): string => Buffer.from(bytes, 'latin1').toString('hex').toUpperCase();
