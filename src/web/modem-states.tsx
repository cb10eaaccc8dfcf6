/** What a modem is in, in a few words each. */
import type { ComponentChildren } from 'preact';
import type { ChannelDetail, ClientDetail, LinkDetail, ModemDetail } from '../control/messages.js';

export function ModemStates({ detail }: { detail: ModemDetail }) {
  const { power, timing, channels, clients, sockets, identity, bearer } = detail;
  return (
    <dl class="states">
      <State title="power">{power}</State>
      <State title="port">
        {channels
          .filter(({ kind }) => kind === 'port')
          .map(channelText)
          .join(' · ')}
      </State>
      <State title={bearer === 'wifi' ? 'Wi-Fi' : 'network'}>{networkText(detail)}</State>
      <State title="address">{detail.address ?? detail.offline ?? '–'}</State>
      <State title="MQTT">{clients.map(clientText).join(' · ') || '–'}</State>
      <State title="links">{sockets.map(linkText).join(' · ') || '–'}</State>
      <State title={bearer === 'wifi' ? 'MAC' : 'IMEI'}>{bearer === 'wifi' ? identity.mac : identity.imei}</State>
      <State title="timing">{timing}</State>
    </dl>
  );
}

function State({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{title}</dt>
      <dd>{children}</dd>
    </div>
  );
}

const channelText = ({ path, attached, state }: ChannelDetail): string =>
  `${path} ${attached ? (state === 'command' ? 'attached' : state) : 'no host'}`;

function networkText({ network, dbm, cellular, wifi }: ModemDetail): string {
  const parts = [cellular?.operator ?? wifi?.ssid, network, dbm === null ? undefined : `${dbm} dBm`];
  return parts.filter(part => part !== undefined).join(', ');
}

const clientText = ({ client, state, host, port }: ClientDetail): string =>
  [`${client}: ${state}`, host && `${host}:${port}`].filter(Boolean).join(' ');

const linkText = ({ link, kind, state, host, port, sent, received }: LinkDetail): string =>
  [`${link}:`, kind, state, host && `${host}:${port}`, `↑${sent} ↓${received}`].filter(Boolean).join(' ');
