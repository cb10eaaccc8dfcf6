/** Steps that wait for steps: which can never come. Pure. */
import type { ScenarioStep } from '../scenarios/scenario.js';

/** Those that wait, over others, for themselves. */
export function cyclesIn(steps: readonly ScenarioStep[]): readonly ScenarioStep[] {
  const byId = new Map(steps.map(step => [step.id, step]));
  return steps.filter(step => {
    const seen = new Set<ScenarioStep>();
    for (let at = byId.get(step.when.after); at && !seen.has(at); at = byId.get(at.when.after)) {
      if (at === step) return true;
      seen.add(at);
    }
    return false;
  });
}
