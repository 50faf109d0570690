/** Runs deeds on the simulated iPhone in real time with the truth voice and raw logs, and compares what came of them. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { createEngine } from '../../electron/engine/engine.ts';
import { createNodeProcessHost } from '../../electron/engine/process-host.ts';
import type { CallInput } from '../../shared/contract/contract.ts';
import type { JournalEntry } from '../../shared/recording/entry.ts';
import { createIncidentReducer } from '../../shared/recovery/reduce.ts';
import { type Comparison, compare, type Deed, type Truth } from './compare.ts';
import type { DeedKind } from './deeds.ts';
import { packetOutages, readPacketLog, readSpeakerLog, speakerOutages } from './ground.ts';

const BENCH = 'simulated-iphone';
/** Two-way audio is steady this long before a deed, so that one deed's tail is not another's head. */
const STEADY_MILLISECONDS = 1500;
/** Long enough for consent, a receiver report and late milestones; then the incident counts as it stands. */
const LONGEST_RECOVERY_MILLISECONDS = 20_000;
const LONGEST_START_MILLISECONDS = 30_000;
/**
 * A deed's span begins this long before it, and so ends this long before the next, amid audio that has been back for 2 s: an
 * outage, whose last packet came a little earlier, and all of what a busy machine adds to it, belongs to one deed.
 */
const LEAD_MICROS = 1_000_000;

export interface LabOptions {
  /** Done one after the other in one call: all of them with CallKit, or none. */
  readonly kinds: readonly DeedKind[];
  /** Of each kind. */
  readonly repetitions: number;
  readonly onProgress?: (done: number) => void;
  /** Every entry as the engine published it. */
  readonly onEntry?: (entry: JournalEntry) => void;
  /** Where recording and raw logs go, and stay; default: a temporary folder that is removed. */
  readonly dataFolder?: string;
}

/** Kinds of deed, `repetitions` times each, in one call. Throws when the simulation cannot be had. */
export async function runDeeds(options: LabOptions): Promise<Comparison[]> {
  const callKit = options.kinds.some((kind) => kind.callKit);
  if (options.kinds.some((kind) => kind.callKit !== callKit)) throw new Error('one call has CallKit or has it not');
  const folder = options.dataFolder ?? (await mkdtemp(join(tmpdir(), 'sidetone-truth-')));
  const logs = {
    packetLog: join(folder, 'packets'),
    heardLog: join(folder, 'heard'),
    speakerLog: join(folder, 'speaker'),
  };
  const reducer = createIncidentReducer(BENCH);
  let flowing = { capture: false, render: false };

  const engine = await createEngine({
    dataFolder: folder,
    port: 0,
    host: createNodeProcessHost(),
    simulation: true,
    version: 'truth',
    pageFolder: folder,
    log: { info: () => undefined, warning: (line) => console.error(line) },
    laboratory: { voice: 'sweep', ...logs },
  });
  const deeds: Deed[] = [];
  try {
    engine.onEntries((entries) => {
      for (const entry of entries) {
        reducer.push(entry);
        options.onEntry?.(entry);
        if (entry.type !== 'event' || entry.deviceId !== 'iphone-app') continue;
        if (entry.event.kind === 'tx.flow') flowing = { ...flowing, capture: entry.event.data.to === 'flowing' };
        if (entry.event.kind === 'rx.flow') flowing = { ...flowing, render: entry.event.data.to === 'flowing' };
      }
    });
    // Configured before anything runs: a phone that is restarted would share its speaker log with the one before.
    await call(engine, 'bench.configure', {
      benchId: BENCH,
      policy: 'careful',
      os: '26',
      callKit,
    });
    const active = engine.holdActive('truth run');
    await until(() => flowing.capture && flowing.render, LONGEST_START_MILLISECONDS, 'the call did not come up');
    await wait(STEADY_MILLISECONDS);
    const sequence = options.kinds.flatMap((kind) => Array.from({ length: options.repetitions }, () => kind));
    for (const [index, kind] of sequence.entries()) {
      const from = engine.now() - LEAD_MICROS;
      for (const step of kind.steps) {
        await call(engine, 'bench.inject', { benchId: BENCH, does: step.does, params: { ...step.params } });
        await wait(step.thenWaitMilliseconds);
      }
      const closed = (): boolean => {
        const mine = reducer.incidents().filter((incident) => incident.beganAt >= from);
        return mine.length > 0 && mine.every((incident) => incident.state !== 'open' && incident.state !== 'held');
      };
      await until(closed, LONGEST_RECOVERY_MILLISECONDS, undefined);
      await wait(STEADY_MILLISECONDS);
      deeds.push({ kind: kind.name, onPath: kind.onPath, from, to: engine.now() - LEAD_MICROS });
      options.onProgress?.(index + 1);
    }
    active.dispose();
  } finally {
    await engine.dispose();
  }
  try {
    const packets = readPacketLog(await readFile(logs.packetLog, 'utf8'));
    const truth: Truth = {
      speaker: speakerOutages(readSpeakerLog(await readFile(logs.speakerLog))),
      uplink: packetOutages(packets, 'uplink'),
      farEnd: speakerOutages(readSpeakerLog(await readFile(logs.heardLog))),
    };
    return deeds.map((deed) => compare(deed, reducer.incidents(), truth));
  } finally {
    if (options.dataFolder === undefined) await rm(folder, { recursive: true, force: true });
  }
}

type Engine = Awaited<ReturnType<typeof createEngine>>;

async function call<N extends 'bench.configure' | 'bench.inject'>(
  engine: Engine,
  name: N,
  input: CallInput<N>,
): Promise<void> {
  const result = await engine.call(name, input);
  if (!result.ok) throw new Error(`${name}: ${result.error.message}`);
}

/** Polls until `ready`; after the limit throws `otherwise`, or gives up quietly when there is none. */
async function until(ready: () => boolean, limitMilliseconds: number, otherwise: string | undefined): Promise<void> {
  const giveUpAt = Date.now() + limitMilliseconds;
  while (!ready()) {
    if (Date.now() > giveUpAt) {
      if (otherwise === undefined) return;
      throw new Error(otherwise);
    }
    await wait(50);
  }
}
