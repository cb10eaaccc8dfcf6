/** What a device list may hold. The messages say what is expected. Loaded only where there is one. */
import { z } from 'zod';
import { text } from './schema.js';

/** Neither part of a topic nor of a user name may come apart in it. */
const name = text.regex(/^[^\s/+#&|]+$/, 'a name without blanks and / + # & |');
const secret = text.regex(/^\S+$/, 'a text without blanks');
const yes = z.boolean({ error: 'true or false' });

const aliyun = z.strictObject({ 'product-key': name, 'device-name': name, 'device-secret': secret });
const onenet = z.strictObject({
  'product-id': name,
  'device-name': name,
  'access-key': text.regex(/^[A-Za-z0-9+/]+={0,2}$/, 'base64, as the platform shows it'),
});

export const cloudSchema = z
  .strictObject({
    aliyun: z.array(aliyun, { error: 'a list of { product-key, device-name, device-secret }' }),
    onenet: z.array(onenet, { error: 'a list of { product-id, device-name, access-key }' }),
    anonymous: yes,
    'plain-tcp': yes,
  })
  .partial();

export type CloudDocument = z.infer<typeof cloudSchema>;

/** Which keys a map at this place may have: for the nearest right word. */
export function knownCloudKeys([top]: readonly PropertyKey[]): readonly string[] {
  if (top === 'aliyun') return Object.keys(aliyun.shape);
  if (top === 'onenet') return Object.keys(onenet.shape);
  return Object.keys(cloudSchema.shape);
}
