/**
 * Sign-in that the module computes itself from what a product and a device are called: what it brings stands in CONNECT in
 * place of what the host gave. Shared by every family that has such commands. The rules are src/clouds.
 */
import { utf8ToBytes } from '../../base/bytes.js';
import { type AliyunMethod, signInAtAliyun } from '../../clouds/aliyun/signature.js';
import type { Credentials } from '../../clouds/credentials.js';
import { type OnenetMethod, signInAtOnenet } from '../../clouds/onenet/token.js';
import type { Result } from '../../grammar/exchange.js';
import { isOn, textFrom } from '../../modem/argument-values.js';
import type { DialectOperation } from '../../modem/operation.js';

/** How long a token made here is good for, in seconds: no manual says (assumed). */
const oneYear = 365 * 24 * 3600;

const fields = ['clientid', 'username', 'password'];

/** As bytes, the way a host would have typed them. */
function signed({ clientId, username, password }: Credentials): Result {
  return {
    outcome: 'signed',
    clientid: utf8ToBytes(clientId),
    username: utf8ToBytes(username),
    password: utf8ToBytes(password),
  };
}

export const onenetSignIn: DialectOperation = {
  spec: {
    title: 'Client id, user and token for OneNET, good for a year from the module’s clock',
    arguments: { device: 'required', product: 'required', 'access-key': 'required', method: 'optional' },
    ok: ['signed'],
    failed: ['bad-utf8'],
    fields,
  },
  run: (args, { modem }) => {
    const [deviceName, productId, accessKey] = [args.device, args.product, args['access-key']].map(textFrom);
    if (deviceName === undefined || productId === undefined || accessKey === undefined) return { outcome: 'bad-utf8' };
    const expires = Math.floor(modem.surroundings.time.now() / 1000) + oneYear;
    const method = textFrom(args.method) as OnenetMethod | undefined;
    return signed(signInAtOnenet({ productId, deviceName, accessKey }, expires, method || undefined));
  },
};

export const aliyunSignIn: DialectOperation = {
  spec: {
    title: 'Client id, user and signature for Alibaba Cloud IoT',
    arguments: {
      id: 'required',
      product: 'required',
      device: 'required',
      secret: 'required',
      tls: 'optional',
      method: 'optional',
    },
    ok: ['signed'],
    failed: ['bad-utf8'],
    fields,
  },
  run: args => {
    const [id, productKey, deviceName, deviceSecret] = [args.id, args.product, args.device, args.secret].map(textFrom);
    if (id === undefined || productKey === undefined || deviceName === undefined || deviceSecret === undefined)
      return { outcome: 'bad-utf8' };
    const method = (textFrom(args.method) as AliyunMethod | undefined) || undefined;
    const manner = { id, link: isOn(args.tls) ? ('tls' as const) : ('tcp' as const), method };
    return signed(signInAtAliyun({ productKey, deviceName, deviceSecret }, manner));
  },
};
