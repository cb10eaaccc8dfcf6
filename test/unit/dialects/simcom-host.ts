/** The host of a SIMCom module in unit tests: the steps that every dialogue begins with, each with its exact answer. */
import { visible } from '../../../src/base/bytes.js';
import { ModemUnderTest, type Plan } from '../modem/modem-under-test.js';

const line = (text: string): string => `\r\n${text}\r\n`;
const prompt = '\r\n>';

export class SimcomHost {
  private constructor(readonly under: ModemUnderTest) {}

  /** @param peers host names of the dialogue → ports on this machine */
  static async start(
    peers: Readonly<Record<string, number>> = {},
    { dialect = 'simcom-a76xx', ...plan }: Plan & { dialect?: string } = {},
  ): Promise<SimcomHost> {
    const routes = Object.entries(peers).map(([name, port]) => `${name}=127.0.0.1:${port}`);
    return new SimcomHost(await ModemUnderTest.start(dialect, { routes, ...plan }));
  }

  /** A command line, and the lines that must come: answer and what follows it. */
  async says(command: string, ...lines: readonly string[]): Promise<void> {
    await this.under.host.dialogue(command, lines.map(line).join(''));
  }

  async expects(...lines: readonly string[]): Promise<void> {
    await this.under.host.expects(lines.map(line).join(''));
  }

  /** A command that prompts, its data, and the lines after it. */
  async sends(command: string, data: string, ...lines: readonly string[]): Promise<void> {
    await this.under.host.dialogue(command, prompt);
    this.under.host.types(data);
    await this.expects(...lines);
  }

  /** Whatever comes, with its bytes made visible. */
  async asks(command: string): Promise<string> {
    return visible(await this.under.host.asks(command));
  }

  async starts(): Promise<void> {
    await this.says('AT+CMQTTSTART', 'OK', '+CMQTTSTART: 0');
  }

  async acquires(client = 0, serverType = 0): Promise<void> {
    await this.says(`AT+CMQTTACCQ=${client},"dev0${client}",${serverType}`, 'OK');
  }

  async connects(client = 0, name = 'broker.test'): Promise<void> {
    await this.says(`AT+CMQTTCONNECT=${client},"tcp://${name}:1883",60,1`, 'OK', `+CMQTTCONNECT: ${client},0`);
  }

  /** Service started, client 0 acquired. */
  async begins(serverType = 0): Promise<void> {
    await this.starts();
    await this.acquires(0, serverType);
  }

  /** The same, connected, with a topic for the next message. */
  async names(topic: string): Promise<void> {
    await this.sends(`AT+CMQTTTOPIC=0,${topic.length}`, topic, 'OK');
  }
}
