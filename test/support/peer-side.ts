/** The peers' part of a replay: what its items expect of the modem's links, and what happens on them. Strict, as the rest. */
import { toBuffer, visible } from '../../src/base/bytes.js';
import type {
  FaultItem,
  PeerAct,
  PeerFault,
  PeerReceivesItem,
  PeerSeesItem,
  PeerSendsItem,
} from '../../src/transcripts/transcript.js';
import { type FileContent, verbatimBytes } from '../../src/transcripts/wire.js';
import { eventOf, type PeerLink, StreamLink } from './peer.js';
import type { Peers } from './peers.js';
import type { Difference } from './replay-report.js';
import type { TestModem } from './test-modem.js';
import { UdpPeer } from './udp-peer.js';

interface PeerStage {
  world: { peers: Peers };
  modem: Pick<TestModem, 'listeningAt'>;
  content: FileContent;
  patience: number;
}

/** What a flood repeats. */
const everyByte = Uint8Array.from({ length: 256 }, (_, value) => value);

export class PeerSide {
  readonly #peers: Peers;

  /** @param fail told what differs from the transcript */
  constructor(
    private readonly stage: PeerStage,
    private readonly fail: (difference: Difference) => never,
  ) {
    this.#peers = stage.world.peers;
  }

  /** The peer's own port of a link that has come. */
  readonly portOf = (link: number): number | undefined => this.#peers.links[link - 1]?.port;

  /** Waits for the link on which an item acts: the dialogue knows it then, so that it did not come unexpected. */
  async reach(item: PeerSendsItem | FaultItem): Promise<void> {
    if (item.kind === 'peer-sends') await this.#linkOf(item.link);
    else if (item.fault.kind === 'peer' || item.fault.kind === 'peer-floods') await this.#linkOf(item.fault.link);
  }

  sends({ link, sends }: PeerSendsItem): Promise<void> {
    return this.#send(link, toBuffer(verbatimBytes(sends, this.stage.content)));
  }

  async causes(fault: PeerFault): Promise<void> {
    switch (fault.kind) {
      case 'peer':
        return this.#act(fault.does, await this.#linkOf(fault.link));
      case 'peer-floods':
        return this.#send(fault.link, Buffer.alloc(fault.size, everyByte));
      case 'peer-connects':
        return this.#connect(fault.port);
    }
  }

  async receives({ link: number, receives }: PeerReceivesItem): Promise<void> {
    const link = await this.#linkOf(number);
    const bytes = verbatimBytes(receives, this.stage.content);
    if (await link.next(bytes, this.stage.patience)) return;
    this.#failOn(link, 'the peer received something else', visible(bytes));
  }

  async sees({ link: number, event }: PeerSeesItem): Promise<void> {
    if (event === 'opens') {
      await this.#linkOf(this.#peers.known + 1);
      return;
    }
    const link = this.#asStream(await this.#linkOf(number));
    if (await link.ends(event, this.stage.patience)) return;
    this.#failOn(link, 'the peer saw something else', eventOf(event));
  }

  /** Nothing may have come that no item expects: no link, and nothing on one. */
  requireSilence(): void {
    const { links, known } = this.#peers;
    if (links.length > known) {
      const summary = `link ${known + 1} came to a peer, and no item expects it`;
      this.fail({ summary, expected: 'nothing', actual: eventOf('opens') });
    }
    const loud = links.find(link => link.untaken !== undefined);
    if (loud) this.#failOn(loud, 'the peer received what no item expects', 'nothing');
  }

  async #send(number: number | undefined, bytes: Buffer): Promise<void> {
    const link = await this.#linkOf(number);
    if (await link.send(bytes)) return;
    this.fail({ summary: 'the peer cannot send', expected: 'a link that is open', actual: 'one that has ended' });
  }

  async #act(act: PeerAct, link: PeerLink): Promise<void> {
    if (act !== 'moves') this.#asStream(link)[act]();
    else if (link instanceof UdpPeer) await link.moves();
    else this.fail({ summary: 'only a UDP peer moves', expected: 'a link over UDP', actual: 'one over TCP or TLS' });
  }

  async #connect(port: number): Promise<void> {
    const { modem, patience } = this.stage;
    const expected = `a server of the modem on port ${port}`;
    if (!modem.listeningAt) {
      const summary = 'the test modem cannot tell where it listens: it has no `listeningAt`';
      return this.fail({ summary, expected, actual: 'unknown' });
    }
    const server = modem.listeningAt(port);
    const trouble = server ? await this.#peers.dial(server, patience) : 'none';
    if (trouble !== undefined) this.fail({ summary: 'the peer cannot connect', expected, actual: trouble });
  }

  /** @param number of the link; undefined: the newest that the dialogue knows, or the first */
  async #linkOf(number = Math.max(1, this.#peers.known)): Promise<PeerLink> {
    const link = await this.#peers.reach(number, this.stage.patience);
    if (link) return link;
    const { length } = this.#peers.links;
    const actual = length === 0 ? 'no link' : `link ${length} is the newest`;
    return this.fail({ summary: 'this link has not come to a peer', expected: `link ${number}`, actual });
  }

  #asStream(link: PeerLink): StreamLink {
    if (link instanceof StreamLink) return link;
    const summary = 'over UDP nothing ends or stalls';
    return this.fail({ summary, expected: 'a link over TCP or TLS', actual: 'one over UDP' });
  }

  #failOn(link: PeerLink, what: string, expected: string): never {
    const summary = `link ${this.#peers.links.indexOf(link) + 1}: ${what}`;
    return this.fail({ summary, expected, actual: link.untaken ?? 'nothing' });
  }
}
