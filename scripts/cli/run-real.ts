/** A scenario in real time: an engine of our own with the simulated iPhone in a real WebRTC call. */
import { resolve } from 'node:path';
import type { RunResult } from '../../electron/engine/runs.ts';
import { SIMULATED_BENCH } from '../../electron/engine/simulation.ts';
import { incidentResult, type ScenarioResult, scenarioResult } from '../../shared/scenario/result.ts';
import { CommandError, EXIT, type Terminal } from './command.ts';
import type { RunPlan } from './run.ts';
import { type Session, startSession } from './session.ts';
import { progressBar } from './terminal.ts';
import { version } from './version.ts';

export async function runInRealTime(plan: RunPlan, terminal: Terminal): Promise<ScenarioResult> {
  terminal.progress('starting the simulated iPhone ...');
  // From the beginning, so that an early Ctrl-C leaves nothing behind either.
  const interruption = { asked: false, stop: (): void => undefined };
  const interrupting = terminal.onInterrupt(() => {
    if (!interruption.asked) terminal.say('sidetone: stopping ...');
    interruption.asked = true;
    interruption.stop();
  });
  const session = await startSession(
    {
      simulation: true,
      seed: plan.seed,
      recordByItself: plan.out !== undefined,
      dataFolder: plan.out === undefined ? undefined : resolve(plan.out),
    },
    terminal,
  );
  try {
    if (interruption.asked) throw new CommandError(EXIT.doneWithLoss, 'stopped before the run began');
    interruption.stop = () => void session.engine.call('scenario.stop', { benchId: SIMULATED_BENCH });
    const run = await play(session, plan, terminal);
    const losses = lossesOf(session, run);
    if (run.repetitions.length === 0 && run.problem !== undefined && run.problem.code !== 'stopped') {
      throw new CommandError(EXIT.notToBeHad, run.problem.message);
    }
    const header = {
      sidetone: version(),
      policy: plan.scenario.app.policy,
      os: plan.scenario.os,
      time: 'real',
      simulated: true,
      seed: plan.seed,
      losses,
    } as const;
    const runs = run.repetitions.map((one) => ({
      repetition: one.repetition,
      seed: plan.seed + one.repetition - 1,
      outcome: one.outcome,
      incidents: one.incidents.map(incidentResult),
      verdict: one.verdict,
    }));
    if (plan.out !== undefined) {
      const { recordingId, state } = session.engine.status().recording;
      // A failed one is among the losses, with its reason.
      if (state !== 'failed') {
        const folder = `${session.dataFolder}/recordings`;
        terminal.say(`recording kept: ${recordingId === undefined ? folder : `${folder}/${recordingId}.mcap`}`);
      }
    }
    return scenarioResult(plan.scenario, header, runs);
  } finally {
    await session.end();
    interrupting.dispose();
  }
}

async function play(session: Session, plan: RunPlan, terminal: Terminal): Promise<RunResult> {
  const { engine } = session;
  const ended = new Promise<RunResult>((done) => {
    const listening = engine.onRunEnded((result) => {
      listening.dispose();
      done(result);
    });
  });
  const began = performance.now();
  const showProgress = (): void => {
    const progress = engine.status().benches.find((bench) => bench.benchId === SIMULATED_BENCH)?.run;
    if (progress === undefined) return;
    const seconds = Math.round((performance.now() - began) / 1000);
    const share = (progress.repetition - 1) / progress.of;
    const bar = progress.of > 1 ? `${progressBar(share)} run ${progress.repetition} of ${progress.of}: ` : '';
    terminal.progress(`${bar}${progress.step} (${seconds} s)`);
  };
  const ticking = terminal.isInteractive ? setInterval(showProgress, 500) : undefined;
  try {
    const started = await engine.call('scenario.run', {
      benchId: SIMULATED_BENCH,
      scenario: plan.scenario.name,
      policy: plan.scenario.app.policy,
      os: plan.scenario.os,
      repeat: plan.repeat,
      seed: plan.seed,
      parameters: plan.parameters,
      ...(plan.text === undefined ? {} : { text: plan.text }),
    });
    if (!started.ok) throw new CommandError(EXIT.notToBeHad, started.error.message);
    return await ended;
  } finally {
    clearInterval(ticking);
    terminal.progress('');
  }
}

function lossesOf(session: Session, run: RunResult): readonly string[] {
  const { benches, recording, refusedFrames } = session.engine.status();
  const bench = benches.find((one) => one.benchId === SIMULATED_BENCH);
  const bad = bench?.devices.reduce((sum, device) => sum + device.badFrames, 0) ?? 0;
  return [
    ...(run.problem === undefined ? [] : [run.problem.message]),
    ...(bench?.problem === undefined ? [] : [bench.problem]),
    ...(bad + refusedFrames > 0 ? [`${bad + refusedFrames} frames of the phone could not be read`] : []),
    ...(recording.state === 'failed' ? [`the recording failed: ${recording.problem ?? 'no reason given'}`] : []),
  ];
}
