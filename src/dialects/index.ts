/**
 * Acts that the core lacks: code by the family's name, or by what it is about where families share it (`cloud`). A grammar
 * calls them as `family.act`.
 */
import type { DialectOperation } from '../modem/operation.js';
import { aliyunSignIn, onenetSignIn } from './clouds/sign-in.js';
import { checksum } from './quectel/checksum.js';
import { close, open, opened, position, read, seek, write } from './quectel/open-files.js';
import { admit, store } from './quectel/upload.js';

/** Full name → operation. */
export const dialectOperations: Readonly<Record<string, DialectOperation>> = {
  'cloud.aliyun': aliyunSignIn,
  'cloud.onenet': onenetSignIn,
  'quectel.admit': admit,
  'quectel.checksum': checksum,
  'quectel.close': close,
  'quectel.open': open,
  'quectel.opened': opened,
  'quectel.position': position,
  'quectel.read': read,
  'quectel.seek': seek,
  'quectel.store': store,
  'quectel.write': write,
};
