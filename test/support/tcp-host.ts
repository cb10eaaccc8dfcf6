/** A host of a TCP port: writes, and waits for what it is answered. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type ByteString, fromBuffer, toBuffer } from '../../src/base/bytes.js';
import { Signal } from '../../src/base/signal.js';
import { eventually } from './patience.js';

/** Milliseconds that an answer may take; met only by what fails. */
const patience = 10_000;

export class TcpHost {
  /** All that came. */
  received: ByteString = '';
  readonly #arrived = new Signal<void>();
  #taken = 0;

  private constructor(readonly socket: Socket) {
    socket.on('data', chunk => {
      this.received += fromBuffer(chunk);
      this.#arrived.emit();
    });
    socket.on('error', () => {});
  }

  /** @param address `host:port` */
  static async open(address: string): Promise<TcpHost> {
    const { hostname, port } = new URL(`tcp://${address}`);
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    await once(socket, 'connect');
    return new TcpHost(socket);
  }

  write(bytes: ByteString): void {
    this.socket.write(toBuffer(bytes));
  }

  /** Sends, and reads until this has come. */
  async ask(bytes: ByteString, answer: ByteString): Promise<void> {
    this.write(bytes);
    await this.hear(answer);
  }

  async hear(answer: ByteString): Promise<void> {
    const place = () => this.received.indexOf(answer, this.#taken);
    if (!(await eventually(() => place() >= 0, this.#arrived, patience)))
      throw new Error(
        `${JSON.stringify(answer)} did not come, but ${JSON.stringify(this.received.slice(this.#taken))}`,
      );
    this.#taken = place() + answer.length;
  }

  async close(): Promise<void> {
    this.socket.end();
    if (!this.socket.closed) await once(this.socket, 'close');
  }
}
