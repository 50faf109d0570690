import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromMilliseconds, fromSeconds } from '../time/time.ts';
import { findScenario, loadLibrary, unknownScenario } from './library.ts';
import { parseScenario } from './parse.ts';
import { resolveScenario } from './resolve.ts';
import type { Scenario } from './scenario.ts';

const folder = fileURLToPath(new URL('./library/', import.meta.url));
const files = readdirSync(folder)
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => ({ name, text: readFileSync(`${folder}${name}`, 'utf8') }));

const GOOD = `id: S99
name: try-it
title: Try it
description: Only for the test.
app: { callKit: false }
parameters: { ringFor: 3s }
steps:
  - { at: 0s, do: phone.ring }
  - { at: $ringFor, do: phone.decline }
expect:
  - { cause: phoneCall, recoveredWithin: 1.5s }
`;

const read = (text: string): Scenario => {
  const parsed = parseScenario(text);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.scenario;
};
const problems = (text: string) => {
  const parsed = parseScenario(text);
  return parsed.ok ? [] : parsed.problems;
};

describe('the scenario library', () => {
  it('reads without a problem and holds the eleven scenarios by id and name', () => {
    const library = loadLibrary(files);
    expect(library.problems).toEqual([]);
    expect(library.scenarios.map((one) => `${one.id} ${one.name}`)).toEqual([
      'S02 pstn-reject',
      'S03 pstn-answer-local-hangup',
      'S05 hold-accept-local-end',
      'S06 hold-accept-remote-end',
      'S11 siri-short',
      'S13 alarm-dismiss',
      'S23 airpods-connect',
      'S24 airpods-into-case',
      'S57 path-blackhole-8s',
      'S58 path-blackhole-35s',
      'S59 suspension-nat-rebind',
    ]);
  });

  it('fills its own parameters in', () => {
    for (const scenario of loadLibrary(files).scenarios) {
      const resolved = resolveScenario(scenario);
      expect(resolved.ok, scenario.name).toBe(true);
    }
  });

  it('finds a scenario by id or name in any case, and guesses at a slip', () => {
    const library = loadLibrary(files);
    expect(findScenario(library, 's02')?.name).toBe('pstn-reject');
    expect(findScenario(library, 'PSTN-Reject')?.id).toBe('S02');
    expect(findScenario(library, 'pstn-rejct')).toBeUndefined();
    expect(unknownScenario(library, 'pstn-rejct')).toContain('did you mean pstn-reject?');
    expect(unknownScenario(library, 'pstn-rejct')).toContain('S57 path-blackhole-8s');
  });

  it('refuses a second scenario with an id that is taken', () => {
    const library = loadLibrary([
      { name: 'a.yaml', text: GOOD },
      { name: 'b.yaml', text: GOOD },
    ]);
    expect(library.scenarios).toHaveLength(1);
    expect(library.problems[0]?.file).toBe('b.yaml');
  });
});

describe('a good file', () => {
  it('keeps times, references and expectations', () => {
    const scenario = read(GOOD);
    expect(scenario.steps[1]?.trigger).toEqual({ kind: 'at', at: { parameter: 'ringFor' } });
    expect(scenario.expect[0]).toMatchObject({ cause: 'phoneCall', recoveredWithin: fromSeconds(1.5) });
    expect(scenario).toMatchObject({ os: '27', fidelity: 'F0', repeat: 1, app: { policy: 'careful' } });
  });

  it('can wait for an event, with conditions, a limit and a delay', () => {
    const scenario = read(
      GOOD.replace(
        '{ at: $ringFor, do: phone.decline }',
        '{ after: { event: session.interruption, where: { type: began }, within: 5s }, plus: 250ms, do: phone.decline }',
      ),
    );
    expect(scenario.steps[1]?.trigger).toEqual({
      kind: 'after',
      event: 'session.interruption',
      where: { type: 'began' },
      within: fromSeconds(5),
      plus: fromMilliseconds(250),
    });
  });

  it('takes parameters from outside, and says what it has when the name or the unit is wrong', () => {
    const scenario = read(GOOD);
    const set = resolveScenario(scenario, { ringFor: '7s' });
    expect(set.ok && set.scenario.steps[1]?.trigger).toEqual({ kind: 'at', at: fromSeconds(7) });
    const unknown = resolveScenario(scenario, { ringfor: '7s' });
    expect(!unknown.ok && unknown.problems[0]?.message).toContain('did you mean ringFor?');
    const bare = resolveScenario(scenario, { ringFor: '7' });
    expect(!bare.ok && bare.problems[0]?.message).toContain('a duration with a unit');
    const infinite = resolveScenario(scenario, { ringFor: '99999s' });
    expect(infinite.ok).toBe(false);
  });
});

describe('another app', () => {
  it('can be wished for by policy and OS version, and an unknown one is answered with the known', () => {
    const scenario = read(GOOD);
    const set = resolveScenario(scenario, {}, { policy: 'neverRestartsUnit', os: '27' });
    expect(set.ok && [set.scenario.app.policy, set.scenario.os]).toEqual(['neverRestartsUnit', '27']);
    const unknown = resolveScenario(scenario, {}, { policy: 'carefull', os: '99' });
    expect(!unknown.ok && unknown.problems.map((problem) => problem.message)).toEqual([
      'policy "carefull" is not known; did you mean careful? Allowed: careful, gateOnShouldResume, neverRestartsUnit',
      'OS version "99" is not known. Allowed: 26, 27',
    ]);
  });
});

describe('a bad file', () => {
  it('tells every problem at once, each at its line and column', () => {
    const found = problems(`id: 2
name: Try It
title: Try it
description: x
app: { callKit: perhaps, polcy: careful }
steps:
  - { at: 3, do: phone.rign }
  - { do: phone.decline }
  - { at: $nothing, do: path.loss }
expect:
  - { cause: phonecall, recoveredWithin: soon }
`);
    const places = found.map((problem) => `${problem.line}:${problem.column} ${problem.code}`);
    expect(places).toEqual([
      '1:5 bad-value',
      '2:7 bad-value',
      '5:17 bad-value',
      '5:26 unknown-key',
      '7:11 bad-value',
      '7:18 bad-value',
      '8:5 bad-value',
      '9:5 missing',
      '9:11 unknown-parameter',
      '11:14 bad-value',
      '11:42 bad-value',
    ]);
    const messages = found.map((problem) => problem.message).join('\n');
    expect(messages).toContain('did you mean policy? Allowed: callKit, manualAudio, audioDevice, policy');
    expect(messages).toContain('did you mean phone.ring?');
    expect(messages).toContain('3 is not a duration: a number with a unit');
    expect(messages).toContain('path.loss needs "ratio": a number from 0 to 1');
    expect(messages).toContain('did you mean phoneCall?');
  });

  it('says which keys are missing', () => {
    expect(problems('id: S99\n').map((problem) => problem.message)).toEqual([
      '"name" is missing',
      '"title" is missing',
      '"description" is missing',
      '"app" is missing',
      '"steps" is missing',
      '"expect" is missing',
    ]);
  });

  it('refuses event conditions that can never hold', () => {
    const text = GOOD.replace('at: $ringFor', 'after: { event: session.interruption, where: { type: over, kind: 1 } }');
    const messages = problems(text).map((problem) => problem.message);
    expect(messages.some((message) => message.includes('session.interruption never has that value'))).toBe(true);
    expect(messages.some((message) => message.includes('Allowed: type, reason, shouldResume'))).toBe(true);
  });

  it('refuses steps that go back in time once parameters are filled in', () => {
    const scenario = read(GOOD.replace('{ at: 0s, do: phone.ring }', '{ at: 5s, do: phone.ring }'));
    const resolved = resolveScenario(scenario);
    expect(!resolved.ok && resolved.problems[0]).toMatchObject({ code: 'order', line: 9 });
  });

  it('refuses aliases, tags, several documents, other shapes and huge files', () => {
    expect(problems(GOOD.replace('callKit: false', 'callKit: &no false'))).toEqual([]);
    expect(problems(GOOD.replace('{ ringFor: 3s }', '&p { ringFor: *p }')).length).toBeGreaterThan(0);
    expect(problems(GOOD.replace('title: Try it', 'title: !!js/function x')).length).toBeGreaterThan(0);
    expect(problems(`${GOOD}\n---\n${GOOD}`).length).toBeGreaterThan(0);
    expect(problems('')[0]?.message).toContain('must be a map');
    expect(problems('- 1')[0]?.message).toContain('must be a map');
    expect(problems(`${GOOD}#${'x'.repeat(70_000)}`)[0]?.code).toBe('too-large');
    expect(problems('['.repeat(60_000))[0]?.code).toBe('not-yaml');
  });

  it('never throws, whatever is done to the text', () => {
    const source = files.map((file) => file.text);
    const mangled = fc
      .tuple(
        fc.constantFrom(...source, GOOD),
        fc.array(
          fc.record({
            at: fc.double({ min: 0, max: 1, noNaN: true }),
            cut: fc.nat(40),
            put: fc.oneof(
              fc.string({ maxLength: 12 }),
              fc.constantFrom(
                ': ',
                '\n- ',
                '{',
                '}',
                '[',
                '"',
                '&a ',
                '*a',
                '<<: ',
                '!!map ',
                '? ',
                '$',
                '\t',
                '---\n',
                '%YAML 9\n',
                '__proto__: 1\n',
                'null',
                '1e999',
              ),
            ),
          }),
          { minLength: 1, maxLength: 6 },
        ),
      )
      .map(([text, changes]) =>
        changes.reduce((now, { at, cut, put }) => {
          const place = Math.floor(at * now.length);
          return now.slice(0, place) + put + now.slice(place + cut);
        }, text),
      );
    fc.assert(
      fc.property(mangled, (text) => {
        const parsed = parseScenario(text);
        if (parsed.ok) resolveScenario(parsed.scenario);
        else {
          expect(parsed.problems.length).toBeGreaterThan(0);
          for (const problem of parsed.problems) {
            expect(problem.line).toBeGreaterThan(0);
            expect(problem.column).toBeGreaterThan(0);
            expect(problem.message).not.toBe('');
          }
        }
      }),
      { numRuns: 1500 },
    );
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) => void parseScenario(text)),
      { numRuns: 500 },
    );
  });
});
