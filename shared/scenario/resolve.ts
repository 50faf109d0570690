/** Fills a scenario's parameters in, with what the command line or the page set instead. */
import { OS_VERSIONS, POLICIES } from '../iphone/interface.ts';
import { parseDuration } from '../time/duration.ts';
import { fromSeconds, type Micros, toMilliseconds } from '../time/time.ts';
import { unknownWord } from './nearest.ts';
import {
  isReference,
  MAX_STEP_TIME_SECONDS,
  type OrReference,
  type Parameter,
  type Position,
  type ResolvedExpectation,
  type ResolvedScenario,
  type ResolvedStep,
  type Scalar,
  type Scenario,
  type ScenarioProblem,
  type Step,
} from './scenario.ts';
import { STIMULI } from './stimuli.ts';
import { checkParam } from './values.ts';

export type Resolution =
  | { readonly ok: true; readonly scenario: ResolvedScenario }
  | { readonly ok: false; readonly problems: readonly ScenarioProblem[] };

const TOP: Position = { line: 1, column: 1 };

/** The app and the phone to use instead of what the file says. */
export interface AppWish {
  readonly policy?: string | undefined;
  readonly os?: string | undefined;
}

/**
 * `overrides` as typed: name to text (`ringFor` to `5s`). Unknown names, wrong types and unknown policies and versions are
 * problems that say what is known.
 */
export function resolveScenario(
  scenario: Scenario,
  overrides: Readonly<Record<string, string>> = {},
  wish: AppWish = {},
): Resolution {
  const problems: ScenarioProblem[] = [];
  const note = (code: ScenarioProblem['code'], position: Position, message: string): void => {
    problems.push({ code, line: position.line, column: position.column, message });
  };
  const policy = POLICIES.find((known) => known === (wish.policy ?? scenario.app.policy));
  if (policy === undefined) note('bad-value', TOP, unknownWord('policy', wish.policy ?? '', POLICIES));
  const os = OS_VERSIONS.find((known) => known === (wish.os ?? scenario.os));
  if (os === undefined) note('bad-value', TOP, unknownWord('OS version', wish.os ?? '', OS_VERSIONS));
  const parameters: Record<string, Parameter> = { ...scenario.parameters };
  for (const [name, text] of Object.entries(overrides)) {
    const old = Object.hasOwn(scenario.parameters, name) ? scenario.parameters[name] : undefined;
    if (old === undefined) {
      note('unknown-parameter', TOP, unknownWord('parameter', name, Object.keys(scenario.parameters)));
      continue;
    }
    const value = readAs(old.type, text);
    if (value === undefined) note('bad-value', TOP, `${name}=${text}: ${NEEDS[old.type]}`);
    else parameters[name] = value;
  }

  const duration = (value: OrReference<Micros>): Micros => {
    if (!isReference(value)) return value;
    const parameter = parameters[value.parameter];
    return parameter?.type === 'duration' ? parameter.micros : fromSeconds(0);
  };
  const scalar = (value: OrReference<Scalar>): Scalar => {
    if (!isReference(value)) return value;
    const parameter = parameters[value.parameter];
    if (parameter === undefined) return '';
    return parameter.type === 'duration' ? toMilliseconds(parameter.micros) : parameter.value;
  };

  let latest = 0;
  const step = (one: Step): ResolvedStep => {
    const params: Record<string, Scalar> = {};
    for (const [name, value] of Object.entries(one.params)) {
      params[name] = scalar(value);
      const rule = STIMULI.get(one.does)?.params[name];
      const wrong = rule === undefined ? undefined : checkParam(params[name], rule);
      if (wrong !== undefined) note('bad-value', one.position, `${name}: ${wrong}`);
    }
    if (one.trigger.kind === 'after') {
      const { within, plus } = one.trigger;
      return { ...one, params, trigger: { ...one.trigger, within: duration(within), plus: duration(plus) } };
    }
    const at = duration(one.trigger.at);
    if (at < latest) {
      note(
        'order',
        one.position,
        `step "${one.title}" at ${at / 1000} ms stands after one at ${latest / 1000} ms: steps go in order of time`,
      );
    }
    latest = Math.max(latest, at);
    return { ...one, params, trigger: { kind: 'at', at } };
  };
  const steps = scenario.steps.map(step);
  const expect = scenario.expect.map((one): ResolvedExpectation => {
    const { recoveredWithin, deadAirAtMost, ...rest } = one;
    const { tx, rx } = deadAirAtMost ?? {};
    return {
      ...rest,
      ...(recoveredWithin === undefined ? {} : { recoveredWithin: duration(recoveredWithin) }),
      ...(deadAirAtMost === undefined
        ? {}
        : {
            deadAirAtMost: {
              ...(tx === undefined ? {} : { tx: duration(tx) }),
              ...(rx === undefined ? {} : { rx: duration(rx) }),
            },
          }),
    };
  });
  if (problems.length > 0 || policy === undefined || os === undefined) return { ok: false, problems };
  const app = { ...scenario.app, policy };
  return { ok: true, scenario: { ...scenario, app, os, parameters, steps, expect } };
}

const NEEDS: Readonly<Record<Parameter['type'], string>> = {
  duration: `a duration with a unit from 0s to ${MAX_STEP_TIME_SECONDS}s is needed, such as 250ms or 3.3s`,
  number: 'a number is needed',
  flag: 'true or false is needed',
  text: 'a text is needed',
};

function readAs(type: Parameter['type'], text: string): Parameter | undefined {
  switch (type) {
    case 'duration': {
      const value = parseDuration(text);
      if (value === undefined || value < 0 || value > fromSeconds(MAX_STEP_TIME_SECONDS)) return undefined;
      return { type, micros: value };
    }
    case 'number': {
      const value = Number(text);
      return text.trim() === '' || !Number.isFinite(value) ? undefined : { type, value };
    }
    case 'flag':
      return text === 'true' || text === 'false' ? { type, value: text === 'true' } : undefined;
    case 'text':
      return { type, value: text };
  }
}
