/** AT over TCP: a listener that one DTE at a time may call, as `socat`, ser2net or a container's neighbour does. */
import { type AddressInfo, isIP, type Server, type Socket } from 'node:net';
import { OperatorError, type OperatorErrorDetails } from '../base/errors.js';
import { ListeningPort, type ListeningPortOptions, listening } from './listening-port.js';

export interface TcpPortOptions extends ListeningPortOptions {
  host: string;
  /** 0 is any free port. */
  port: number;
}

/** Whether only this machine can reach the address, or the name that every machine has for itself. */
export function isLoopback(host: string): boolean {
  const address = host.toLowerCase().replace(/^::ffff:(?=\d+\.)/, '');
  if (isIP(address) === 4) return address.startsWith('127.');
  return address === '::1' || address === 'localhost';
}

/** `host:port`, with the brackets that an IPv6 address needs. */
export function formatAddress(host: string, port: number): string {
  return isIP(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`;
}

export class TcpPort extends ListeningPort {
  readonly #host: string;
  readonly #port: number;
  #bound: AddressInfo | undefined;

  constructor({ host, port, ...options }: TcpPortOptions) {
    super(options);
    this.#host = host;
    this.#port = port;
  }

  get path(): string {
    return formatAddress(this.#bound?.address ?? this.#host, this.#bound?.port ?? this.#port);
  }

  /** False where another machine could call: an AT port is then a proxy for it. Right before `open` too. */
  get isLoopback(): boolean {
    return isLoopback(this.#bound?.address ?? this.#host);
  }

  protected async listen(server: Server): Promise<void> {
    try {
      await listening(server, { host: this.#host, port: this.#port });
    } catch (cause) {
      throw listenFailure(this.spec, this.#host, this.#port, cause as NodeJS.ErrnoException);
    }
    this.#bound = server.address() as AddressInfo;
  }

  protected nameOf({ remoteAddress = '?', remotePort = 0 }: Socket): string {
    return formatAddress(remoteAddress, remotePort);
  }
}

function listenFailure(spec: string, host: string, port: number, cause: NodeJS.ErrnoException): OperatorError {
  const summary = `cannot listen on ${formatAddress(host, port)}`;
  const details: OperatorErrorDetails = { found: spec, cause };
  switch (cause.code) {
    case 'EADDRINUSE':
      details.hint = `port ${port} is in use; take another, or \`${spec.split(':')[0]}:0\` for any free one`;
      break;
    case 'EACCES':
      details.hint = `port ${port} needs rights that this user has not; take one above 1023`;
      break;
    case 'EADDRNOTAVAIL':
      details.hint = `${host} is not an address of this machine; 127.0.0.1 is, and 0.0.0.0 means all of them`;
      break;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      details.hint = `the name ${host} was not found; give an address`;
      break;
    default:
      details.hint = cause.message;
  }
  return new OperatorError('port', summary, details);
}
