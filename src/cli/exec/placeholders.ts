/** Where the command finds the modem: `{port}` in its arguments, and variables of its environment. Pure. */
import type { Ready } from '../ready.js';

const placeholder = /\{(port|broker)(?::([^{}]*))?\}/g;

/** `{port}` is the first modem's, `{port:NAME}` that of the modem NAME, `{broker}` the broker's URL. What is unknown stays. */
export function fillIn(argument: string, { modems, broker }: Ready): string {
  return argument.replace(placeholder, (whole, what: string, name: string | undefined) => {
    if (what === 'broker') return name === undefined ? (broker ?? whole) : whole;
    const modem = name === undefined ? modems[0] : modems.find(each => each.name === name);
    return modem?.port ?? whole;
  });
}

export function environmentFor({ modems, broker }: Ready): NodeJS.ProcessEnv {
  const ports = modems.flatMap(({ port, ports = [port] }) => ports);
  return {
    ATMODEM_PORT: ports[0],
    ATMODEM_PORTS: ports.join(' '),
    ...(broker === null ? {} : { ATMODEM_BROKER: broker }),
  };
}
