/** What a stream begins with, by its first byte: one port serves MQTT, TLS and WebSocket. */
import type { Duplex } from 'node:stream';

/** `none`: the stream ended first. `mqtt` is all that is nothing else: its own parser is the one to refuse it. */
export type Opening = 'tls' | 'http' | 'mqtt' | 'none';

/** A handshake record [RFC 8446 5.1]. As MQTT it would be a CONNECT with flags that must not be set [MQTT-2.2.2-2]. */
const tlsHandshake = 0x16;
/** Of `GET`, the only method of a WebSocket handshake [RFC 6455 4.1]. As MQTT it would be a PUBACK that answers nothing. */
const letterG = 0x47;

/** Waits for the first byte, and leaves it in the stream, which is paused then. */
export function opening(stream: Duplex): Promise<Opening> {
  return new Promise(resolve => {
    if (stream.destroyed) return resolve('none');
    stream.once('data', (chunk: Buffer) => {
      stream.pause();
      stream.unshift(chunk);
      resolve(openingOf(chunk[0]!));
    });
    stream.once('close', () => resolve('none'));
  });
}

function openingOf(byte: number): Opening {
  if (byte === tlsHandshake) return 'tls';
  return byte === letterG ? 'http' : 'mqtt';
}
