import { beforeEach, describe, expect, it } from 'vitest';
import { IpSession } from '../../../src/network/ip-session.js';
import { PacketData } from '../../../src/network/packet-data.js';
import { heard, instant, turns } from './world.js';

let data: PacketData;
let session: IpSession;

beforeEach(async () => {
  data = new PacketData({ pace: instant(), seed: 'rig' });
  session = new IpSession(data);
  data.follow('available');
  await turns();
});

describe('the IP session', () => {
  it('goes up in its named steps, and down in one', async () => {
    const moves = heard(session.changed);
    expect(session.configure({ apn: 'cmnet' })).toBe('done');
    expect(session.accessPoint).toEqual({ apn: 'cmnet', user: '', password: '' });
    expect(session.address).toBeUndefined();
    expect(await session.activate()).toBe('done');
    expect(session.askAddress()).toBe(data.address);
    expect(session.askAddress()).toBe(data.address);
    for (const link of ['connecting', 'connected', 'closing', 'closed'] as const)
      expect(session.follow(link)).toBe('done');
    session.shut();
    expect(moves.map(({ to }) => to)).toEqual([
      'start',
      'config',
      'active',
      'status',
      'connecting',
      'connected',
      'closing',
      'closed',
      'initial',
    ]);
    expect(session.accessPoint.apn).toBe('');
  });

  it('refuses steps out of order', async () => {
    expect(await session.activate()).toBe('wrong-state');
    expect(session.askAddress()).toBeUndefined();
    session.configure();
    expect(session.configure()).toBe('wrong-state');
    const activation = session.activate();
    expect(session.state).toBe('config');
    expect(session.follow('connecting')).toBe('wrong-state');
    await activation;
    expect(await session.activate()).toBe('wrong-state');
  });

  it('activates a context that is down', async () => {
    data.deactivate(1);
    session.configure();
    expect(await session.activate()).toBe('done');
    expect(data.context(1)?.active).toBe(true);
  });

  it('fails without a network, and shut leads on', async () => {
    data.follow('none');
    session.configure();
    expect(await session.activate()).toBe('no-network');
    expect(session.state).toBe('deactivated');
    session.shut();
    expect(session.configure()).toBe('done');
  });

  it('does not stand in for the activation that a loss asks for', async () => {
    data.deactivateByNetwork(1);
    session.configure();
    expect(await session.activate()).toBe('no-network');
    expect(data.awaitsReactivation).toBe(true);
  });

  it('is cancelled by a shut while it comes up', async () => {
    data.deactivate(1);
    session.configure();
    const activation = session.activate();
    session.shut();
    expect(await activation).toBe('cancelled');
    expect(session.state).toBe('initial');
  });

  it('follows the loss of its context, and of no other', async () => {
    data.define(2, { type: 'IP', apn: '' });
    await data.activate(2);
    session.follow('connecting');
    session.follow('connected');
    data.deactivateByNetwork(2);
    expect(session.state).toBe('connected');
    data.deactivateByNetwork(1);
    expect(session.state).toBe('deactivated');
    expect(session.address).toBeUndefined();
    expect(session.follow('connecting')).toBe('wrong-state');
  });

  it('knows of no link that was not dialled, nor of one that a shut took', () => {
    expect(session.follow('closed')).toBe('wrong-state');
    session.follow('connecting');
    session.shut();
    expect(session.follow('connected')).toBe('wrong-state');
    expect(session.state).toBe('initial');
  });

  it.each(['initial', 'start'] as const)('in %s has no context to lose', state => {
    if (state === 'start') session.configure();
    data.deactivateByNetwork(1);
    expect(session.state).toBe(state);
  });
});
