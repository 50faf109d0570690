import { describe, expect, it } from 'vitest';
import { OUTSIDE_STIMULI } from '../../shared/iphone/interface.ts';
import { cause } from '../../shared/wire/values.ts';
import { ABILITIES } from './abilities.ts';
import { readConfiguration } from './configuration.ts';

const GOOD = {
  link: 'ws://127.0.0.1:4000/link',
  benchId: 'simulated-iphone',
  clock: { id: 'machine', epochNanos: '123456789' },
  profile: { os: '26', policy: 'careful', callKit: false, manualAudio: false, audioDevice: 'audioUnit', seed: 1 },
  gateway: 'http://127.0.0.1:4001',
  voice: 'speech',
};

describe('the configuration of a simulated phone', () => {
  it('is read with its clock as a whole number of nanoseconds', () => {
    const read = readConfiguration(JSON.stringify({ ...GOOD, speakerLog: '/tmp/log' }));
    expect(read).toMatchObject({
      ok: true,
      configuration: { clock: { epochNanos: 123456789n }, speakerLog: '/tmp/log' },
    });
  });

  it.each([
    [undefined, 'one JSON argument'],
    ['{', 'one JSON argument'],
    ['[]', 'JSON object'],
    [JSON.stringify({ ...GOOD, link: 'ws://example.org' }), 'link'],
    [JSON.stringify({ ...GOOD, gateway: 'http://192.0.2.1:1' }), 'gateway'],
    [JSON.stringify({ ...GOOD, voice: 'song' }), 'speech, sweep'],
    [JSON.stringify({ ...GOOD, clock: { id: 'machine' } }), 'clock'],
    [JSON.stringify({ ...GOOD, profile: { ...GOOD.profile, os: '12' } }), '26, 27'],
    [JSON.stringify({ ...GOOD, profile: { ...GOOD.profile, policy: 'bold' } }), 'careful'],
    [JSON.stringify({ ...GOOD, profile: { ...GOOD.profile, seed: 0.5 } }), 'seed'],
  ])('is refused with what is expected: %s', (text, words) => {
    const read = readConfiguration(text);
    expect(read.ok ? 'accepted' : read.message).toContain(words);
  });
});

describe('what the phone can be asked to do', () => {
  it('has words of its own for each stimulus, and causes that the wire knows', () => {
    expect(ABILITIES.map(({ does }) => does)).toEqual([...OUTSIDE_STIMULI]);
    expect(new Set(ABILITIES.map(({ title }) => title)).size).toBe(OUTSIDE_STIMULI.length);
    const causes = ABILITIES.flatMap((ability) => (ability.cause === undefined ? [] : [ability.cause]));
    expect(causes.every((name) => cause.safeParse(name).success)).toBe(true);
  });
});
