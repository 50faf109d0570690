/** Values that may stand for a parameter: `3.3s` or `$ringFor`. */
import { parseDuration } from '../time/duration.ts';
import { fromSeconds, type Micros } from '../time/time.ts';
import { unknownWord } from './nearest.ts';
import type { Located, Reader } from './reader.ts';
import { MAX_STEP_TIME_SECONDS, type OrReference, type Parameter, type Scalar } from './scenario.ts';
import type { ParamRule } from './stimuli.ts';

export class Values {
  readonly #reader: Reader;
  readonly #parameters: Readonly<Record<string, Parameter>>;

  constructor(reader: Reader, parameters: Readonly<Record<string, Parameter>>) {
    this.#reader = reader;
    this.#parameters = parameters;
  }

  /** `3.3s`, `250ms`, `2m` or `$name` of a parameter that is a duration. */
  duration(at: Located): OrReference<Micros> | undefined {
    const value = this.#reader.scalar(at);
    if (value === undefined) return undefined;
    if (typeof value === 'string' && value.startsWith('$')) return this.#reference(at, value, 'duration');
    const parsed = typeof value === 'string' ? parseDuration(value) : undefined;
    if (parsed === undefined) {
      this.#reader.note(
        'bad-value',
        at,
        `${JSON.stringify(value)} is not a duration: a number with a unit (us, ms, s, m) such as 250ms or 3.3s`,
      );
    } else if (parsed < 0 || parsed > fromSeconds(MAX_STEP_TIME_SECONDS)) {
      this.#reader.note('bad-value', at, `must be between 0s and ${MAX_STEP_TIME_SECONDS}s`);
    }
    return parsed;
  }

  #reference(at: Located, word: string, type: Parameter['type']): { readonly parameter: string } | undefined {
    const parameter = word.slice(1);
    const known = Object.keys(this.#parameters);
    const found = known.includes(parameter) ? this.#parameters[parameter] : undefined;
    if (found === undefined) {
      const allowed = known.length === 0 ? '; this file has no parameters' : '';
      this.#reader.note('unknown-parameter', at, `${unknownWord('parameter', parameter, known)}${allowed}`);
      return undefined;
    }
    if (found.type !== type) {
      this.#reader.note('bad-value', at, `parameter ${parameter} is a ${found.type}, but a ${type} is needed here`);
    }
    return { parameter };
  }

  param(at: Located, rule: ParamRule): OrReference<Scalar> | undefined {
    const value = this.#reader.scalar(at);
    if (value === undefined) return undefined;
    if (typeof value === 'string' && value.startsWith('$')) {
      return this.#reference(at, value, rule.type === 'choice' ? 'text' : rule.type);
    }
    const problem = checkParam(value, rule);
    if (problem === undefined) return value;
    this.#reader.note('bad-value', at, problem);
    return undefined;
  }
}

/** A text that reads as a duration is one; anything else stays what YAML made of it. */
export function toParameter(scalar: Scalar): Parameter {
  if (typeof scalar === 'number') return { type: 'number', value: scalar };
  if (typeof scalar === 'boolean') return { type: 'flag', value: scalar };
  const duration = parseDuration(scalar);
  return duration === undefined ? { type: 'text', value: scalar } : { type: 'duration', micros: duration };
}

/** What is wrong with the value, or undefined. */
export function checkParam(value: Scalar, rule: ParamRule): string | undefined {
  const fits =
    rule.type === 'flag'
      ? typeof value === 'boolean'
      : rule.type === 'number'
        ? typeof value === 'number' && value >= rule.least && value <= rule.most
        : typeof value === 'string' && rule.of.includes(value);
  return fits ? undefined : `${JSON.stringify(value)} is not allowed: ${ruleInWords(rule)}`;
}

export const ruleInWords = (rule: ParamRule): string =>
  rule.type === 'flag'
    ? 'true or false'
    : rule.type === 'number'
      ? `a number from ${rule.least} to ${rule.most}`
      : `one of ${rule.of.join(', ')}`;
