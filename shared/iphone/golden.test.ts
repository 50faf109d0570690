import { describe, expect, it } from 'vitest';
import { deviceTime } from '../time/time.ts';
import { GOLDEN, type Golden, type GoldenStep } from './golden.fixture.ts';
import type { IphoneProfile, TraceEntry } from './interface.ts';
import { takeSession } from './interruptions.ts';
import type { Job } from './jobs.ts';
import { createIphone, type IphoneState, profileFor, settle, step } from './model.ts';
import { close, open, type Phone, post } from './phone.ts';
import { becomeActive } from './session.ts';

const LOCKED = (...jobs: readonly Job[]): Job[] => [{ do: 'rtc.lock' }, ...jobs, { do: 'rtc.unlock' }];

/** Does one thing to the layers directly, with no app in between. */
const act = (phone: Phone, what: GoldenStep): void => {
  switch (what) {
    case 'initAndStartPlayout':
      post(phone, 'audio', { do: 'device.init' }, { do: 'device.start', direction: 'playing' });
      return;
    case 'startRecording':
      post(phone, 'audio', { do: 'device.start', direction: 'recording' });
      return;
    case 'began':
      takeSession(phone, 'default');
      return;
    case 'ended(1)':
    case 'ended(0)':
      post(phone, 'main', { do: 'note.interruptionEnded', shouldResume: what === 'ended(1)' });
      return;
    case 'foreground':
      post(phone, 'main', { do: 'note.appState', state: 'active' });
      return;
    case 'didActivate':
      becomeActive(phone, 'callkit');
      post(phone, 'main', { do: 'rtc.didActivate' });
      return;
    case 'didDeactivate':
      post(phone, 'main', { do: 'rtc.didDeactivate' });
      return;
    case 'enable':
      post(phone, 'main', { do: 'rtc.enableAudio', enabled: true });
      return;
    case 'hangUp':
      post(phone, 'audio', { do: 'device.stop', direction: 'playing' });
      return;
    case 'setActive(1)':
    case 'setActive(0)':
      post(phone, 'main', ...LOCKED({ do: 'rtc.setActive', active: what === 'setActive(1)', by: 'app' }));
      return;
    case 'othersIoRuns':
      phone.unit = 'started';
      return;
    case 'setCategory(0x27)':
      post(
        phone,
        'main',
        ...LOCKED({
          do: 'session.setCategory',
          category: 'playAndRecord',
          mode: 'voiceChat',
          options: 0x27,
          by: 'app',
        }),
      );
      return;
    case 'mediaLost':
    case 'mediaReset':
      phone.os.mediaServer = what === 'mediaLost' ? 'lost' : 'up';
      phone.session.active = false;
      post(phone, 'main', { do: 'note.mediaServices', state: what === 'mediaLost' ? 'lost' : 'reset' });
      return;
  }
};

const flag = (value: unknown): string => (value === true ? '1' : value === false ? '0' : String(value));

/** A trace line in the golden table's words; undefined for what the table leaves out. */
const inWords = ({ layer, call, notify, args = {} }: TraceEntry): string | undefined => {
  if (layer === 'unit') return call;
  if (layer === 'rtc' && notify !== undefined && notify !== 'didChangeRoute') {
    const value = args['active'] ?? args['shouldResume'] ?? args['canPlayOrRecord'];
    return value === undefined ? notify : `${notify}(${flag(value)})`;
  }
  const error = args['error'] === 'none' ? '' : ` ${String(args['error'])}`;
  if (layer === 'session' && call === 'setActive') return `sys.setActive(${flag(args['active'])})${error}`;
  if (layer === 'session' && call === 'setCategory') {
    const name = (value: unknown) => String(value).replace(/^AVAudioSession(Category|Mode)/, '');
    const short = (value: unknown) => name(value).charAt(0).toLowerCase() + name(value).slice(1);
    return `sys.setCategory(${short(args['category'])},${short(args['mode'])},0x${Number(args['options']).toString(16)})`;
  }
  return undefined;
};

const play = (golden: Golden, seed: number): { readonly words: string[]; readonly state: IphoneState } => {
  const profile: IphoneProfile = {
    ...profileFor('careful', { os: '26', manualAudio: golden.manual === true, seed }),
    switches: { busyWhenDeactivatedRunning: true },
  };
  let state = createIphone(profile, deviceTime(0));
  let at = 0;
  let words: string[] = [];
  const due: { at: number; timerId: number; name: string }[] = [];
  const take = (effects: Phone['effects'], trace: readonly TraceEntry[]): void => {
    for (const effect of effects)
      if (effect.kind === 'schedule') due.push({ at: at + effect.after, timerId: effect.timerId, name: effect.name });
    words.push(...trace.flatMap((entry) => inWords(entry) ?? []));
  };
  const perform = (what: GoldenStep): void => {
    const phone = open(state, deviceTime(at), profile);
    act(phone, what);
    settle(phone);
    state = close(phone);
    take(phone.effects, phone.trace);
    // Everything it sets off comes to rest before the next step.
    for (;;) {
      due.sort((one, other) => one.at - other.at);
      const next = due.shift();
      if (next === undefined) break;
      at = next.at;
      const result = step(
        state,
        { at: deviceTime(at), kind: 'timer', timerId: next.timerId, name: next.name, data: undefined },
        profile,
      );
      state = result.state;
      take([...result.effects], result.trace);
    }
  };
  for (const what of golden.before) perform(what);
  words = [];
  for (const what of golden.steps) perform(what);
  return { words, state };
};

describe('golden traces of RTCAudioSession and its audio device', () => {
  for (const golden of GOLDEN)
    it(`${golden.id}: ${golden.what}`, () => {
      // The order must not hang on how long anything takes.
      for (let seed = 1; seed <= 40; seed++) {
        const { words, state } = play(golden, seed);
        expect(words, `seed ${seed}`).toEqual(golden.trace);
        expect(state.rtc.isActive).toBe(golden.final.active);
        expect(state.rtc.activationCount).toBe(golden.final.count);
        if (golden.final.sessions !== undefined) expect(state.rtc.webRTCSessionCount).toBe(golden.final.sessions);
        if (golden.final.unit !== undefined) expect(state.unit).toBe(golden.final.unit);
      }
    });
});
