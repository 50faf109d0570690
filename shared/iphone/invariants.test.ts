import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { effectiveOptions } from '../audio/options.ts';
import { KEYS, NOTIFICATIONS } from '../audio/reasons.ts';
import { eventKinds } from '../wire/kinds.ts';
import { Drive, inCall } from './drive.fixture.ts';
import { type IphoneProfile, OS_VERSIONS, OUTSIDE_STIMULI, type OutsideStimulusName, POLICIES } from './interface.ts';
import { profileFor } from './model.ts';

/** New every time, and printed with a failure; give it here to repeat one. */
const SEED = Date.now() & 0x7fffffff;
const RUNS = 2500;

interface Move {
  readonly does: OutsideStimulusName | 'ice.failed' | 'ice.connected';
  readonly params: Readonly<Record<string, boolean>>;
  readonly wait: number;
}

const profiles = fc
  .record({
    policy: fc.constantFrom(...POLICIES),
    os: fc.constantFrom(...OS_VERSIONS),
    callKit: fc.boolean(),
    audioDevice: fc.constantFrom('audioUnit' as const, 'audioEngine' as const),
    seed: fc.nat(),
  })
  .map((wish): IphoneProfile => profileFor(wish.policy, wish));
const move: fc.Arbitrary<Move> = fc.record({
  does: fc.constantFrom(...OUTSIDE_STIMULI, 'ice.failed' as const, 'ice.connected' as const),
  params: fc.constantFrom({}, {}, { shouldResume: false }, { ended: false }, { incoming: true }),
  // Some follow at once, in the middle of what the one before set off.
  wait: fc.constantFrom(0, 0.001, 0.02, 0.1, 0.5, 3),
});
const moves = fc.array(move, { minLength: 1, maxLength: 25 });

const play = (phone: Drive, list: readonly Move[]): Drive => {
  for (const { does, params, wait } of list) {
    if (does === 'ice.failed' || does === 'ice.connected') phone.ice(does === 'ice.failed' ? 'failed' : 'connected');
    else phone.do(does, params);
    phone.run(wait);
  }
  return phone;
};

/** Whatever goes on outside ends. */
const clearTheWay = (phone: Drive): Drive => {
  const os = () => phone.state.os;
  if (os().app === 'suspended') phone.do('app.resume');
  if (os().app === 'background') phone.do('app.foreground');
  if (os().siri) phone.do('siri.end');
  if (os().alarm) phone.do('alarm.dismiss');
  if (os().call === 'ringing') phone.do('phone.decline');
  if (os().call === 'active') phone.do('phone.localHangUp');
  return phone;
};

/** `expect` is dear when it runs a million times. */
const holds = (condition: boolean, what: string): void => {
  if (!condition) expect.fail(what);
};

/** Holds after every single step, also in the middle of things. */
const alwaysHolds = ({ state, refused }: Drive): void => {
  const { session, device, rtc, callkit, gates, main, audio } = state;
  if (refused !== undefined) return;
  holds(!(session.interrupted && session.active), 'interrupted means inactive');
  const hfp = (ports: readonly { readonly type: string }[]) => ports.some(({ type }) => type === 'BluetoothHFP');
  holds(hfp(session.route.inputs) === hfp(session.route.outputs), 'HFP in if and only if HFP out');
  const options = effectiveOptions(session.category, session.mode, session.options);
  holds((options & 0x12) === 0 || (options & 0x1) === 1, 'ducking mixes');
  holds(session.override === 'none' || session.category === 'playAndRecord', 'override in playAndRecord only');
  const hasWork = device.initialized && (device.playing || device.recording);
  holds(state.unit !== 'started' || hasWork, 'a started unit has work');
  holds(gates.capture === 'stopped' || state.unit === 'started', 'capture needs the unit');
  holds(gates.speaker === 'silent' || session.active, 'the speaker needs the session');
  holds(callkit.audio !== 'activated' || session.owner !== 'app', 'no activation over an app');
  holds(!session.hfpWaking || gates.microphone === 'zeros', 'a waking microphone gives zeros');
  holds(!(main.parked && audio.parked), 'no deadlock');
  holds(rtc.lockedBy !== 'nobody' || !(main.parked || audio.parked), 'nobody waits for a free lock');
};

const told = (phone: Drive): void => {
  const begun = new Set<string>();
  const open = new Set<string>();
  let frozen = false;
  for (const { fact } of phone.reports) {
    if (fact.kind === 'app.state' && fact.data.state === 'suspended') frozen = true;
    else if (fact.kind === 'cause.cleared' && fact.data.cause === 'suspension') frozen = false;
    else if (frozen) expect(fact.from, 'a frozen app is silent').toBe('lab');
    if (fact.kind === 'cause.began') {
      expect(open.has(fact.data.cause), `one ${fact.data.cause} at a time`).toBe(false);
      open.add(fact.data.cause);
      begun.add(fact.data.causeId);
    }
    if (fact.kind === 'cause.cleared') {
      expect(begun.delete(fact.data.causeId), 'cleared once, after it began').toBe(true);
      open.delete(fact.data.cause);
    }
    if (fact.kind === 'os.notification' && fact.data.name === NOTIFICATIONS.interruption) {
      const began = fact.data.userInfo[KEYS.interruptionType] === 1;
      expect(KEYS.interruptionOption in fact.data.userInfo, 'option key on ended only').toBe(!began);
      expect(KEYS.interruptionReason in fact.data.userInfo, 'reason key on began only').toBe(began);
    }
    if (fact.kind === 'rtc.state')
      expect(fact.data.canPlayOrRecord).toBe(!fact.data.useManualAudio || fact.data.isAudioEnabled);
    if (fact.kind === 'session.call') expect(fact.data.ok).toBe(fact.data.error === undefined);
  }
  let taken = 0;
  for (const { state, notify, args } of phone.trace) {
    if (state === 'interrupted') taken++;
    expect(state, 'a thread that locks twice is a crash').not.toBe('lockedTwice');
    if (notify === NOTIFICATIONS.interruption && args?.[KEYS.interruptionType] === 1)
      expect(--taken, 'inactive before it is told').toBeGreaterThanOrEqual(0);
  }
};

describe('whatever happens to the phone, in whatever order', () => {
  it(`its layers stay consistent (seed ${SEED})`, () => {
    fc.assert(
      fc.property(profiles, moves, fc.boolean(), (profile, list, started) => {
        const phone = play(started ? inCall(profile, alwaysHolds) : new Drive(profile, alwaysHolds), list);
        told(phone);
      }),
      { seed: SEED, numRuns: RUNS },
    );
  });
  it(`it comes to rest: no thread waits for ever (seed ${SEED})`, () => {
    fc.assert(
      fc.property(profiles, moves, (profile, list) => {
        const phone = play(inCall(profile), list);
        clearTheWay(phone).ice('connected').run(60);
        expect([...phone.state.main.jobs, ...phone.state.audio.jobs]).toEqual([]);
        expect(phone.state.rtc.lockedBy).toBe('nobody');
        expect(phone.state.timers).toEqual([]);
      }),
      { seed: SEED, numRuns: 500 },
    );
  });
  it(`the careful app has its audio back once nothing stands in the way (seed ${SEED})`, () => {
    fc.assert(
      fc.property(profiles, moves, (wish, list) => {
        const profile = profileFor('careful', { os: wish.os, seed: wish.seed });
        const phone = play(inCall(profile), list);
        clearTheWay(phone).run(10);
        if (phone.state.app.call === 'live') expect(phone.flows).toBe(true);
      }),
      { seed: SEED, numRuns: 1500 },
    );
  });
  it(`every fact fits the wire (seed ${SEED})`, () => {
    fc.assert(
      fc.property(profiles, moves, (profile, list) => {
        for (const { fact } of play(inCall(profile), list).reports)
          expect(eventKinds[fact.kind].data.safeParse(fact.data).success, fact.kind).toBe(true);
      }),
      { seed: SEED, numRuns: 200 },
    );
  });
  it(`the same seed gives the same bytes, and a state given twice is not changed (seed ${SEED})`, () => {
    fc.assert(
      fc.property(profiles, moves, (profile, list) => {
        const once = () => {
          const phone = play(inCall(profile), list);
          return JSON.stringify([phone.effects, phone.trace, phone.state]);
        };
        expect(once()).toBe(once());
        const phone = inCall(profile);
        const before = phone.state;
        const bytes = JSON.stringify(before);
        play(phone, list);
        expect(JSON.stringify(before)).toBe(bytes);
      }),
      { seed: SEED, numRuns: 200 },
    );
  });
});
