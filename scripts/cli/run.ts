/** `sidetone run`: plays a scenario, in real time against the simulated call or in virtual time, and judges it. */
import { readFile, writeFile } from 'node:fs/promises';
import { readLibrary } from '../../electron/engine/scenarios.ts';
import { OS_VERSIONS, POLICIES } from '../../shared/iphone/interface.ts';
import { toJUnit } from '../../shared/scenario/junit.ts';
import { findScenario, formatProblem, unknownScenario } from '../../shared/scenario/library.ts';
import { parseScenario } from '../../shared/scenario/parse.ts';
import { resolveScenario } from '../../shared/scenario/resolve.ts';
import type { ScenarioResult } from '../../shared/scenario/result.ts';
import {
  MAX_REPEAT,
  MAX_SCENARIO_CHARACTERS,
  type ResolvedScenario,
  type Scenario,
} from '../../shared/scenario/scenario.ts';
import {
  type Command,
  CommandError,
  EXIT,
  type ExitStatus,
  flagOption,
  type OptionValues,
  textOption,
  usageError,
  wholeNumber,
} from './command.ts';
import { reportLines } from './report.ts';

export interface RunPlan {
  readonly scenario: ResolvedScenario;
  /** The file's own text, when it is not one of the library. */
  readonly text: string | undefined;
  readonly parameters: Readonly<Record<string, string>>;
  readonly repeat: number;
  readonly seed: number;
  /** Where recordings are kept. */
  readonly out: string | undefined;
}

const MAX_SEED = 2 ** 31 - 1;

export const run: Command = {
  name: 'run',
  usage:
    'run <id, name or file.yaml> [--policy P] [--os V] [--time real|virtual] [--repeat N] [--seed S] [--set name=value] [--json] [--junit FILE] [--out DIR]',
  summary: 'run a scenario on the simulated iPhone, show the recovery and judge it',
  options: {
    policy: { type: 'string', value: 'P', help: `the app's way with interruptions: ${POLICIES.join(', ')}` },
    os: { type: 'string', value: 'V', help: `iOS version: ${OS_VERSIONS.join(', ')}` },
    time: {
      type: 'string',
      value: 'T',
      help: 'real (a real WebRTC call; default) or virtual (the model alone, at once)',
    },
    repeat: { type: 'string', value: 'N', help: 'how many times' },
    seed: {
      type: 'string',
      value: 'S',
      help: 'start of the random numbers (default 1); the same seed gives the same virtual run',
    },
    set: {
      type: 'string',
      multiple: true,
      value: 'NAME=VALUE',
      help: 'a parameter of the scenario, such as ringFor=5s; may be repeated',
    },
    json: { type: 'boolean', help: 'one JSON document on stdout, times in milliseconds' },
    junit: { type: 'string', value: 'FILE', help: 'also write JUnit XML' },
    out: { type: 'string', value: 'DIR', help: 'keep the recording, in DIR/recordings (real time)' },
  },
  words: { least: 1, most: 1 },
  async run(values, words, terminal) {
    const time = textOption(values, 'time') ?? 'real';
    if (time !== 'real' && time !== 'virtual') throw usageError(`--time ${time}: real or virtual is needed`);
    const plan = await makePlan(values, words[0] ?? '');
    if (time === 'virtual' && plan.out !== undefined)
      throw usageError('--out: only a run in real time makes a recording; leave out --out or --time virtual');
    // Loaded only now: the engine takes a second to load on a busy machine, and help should not.
    const result =
      time === 'real'
        ? await (await import('./run-real.ts')).runInRealTime(plan, terminal)
        : (await import('./run-virtual.ts')).runInVirtualTime(plan, terminal);
    terminal.progress('');
    if (flagOption(values, 'json')) terminal.print(JSON.stringify(result, undefined, 2));
    else for (const line of reportLines(result)) terminal.print(line);
    // After the result, which must not be lost for want of a folder.
    const junit = textOption(values, 'junit');
    if (junit !== undefined) await writeOrFail(junit, toJUnit([result]));
    return statusOf(result);
  },
};

export function statusOf(result: ScenarioResult): ExitStatus {
  if (result.verdict === 'failed') {
    // Nothing to judge was reached in any repetition: the call itself could not be had.
    return result.runs.every((one) => one.outcome.kind === 'noCall') ? EXIT.notToBeHad : EXIT.judgedBad;
  }
  return result.verdict === 'notJudged' || result.losses.length > 0 ? EXIT.doneWithLoss : EXIT.good;
}

async function makePlan(values: OptionValues, word: string): Promise<RunPlan> {
  const { scenario, text } = await findOrRead(word);
  const parameters = readSettings(values);
  const wish = { policy: textOption(values, 'policy'), os: textOption(values, 'os') };
  const resolved = resolveScenario(scenario, parameters, wish);
  if (!resolved.ok) throw usageError(resolved.problems.map((problem) => problem.message).join('\n'));
  return {
    scenario: resolved.scenario,
    text,
    parameters,
    repeat: wholeNumber(values, 'repeat', 1, MAX_REPEAT) ?? resolved.scenario.repeat,
    seed: wholeNumber(values, 'seed', 0, MAX_SEED) ?? 1,
    out: textOption(values, 'out'),
  };
}

/** A word with a dot or a slash is a file; anything else an id or name of the library. */
async function findOrRead(word: string): Promise<{ scenario: Scenario; text: string | undefined }> {
  if (!/[./\\]/.test(word)) {
    const library = await readLibrary();
    const scenario = findScenario(library, word);
    if (scenario === undefined) throw usageError(unknownScenario(library, word));
    return { scenario, text: undefined };
  }
  let text: string;
  try {
    text = await readFile(word, 'utf8');
  } catch (error) {
    throw usageError(`${word} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  const parsed = parseScenario(text.slice(0, MAX_SCENARIO_CHARACTERS + 1));
  if (!parsed.ok)
    throw usageError(
      ['the scenario is not right:', ...firstOf(parsed.problems.map((problem) => formatProblem(word, problem)))].join(
        '\n',
      ),
    );
  return { scenario: parsed.scenario, text };
}

function readSettings(values: OptionValues): Readonly<Record<string, string>> {
  const settings: Record<string, string> = {};
  for (const setting of Array.isArray(values['set']) ? values['set'] : []) {
    const at = String(setting).indexOf('=');
    if (at < 1) throw usageError(`--set ${String(setting)}: name=value is needed, such as ringFor=5s`);
    settings[String(setting).slice(0, at)] = String(setting).slice(at + 1);
  }
  return settings;
}

async function writeOrFail(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CommandError(EXIT.notToBeHad, `${file} cannot be written: ${reason}`);
  }
}

/** A file that is no scenario at all has a complaint for every line; the first few say what is wrong. */
const MOST_PROBLEMS = 10;
const firstOf = (problems: readonly string[]): readonly string[] =>
  problems.length <= MOST_PROBLEMS
    ? problems
    : [...problems.slice(0, MOST_PROBLEMS), `and ${problems.length - MOST_PROBLEMS} more`];
