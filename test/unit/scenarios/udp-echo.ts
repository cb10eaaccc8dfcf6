/** A UDP peer: takes datagrams one by one, and answers who sent last. */
import { createSocket, type RemoteInfo } from 'node:dgram';
import { once } from 'node:events';
import { Signal } from '../../../src/base/signal.js';
import { eventually } from '../../support/patience.js';

export async function datagrams() {
  const socket = createSocket('udp4');
  const came: string[] = [];
  const told = new Signal<void>();
  let sender: RemoteInfo | undefined;
  socket.on('message', (bytes, from) => {
    sender = from;
    came.push(bytes.toString('latin1'));
    told.emit();
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    port: socket.address().port,
    async next(): Promise<string | undefined> {
      await eventually(() => came.length > 0, told);
      return came.shift();
    },
    send(text: string): void {
      socket.send(text, sender!.port, sender!.address);
    },
    close(): void {
      socket.close();
    },
  };
}
