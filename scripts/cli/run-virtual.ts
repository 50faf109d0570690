/** A scenario in virtual time: the model alone, as fast as it goes. */
import type { ScenarioResult } from '../../shared/scenario/result.ts';
import { runVirtualScenario } from '../../shared/scenario/virtual.ts';
import type { Terminal } from './command.ts';
import type { RunPlan } from './run.ts';
import { progressBar } from './terminal.ts';
import { version } from './version.ts';

export function runInVirtualTime(plan: RunPlan, terminal: Terminal): ScenarioResult {
  return runVirtualScenario(plan.scenario, {
    seed: plan.seed,
    repeat: plan.repeat,
    sidetone: version(),
    onRepetition: (done) => terminal.progress(`${progressBar(done / plan.repeat)} run ${done} of ${plan.repeat}`),
  });
}
