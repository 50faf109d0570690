/**
 * A scenario file read: every problem at once, each with line, column, what is wrong and what is allowed. Never throws.
 * README.md beside this file describes the format.
 */
import { OS_VERSIONS, type OsVersion, POLICIES } from '../iphone/interface.ts';
import { fromSeconds, type Micros } from '../time/time.ts';
import { EVENT_KINDS, type EventKind, eventKinds } from '../wire/kinds.ts';
import { MAX_TEXT_LENGTH } from '../wire/limits.ts';
import { cause, fidelity } from '../wire/values.ts';
import { unknownWord } from './nearest.ts';
import { type Located, Reader } from './reader.ts';
import {
  type Expectation,
  MAX_REPEAT,
  MAX_STEPS,
  type OrReference,
  type Parameter,
  type Scalar,
  type Scenario,
  type ScenarioApp,
  type ScenarioProblem,
  type Step,
} from './scenario.ts';
import { STIMULI } from './stimuli.ts';
import { ruleInWords, toParameter, Values } from './values.ts';

export type ParsedScenario =
  | { readonly ok: true; readonly scenario: Scenario }
  | { readonly ok: false; readonly problems: readonly ScenarioProblem[] };

const HEADER_KEYS = [
  'id',
  'name',
  'title',
  'description',
  'app',
  'os',
  'fidelity',
  'from',
  'parameters',
  'steps',
  'expect',
  'repeat',
];
const EXPECT_KEYS = ['cause', 'recoveredWithin', 'deadAirAtMost', 'notRecovered', 'byUser', 'notAffected', 'state'];
const STATES = ['recovered', 'notRecovered', 'notAffected', 'held', 'unfinished'] as const;
const USER_ACTIONS = eventKinds['user.action'].data.shape.action.options;
/** An event-triggered step that does not say how long it waits gives up after this: long enough for ICE to fail. */
export const DEFAULT_WITHIN_SECONDS = 60;
/** What the simulated phone has when nobody says otherwise. */
export const DEFAULT_OS: OsVersion = '27';
/** Names become file names and command-line words. */
const NAME = /^[a-z0-9][a-z0-9-]{0,59}$/;
const PARAMETER_NAME = /^[A-Za-z][A-Za-z0-9]{0,39}$/;

export function parseScenario(text: string): ParsedScenario {
  const reader = new Reader();
  const root = reader.open(text);
  const scenario = root === undefined ? undefined : new Parse(reader).scenario(root);
  if (reader.problems.length > 0 || scenario === undefined) {
    const problems = [...reader.problems].sort((a, b) => a.line - b.line || a.column - b.column);
    return { ok: false, problems };
  }
  return { ok: true, scenario };
}

class Parse {
  readonly #reader: Reader;
  #values: Values;

  constructor(reader: Reader) {
    this.#reader = reader;
    this.#values = new Values(reader, {});
  }

  scenario(root: Located): Scenario | undefined {
    const keys = this.#reader.map(root, HEADER_KEYS, ['id', 'name', 'title', 'description', 'app', 'steps', 'expect']);
    if (keys === undefined) return undefined;
    const get = <T>(key: string, read: (at: Located) => T): T | undefined => {
      const at = keys.get(key);
      return at === undefined ? undefined : read(at);
    };
    const parameters = get('parameters', (at) => this.#readParameters(at)) ?? {};
    this.#values = new Values(this.#reader, parameters);
    const id = get('id', (at) => this.#matching(at, /^S\d{2,4}$/, 'S and two to four digits, such as S02'));
    const name = get('name', (at) =>
      this.#matching(at, NAME, 'lower-case words joined by dashes, such as pstn-reject'),
    );
    const title = get('title', (at) => this.#reader.text(at, 80));
    const description = get('description', (at) => this.#reader.text(at, MAX_TEXT_LENGTH));
    const app = get('app', (at) => this.#readApp(at));
    const os = get('os', (at) => this.#reader.choice(at, OS_VERSIONS));
    const level = get('fidelity', (at) => this.#reader.choice(at, fidelity.options));
    const from = get('from', (at) => this.#readFrom(at));
    const repeat = get('repeat', (at) => this.#reader.integer(at, 1, MAX_REPEAT));
    const steps = get('steps', (at) => this.#readSteps(at));
    const expect = get('expect', (at) => this.#readExpectations(at));
    if (!id || !name || !title || !description || !app || !steps || !expect) return undefined;
    return {
      id,
      name,
      title,
      description: description.replace(/\s+/g, ' '),
      app,
      os: os ?? DEFAULT_OS,
      fidelity: level ?? 'F0',
      from: from ?? [],
      repeat: repeat ?? 1,
      parameters,
      steps,
      expect,
    };
  }

  #matching(at: Located, pattern: RegExp, allowed: string): string | undefined {
    const value = this.#reader.text(at, 80);
    if (value === undefined || pattern.test(value)) return value;
    this.#reader.note('bad-value', at, `${JSON.stringify(value)} is not allowed: ${allowed}`);
    return undefined;
  }

  #readApp(at: Located): ScenarioApp | undefined {
    const keys = this.#reader.map(at, ['callKit', 'manualAudio', 'audioDevice', 'policy'], ['callKit']);
    const callKitAt = keys?.get('callKit');
    if (keys === undefined || callKitAt === undefined) return undefined;
    const manualAt = keys.get('manualAudio');
    const deviceAt = keys.get('audioDevice');
    const policyAt = keys.get('policy');
    const manualAudio = manualAt === undefined ? undefined : this.#reader.flag(manualAt);
    const audioDevice =
      deviceAt === undefined ? undefined : this.#reader.choice(deviceAt, ['audioUnit', 'audioEngine'] as const);
    return {
      callKit: this.#reader.flag(callKitAt) ?? false,
      policy: (policyAt === undefined ? undefined : this.#reader.choice(policyAt, POLICIES)) ?? 'careful',
      ...(manualAudio === undefined ? {} : { manualAudio }),
      ...(audioDevice === undefined ? {} : { audioDevice }),
    };
  }

  #readFrom(at: Located): readonly string[] {
    const rows = this.#reader.list(at, 50) ?? [];
    return rows.flatMap((row) => this.#matching(row, /^B\d{2,3}$/, 'rows of the bug catalogue, such as B07') ?? []);
  }

  #readParameters(at: Located): Readonly<Record<string, Parameter>> {
    const found: Record<string, Parameter> = Object.create(null) as Record<string, Parameter>;
    for (const [name, value] of this.#reader.map(at, 'any') ?? []) {
      if (!PARAMETER_NAME.test(name)) {
        this.#reader.note('bad-value', value, 'a parameter name is one word of letters and digits, such as ringFor');
        continue;
      }
      const scalar = this.#reader.scalar(value);
      if (scalar !== undefined) found[name] = toParameter(scalar);
    }
    return found;
  }

  #readSteps(at: Located): readonly Step[] | undefined {
    const rows = this.#reader.list(at, MAX_STEPS);
    if (rows === undefined) return undefined;
    if (rows.length === 0) this.#reader.note('missing', at, 'at least one step is needed');
    return rows.flatMap((row) => this.#readStep(row) ?? []);
  }

  #readStep(at: Located): Step | undefined {
    const keys = this.#reader.map(at, ['at', 'after', 'plus', 'do', 'with', 'title'], ['do']);
    const doAt = keys?.get('do');
    if (keys === undefined || doAt === undefined) return undefined;
    const does = this.#reader.text(doAt, 80);
    if (does === undefined) return undefined;
    const row = STIMULI.get(does);
    if (row === undefined) this.#reader.note('bad-value', doAt, unknownWord('stimulus', does, [...STIMULI.keys()]));
    const withAt = keys.get('with');
    const params: Record<string, OrReference<Scalar>> = {};
    if (row !== undefined) {
      const allowed = Object.keys(row.params);
      const given = withAt === undefined ? new Map<string, Located>() : this.#reader.map(withAt, allowed);
      for (const [name, rule] of Object.entries(row.params)) {
        const place = given?.get(name);
        const value = place === undefined ? undefined : this.#values.param(place, rule);
        if (value !== undefined) params[name] = value;
        if (place === undefined && rule.required) {
          this.#reader.note('missing', withAt ?? at, `${does} needs ${JSON.stringify(name)}: ${ruleInWords(rule)}`);
        }
      }
    }
    const trigger = this.#readTrigger(at, keys);
    const titleAt = keys.get('title');
    const title = titleAt === undefined ? undefined : this.#reader.text(titleAt, 80);
    if (row === undefined || trigger === undefined) return undefined;
    return { does, title: title ?? does, params, trigger, position: at.position };
  }

  #readTrigger(at: Located, keys: ReadonlyMap<string, Located>): Step['trigger'] | undefined {
    const timed = keys.get('at');
    const afterAt = keys.get('after');
    const plusAt = keys.get('plus');
    if ((timed === undefined) === (afterAt === undefined)) {
      this.#reader.note('bad-value', at, 'a step has either "at: <duration>" or "after: {event: ...}"');
      return undefined;
    }
    if (timed !== undefined) {
      if (plusAt !== undefined) this.#reader.note('unknown-key', plusAt, '"plus" goes with "after" only');
      const when = this.#values.duration(timed);
      return when === undefined ? undefined : { kind: 'at', at: when };
    }
    if (afterAt === undefined) return undefined;
    const inner = this.#reader.map(afterAt, ['event', 'where', 'within'], ['event']);
    const eventAt = inner?.get('event');
    if (inner === undefined || eventAt === undefined) return undefined;
    const name = this.#reader.text(eventAt, 80);
    const event = EVENT_KINDS.find((kind) => kind === name);
    if (event === undefined) {
      if (name !== undefined) this.#reader.note('bad-value', eventAt, unknownWord('event', name, EVENT_KINDS));
      return undefined;
    }
    const whereAt = inner.get('where');
    const withinAt = inner.get('within');
    const within = withinAt === undefined ? fromSeconds(DEFAULT_WITHIN_SECONDS) : this.#values.duration(withinAt);
    const plus = plusAt === undefined ? fromSeconds(0) : this.#values.duration(plusAt);
    const where = whereAt === undefined ? {} : this.#readWhere(whereAt, event);
    if (within === undefined || plus === undefined || where === undefined) return undefined;
    return { kind: 'after', event, where, within, plus };
  }

  #readWhere(at: Located, event: EventKind): Readonly<Record<string, Scalar>> | undefined {
    const shape: Readonly<
      Record<string, { safeParse(value: unknown): { success: boolean; error?: { issues: { message: string }[] } } }>
    > = eventKinds[event].data.shape;
    const keys = this.#reader.map(at, Object.keys(shape));
    if (keys === undefined) return undefined;
    const where: Record<string, Scalar> = {};
    for (const [name, place] of keys) {
      const value = this.#reader.scalar(place);
      if (value === undefined) continue;
      const checked = shape[name]?.safeParse(value);
      if (checked?.success === true) where[name] = value;
      else
        this.#reader.note(
          'bad-value',
          place,
          `${event} never has that value: ${checked?.error?.issues[0]?.message ?? ''}`,
        );
    }
    return where;
  }

  #readExpectations(at: Located): readonly Expectation[] | undefined {
    const rows = this.#reader.list(at, MAX_STEPS);
    if (rows === undefined) return undefined;
    if (rows.length === 0) this.#reader.note('missing', at, 'at least one expectation is needed');
    return rows.flatMap((row) => this.#readExpectation(row) ?? []);
  }

  #readExpectation(at: Located): Expectation | undefined {
    const keys = this.#reader.map(at, EXPECT_KEYS, ['cause']);
    const causeAt = keys?.get('cause');
    if (keys === undefined || causeAt === undefined) return undefined;
    if (keys.size < 2) {
      this.#reader.note('missing', at, `says nothing of the incident; add one of ${EXPECT_KEYS.slice(1).join(', ')}`);
    }
    const read = <K extends string, T>(key: K, how: (place: Located) => T | undefined): Partial<Record<K, T>> => {
      const place = keys.get(key);
      const value = place === undefined ? undefined : how(place);
      return value === undefined ? {} : ({ [key]: value } as Partial<Record<K, T>>);
    };
    const which = this.#reader.choice(causeAt, cause.options);
    const positive = (place: Located): true | undefined => {
      if (this.#reader.flag(place) === false) this.#reader.note('bad-value', place, 'say true or leave it out');
      return true;
    };
    const rest = {
      ...read('recoveredWithin', (place) => this.#values.duration(place)),
      ...read('deadAirAtMost', (place) => this.#readDeadAir(place)),
      ...read('notRecovered', positive),
      ...read('byUser', (place) => this.#reader.choice(place, USER_ACTIONS)),
      ...read('notAffected', positive),
      ...read('state', (place) => this.#reader.choice(place, STATES)),
    };
    return which === undefined ? undefined : { cause: which, ...rest, position: at.position };
  }

  #readDeadAir(at: Located): Expectation['deadAirAtMost'] {
    const plain = this.#reader.isMap(at) ? undefined : this.#values.duration(at);
    if (plain !== undefined) return { tx: plain, rx: plain };
    if (!this.#reader.isMap(at)) return undefined;
    const keys = this.#reader.map(at, ['tx', 'rx', 'both']);
    const value = (name: string): OrReference<Micros> | undefined => {
      const place = keys?.get(name);
      return place === undefined ? undefined : this.#values.duration(place);
    };
    const both = value('both');
    const tx = value('tx') ?? both;
    const rx = value('rx') ?? both;
    return { ...(tx === undefined ? {} : { tx }), ...(rx === undefined ? {} : { rx }) };
  }
}
