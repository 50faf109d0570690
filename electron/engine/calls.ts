/** The contract's calls, one after the other: what each does, and what it says when it cannot. Input is valid already. */
import type { CallInput, CallOutput, ContractError } from '../../shared/contract/contract.ts';
import type { Library } from '../../shared/scenario/library.ts';
import type { CallResult, EngineCallName, PageBackend } from './http/channel.ts';
import { bad, good, type Result } from './lifecycle.ts';
import type { Recorder } from './recorder/recorder.ts';
import type { Runs } from './runs.ts';
import { scenarioInfo } from './scenarios.ts';
import type { SessionRecording } from './session-recording.ts';
import { SIMULATED_BENCH, type Simulation } from './simulation.ts';

export interface CallSources {
  readonly library: Library;
  readonly recorder: Pick<Recorder, 'listRecordings' | 'deleteRecording'>;
  readonly recording: SessionRecording;
  readonly runs: Runs;
  readonly simulation: Simulation | undefined;
  readonly inject: (
    benchId: string,
    does: string,
    params: CallInput<'bench.inject'>['params'],
  ) => Result<{ readonly injectId: string }, ContractError>;
  readonly recordingsChanged: () => Promise<void>;
}

type Handlers = { readonly [N in EngineCallName]: (input: CallInput<N>) => Promise<CallResult<N>> | CallResult<N> };

export function createCalls(sources: CallSources): PageBackend['call'] {
  const { library, recorder, recording, runs } = sources;

  const simulationOf = (benchId: string): Result<Simulation, ContractError> => {
    if (benchId === SIMULATED_BENCH && sources.simulation !== undefined) return good(sources.simulation);
    const message =
      sources.simulation === undefined
        ? 'the simulation is switched off (--no-simulation)'
        : `only ${SIMULATED_BENCH} can be configured and restarted from here`;
    return bad({ code: 'not-simulated', message });
  };
  const nothing: CallOutput['bench.restart'] = {};

  const handlers: Handlers = {
    'bench.inject': ({ benchId, does, params }) => sources.inject(benchId, does, params),
    'bench.configure': ({ benchId, ...wish }) => {
      const simulation = simulationOf(benchId);
      if (!simulation.ok) return simulation;
      if (runs.progressOf(benchId) !== undefined) return runActive();
      const profile = simulation.value.profileWith(wish);
      if (!profile.ok) return profile;
      simulation.value.configure(profile.value);
      return good(nothing);
    },
    'bench.restart': ({ benchId }) => {
      const simulation = simulationOf(benchId);
      if (!simulation.ok) return simulation;
      if (runs.progressOf(benchId) !== undefined) runs.stop(benchId, 'the phone was restarted');
      simulation.value.restart();
      return good(nothing);
    },
    'scenario.list': () => good({ scenarios: library.scenarios.map(scenarioInfo) }),
    'scenario.run': (input) => runs.start(input),
    'scenario.stop': ({ benchId }) => {
      const stopped = runs.stop(benchId, 'stopped by the user');
      return stopped.ok ? good(nothing) : stopped;
    },
    'recording.list': async () => good({ recordings: await recorder.listRecordings() }),
    'recording.start': () => recording.start(),
    'recording.stop': async () => {
      const stopped = await recording.stop();
      return stopped.ok ? good(nothing) : stopped;
    },
    'recording.delete': async ({ recordingId }) => {
      const deleted = await recorder.deleteRecording(recordingId);
      if (!deleted.ok) return bad({ code: deleted.error.code, message: deleted.error.message });
      await sources.recordingsChanged();
      return good(nothing);
    },
  };

  return async (name, input) => handlers[name](input);
}

const runActive = (): Result<never, ContractError> =>
  bad({ code: 'run-active', message: 'a scenario is running here: stop it first' });
