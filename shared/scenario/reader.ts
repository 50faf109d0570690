/**
 * YAML with positions: hands out maps, lists and scalars and collects every problem with its line and column, so that a
 * person mends a file in one go. Anchors, aliases and tags are refused: a scenario has no use for them.
 */
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import { unknownWord } from './nearest.ts';
import { MAX_SCENARIO_CHARACTERS, type Position, type Scalar, type ScenarioProblem } from './scenario.ts';

/** A place in the file and what stands there. */
export interface Located {
  readonly node: unknown;
  readonly position: Position;
  /** `steps[2].at`, for messages. */
  readonly path: string;
}

export class Reader {
  readonly problems: ScenarioProblem[] = [];
  readonly #lines = new LineCounter();

  /** The document's root, or undefined with the problem noted. Never throws. */
  open(text: string): Located | undefined {
    if (text.length > MAX_SCENARIO_CHARACTERS) {
      this.#note(
        'too-large',
        { line: 1, column: 1 },
        `the file has ${text.length} characters; at most ${MAX_SCENARIO_CHARACTERS} are read`,
      );
      return undefined;
    }
    try {
      const document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false, logLevel: 'error' });
      for (const error of [...document.errors, ...document.warnings]) {
        this.#note('not-yaml', this.#at(error.pos[0]), firstLine(error.message));
      }
      if (document.errors.length > 0) return undefined;
      const root = { node: document.contents, position: this.#positionOf(document.contents), path: '' };
      return root;
    } catch (error) {
      // The parser recurses: absurd nesting exhausts the stack.
      this.#note('not-yaml', { line: 1, column: 1 }, `not readable as YAML: ${firstLine(String(error))}`);
      return undefined;
    }
  }

  note(code: ScenarioProblem['code'], at: Located | Position, message: string): void {
    if ('node' in at) this.#note(code, at.position, at.path === '' ? message : `${at.path}: ${message}`);
    else this.#note(code, at, message);
  }

  /** The entries of a map whose keys are all allowed; unknown and doubled keys are noted. */
  map(
    at: Located,
    allowed: readonly string[] | 'any',
    required: readonly string[] = [],
  ): ReadonlyMap<string, Located> | undefined {
    if (!isMap(at.node)) {
      this.note(
        'bad-value',
        at,
        `must be a map${allowed === 'any' ? '' : ` with the keys ${allowed.join(', ')}`}, not ${describe(at.node)}`,
      );
      return undefined;
    }
    const entries = new Map<string, Located>();
    for (const pair of at.node.items) {
      const key = isScalar(pair.key) ? String(pair.key.value) : undefined;
      const position = this.#positionOf(pair.key, at.position);
      if (key === undefined) {
        this.note('unknown-key', { ...at, position }, 'a key must be a word');
        continue;
      }
      const path = at.path === '' ? key : `${at.path}.${key}`;
      if (allowed !== 'any' && !allowed.includes(key)) {
        this.note('unknown-key', { ...at, position }, unknownWord('key', key, allowed));
        continue;
      }
      entries.set(key, { node: pair.value, position: this.#positionOf(pair.value, position), path });
    }
    for (const key of required) {
      if (!entries.has(key)) this.note('missing', at, `${JSON.stringify(key)} is missing`);
    }
    return entries;
  }

  isMap(at: Located): boolean {
    return isMap(at.node);
  }

  list(at: Located, most: number): readonly Located[] | undefined {
    if (!isSeq(at.node)) {
      this.note('bad-value', at, `must be a list, not ${describe(at.node)}`);
      return undefined;
    }
    if (at.node.items.length > most) {
      this.note('too-large', at, `has ${at.node.items.length} entries; at most ${most} are allowed`);
      return undefined;
    }
    return at.node.items.map((node, index) => ({
      node,
      position: this.#positionOf(node, at.position),
      path: `${at.path}[${index}]`,
    }));
  }

  scalar(at: Located): Scalar | undefined {
    if (isScalar(at.node)) {
      const value: unknown = at.node.value;
      if (typeof value === 'string' || typeof value === 'boolean') return value;
      if (typeof value === 'number' && Number.isFinite(value)) return value;
    }
    this.note('bad-value', at, `must be a text, a number, true or false, not ${describe(at.node)}`);
    return undefined;
  }

  text(at: Located, most: number): string | undefined {
    const value = isScalar(at.node) ? at.node.value : undefined;
    if (typeof value === 'string' && value.trim() !== '' && value.length <= most) return value.trim();
    this.note('bad-value', at, `must be a text of 1 to ${most} characters, not ${describe(at.node)}`);
    return undefined;
  }

  choice<T extends string>(at: Located, of: readonly T[]): T | undefined {
    const value = isScalar(at.node) ? String(at.node.value) : undefined;
    const found = of.find((word) => word === value);
    if (found === undefined) {
      this.note(
        'bad-value',
        at,
        value === undefined ? `must be one of ${of.join(', ')}` : unknownWord('', value, of).trim(),
      );
    }
    return found;
  }

  flag(at: Located): boolean | undefined {
    const value = isScalar(at.node) ? at.node.value : undefined;
    if (typeof value === 'boolean') return value;
    this.note('bad-value', at, `must be true or false, not ${describe(at.node)}`);
    return undefined;
  }

  integer(at: Located, least: number, most: number): number | undefined {
    const value = isScalar(at.node) ? at.node.value : undefined;
    if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
    this.note('bad-value', at, `must be a whole number from ${least} to ${most}, not ${describe(at.node)}`);
    return undefined;
  }

  #note(code: ScenarioProblem['code'], position: Position, message: string): void {
    this.problems.push({ code, line: position.line, column: position.column, message });
  }

  #at(offset: number): Position {
    const { line, col } = this.#lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  }

  #positionOf(node: unknown, otherwise: Position = { line: 1, column: 1 }): Position {
    const range =
      typeof node === 'object' && node !== null && 'range' in node
        ? (node.range as readonly number[] | null)
        : undefined;
    const offset = range?.[0];
    return offset === undefined ? otherwise : this.#at(offset);
  }
}

const firstLine = (text: string): string => text.split('\n', 1)[0]?.slice(0, 300) ?? '';

function describe(node: unknown): string {
  if (node === null || node === undefined) return 'nothing';
  if (isMap(node)) return 'a map';
  if (isSeq(node)) return 'a list';
  if (isAlias(node)) return 'an alias (aliases are not supported)';
  if (isScalar(node)) return node.value === null ? 'nothing' : (JSON.stringify(node.value)?.slice(0, 60) ?? 'that');
  return 'that';
}
