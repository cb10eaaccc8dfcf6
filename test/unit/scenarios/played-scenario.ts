/** A scenario that plays on a modem under test: time by hand, its YAML in the test, the host at a memory port. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ScenarioRun } from '../../../src/scenarios/scenario-run.js';
import type { Verdict } from '../../../src/scenarios/verdict.js';
import { ModemUnderTest, type Plan } from '../modem/modem-under-test.js';
import { temporaryFolder } from '../store/temporary.js';

export async function scenarioFile(yaml: string, name = 'test.yaml'): Promise<string> {
  const file = join(await temporaryFolder(), name);
  writeFileSync(file, yaml);
  return file;
}

export class PlayedScenario {
  private constructor(readonly test: ModemUnderTest) {}

  /** A module without echo that has booted: the scenario began with its power. */
  static async start(yaml: string, plan: Plan = {}, dialect = 'luat'): Promise<PlayedScenario> {
    const scenario = await scenarioFile(yaml);
    return new PlayedScenario(
      await ModemUnderTest.start(dialect, {
        scenario,
        settings: { E: 0 },
        broker: 'embedded:0',
        routes: ['*=embedded'],
        ...plan,
      }),
    );
  }

  get run(): ScenarioRun {
    return this.test.daemon.scenarios.get(this.test.modem.name)!;
  }

  get host() {
    return this.test.host;
  }

  passes(ms: number): Promise<void> {
    return this.test.passes(ms);
  }

  /** Each case as `ok name: message`, or `FAIL …`. It must be final already. */
  async verdict(): Promise<string[]> {
    if (!this.run.isFinal) throw new Error('the verdict is not final');
    return casesOf(await this.run.verdict);
  }

  /** The same, of a scenario that is ended here. */
  stopped(): string[] {
    return casesOf(this.run.stop());
  }
}

export const casesOf = ({ cases }: Pick<Verdict, 'cases'>): string[] =>
  cases.map(({ name, passed, message }) => `${passed ? 'ok' : 'FAIL'} ${name}: ${message}`);
