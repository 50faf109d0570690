import { describe, expect, it } from 'vitest';
import { eventKinds } from '../wire/kinds.ts';
import { type Drive, inCall } from './drive.fixture.ts';
import { type IphoneProfile, OS_VERSIONS, POLICIES, type PolicyName } from './interface.ts';
import { POLICY_INFO, profileFor } from './model.ts';

interface Script {
  readonly id: string;
  readonly callKit?: true;
  readonly play: (phone: Drive) => Drive;
  /** Policies whose audio comes back both ways, on iOS 26 and 27. */
  readonly recover: readonly PolicyName[];
}
const CAREFUL = ['careful'] as const;
const HEEDS_RESUME = ['careful', 'gateOnShouldResume'] as const;

const SCRIPTS: readonly Script[] = [
  {
    id: 'S02 pstn-reject',
    play: (phone) => phone.do('phone.ring').run(3).do('phone.decline').run(2),
    recover: HEEDS_RESUME,
  },
  {
    id: 'S02 with shouldResume absent',
    play: (phone) => phone.do('phone.ring').run(3).do('phone.decline', { shouldResume: false }).run(2),
    recover: CAREFUL,
  },
  {
    id: 'S02 with no ended at all',
    play: (phone) => phone.do('phone.ring').run(3).do('phone.decline', { ended: false }).run(6),
    recover: CAREFUL,
  },
  {
    id: 'S01 caller gives up',
    play: (phone) => phone.do('phone.ring').run(12).do('phone.callerGivesUp').run(2),
    recover: HEEDS_RESUME,
  },
  {
    id: 'S03 pstn-answer-local-hangup',
    play: (phone) => phone.do('phone.ring').run(2.5).do('phone.answer').run(27.5).do('phone.localHangUp').run(2),
    recover: HEEDS_RESUME,
  },
  {
    id: 'S03 with no ended: the way back to the foreground heals it',
    play: (phone) =>
      phone.do('phone.ring').run(2.5).do('phone.answer').run(27.5).do('phone.localHangUp', { ended: false }).run(2),
    recover: CAREFUL,
  },
  {
    id: 'S11 siri-short',
    play: (phone) => phone.do('siri.start').run(4.5).do('siri.end').run(2),
    recover: HEEDS_RESUME,
  },
  {
    id: 'S13 alarm-dismiss',
    play: (phone) => phone.do('alarm.fire').run(6).do('alarm.dismiss').run(2),
    recover: HEEDS_RESUME,
  },
  {
    id: 'S13 with no ended at all',
    play: (phone) => phone.do('alarm.fire').run(6).do('alarm.dismiss', { endedDelivered: false }).run(6),
    recover: CAREFUL,
  },
  {
    id: 'S05 hold-accept-local-end',
    callKit: true,
    play: (phone) =>
      phone
        .do('callkit.otherCall.ring')
        .run(3)
        .do('callkit.otherCall.holdAndAccept')
        .run(20)
        .do('callkit.otherCall.localEnd')
        .run(1.25),
    recover: CAREFUL,
  },
  {
    id: 'S06 hold-accept-remote-end, left alone',
    callKit: true,
    play: (phone) => phone.do('callkit.otherCall.holdAndAccept').run(20).do('callkit.otherCall.remoteEnd').run(60),
    recover: [],
  },
  {
    id: 'S06 hold-accept-remote-end, taken off hold',
    callKit: true,
    play: (phone) =>
      phone
        .do('callkit.otherCall.holdAndAccept')
        .run(20)
        .do('callkit.otherCall.remoteEnd')
        .run(5)
        .do('user.unhold')
        .run(1.5),
    recover: CAREFUL,
  },
  {
    id: 'S02 under CallKit: a declined call does nothing',
    callKit: true,
    play: (phone) => phone.do('phone.ring').run(3).do('phone.decline').run(2),
    recover: POLICIES,
  },
  { id: 'S23 airpods-connect', play: (phone) => phone.do('airpods.connect').run(3.5), recover: POLICIES },
  {
    id: 'S24 airpods-into-case',
    play: (phone) => phone.do('airpods.connect').run(8).do('airpods.intoCase').run(1.5),
    recover: CAREFUL,
  },
  {
    id: 'S27 wired-unplug',
    play: (phone) => phone.do('wired.plug').run(4).do('wired.unplug').run(1),
    recover: POLICIES,
  },
  {
    id: 'S59 suspension',
    play: (phone) =>
      phone.do('app.background').run(1).do('app.suspend').run(12).do('app.resume').do('app.foreground').run(2),
    recover: POLICIES,
  },
];

describe('who recovers from what', () => {
  for (const script of SCRIPTS)
    for (const policy of POLICIES)
      for (const os of OS_VERSIONS) {
        const recovers = script.recover.includes(policy);
        it(`${script.id}: ${policy} ${recovers ? 'recovers' : 'stays silent'} on iOS ${os}`, () => {
          for (let seed = 1; seed <= 10; seed++) {
            const phone = inCall(profileFor(policy, { callKit: script.callKit === true, os, seed }));
            expect(phone.flows, `in call, seed ${seed}`).toBe(true);
            script.play(phone);
            expect(phone.refused).toBeUndefined();
            expect(phone.flows, `afterwards, seed ${seed}`).toBe(recovers);
          }
        });
      }
});

const careful = (overrides: Partial<IphoneProfile> = {}) => inCall(profileFor('careful', overrides));

describe('what the phone says', () => {
  it('S02: cause, notification with full user info, neutral facts, hint, and the cause cleared before the end', () => {
    const phone = careful({ os: '26' }).do('phone.ring').run(3).do('phone.decline').run(2);
    const [began] = phone.facts('cause.began');
    const [cleared] = phone.facts('cause.cleared');
    expect(began?.data).toMatchObject({ cause: 'phoneCall', fidelity: 'F0' });
    expect(cleared?.data).toEqual({ causeId: began?.data.causeId, cause: 'phoneCall', how: 'declined' });
    const notes = phone.facts('os.notification').filter(({ data }) => data.name.includes('Interruption'));
    expect(notes.map(({ data }) => data.userInfo)).toEqual([
      { AVAudioSessionInterruptionTypeKey: 1, AVAudioSessionInterruptionReasonKey: 0 },
      { AVAudioSessionInterruptionTypeKey: 0, AVAudioSessionInterruptionOptionKey: 1 },
    ]);
    expect(phone.facts('session.interruption').map(({ data }) => data.type)).toEqual(['began', 'ended']);
    expect(phone.facts('resume.hint').map(({ data }) => data.hint)).toEqual(['yes']);
    expect(phone.facts('session.inactive').map(({ data }) => data.source)).toEqual(['system']);
    expect(phone.facts('session.active').map(({ data }) => data.by)).toEqual(['webrtc', 'webrtc']);
    const said = (notes[1]?.at ?? 0) - (cleared?.at ?? 0);
    expect(said).toBeGreaterThan(250_000);
    expect(said).toBeLessThan(410_000);
  });
  it('iOS 27 adds its own family and a recommendation that does not need the end', () => {
    const phone = careful({ os: '27' }).do('siri.start').run(4).do('siri.end', { ended: false }).run(3);
    expect(phone.facts('session.interruption').map(({ data }) => data.type)).toEqual(['began']);
    expect(phone.facts('resume.hint').map(({ data }) => data.hint)).toEqual(['yes']);
    const names = phone.facts('os.notification').map(({ data }) => data.name);
    expect(names).toContain('AVAudioSessionDidBecomeInactiveNotification');
    expect(names).toContain('AVAudioSessionResumptionRecommendationNotification');
    expect(phone.facts('session.inactive')).toHaveLength(1);
  });
  it('iOS 27 tells each activation and each deactivation once: who did it, and the reason only of an interruption', () => {
    const family = (phone: Drive) =>
      phone.reports.flatMap(({ fact }) => {
        if (fact.kind === 'callkit.audio') return [fact.data.state];
        if (fact.kind !== 'os.notification') return [];
        const { name, userInfo } = fact.data;
        const short = /^AVAudioSession(Interruption|DidBecome.*|ResumptionRecommendation)Notification$/.exec(name)?.[1];
        return short === undefined ? [] : [[short, ...Object.values(userInfo)].join(' ')];
      });
    const plain = careful({ os: '27' }).do('siri.start').run(4).do('siri.end').run(3).do('call.hangUp').run(1);
    expect(family(plain)).toEqual([
      'DidBecomeActive',
      'Interruption 1 0',
      'DidBecomeInactive 2 0',
      'Interruption 0 1',
      'ResumptionRecommendation 1',
      'DidBecomeActive',
      'DidBecomeInactive 1',
    ]);
    const held = careful({ os: '27', callKit: true }).do('callkit.otherCall.holdAndAccept').run(5);
    held.do('callkit.otherCall.localEnd').run(2).do('call.hangUp').run(1);
    expect(family(held)).toEqual([
      'DidBecomeActive',
      'didActivate',
      'Interruption 1 0',
      'DidBecomeInactive 2 0',
      'didDeactivate',
      'DidBecomeActive',
      'didActivate',
      'DidBecomeInactive 2',
      'didDeactivate',
    ]);
  });
  it('activating while a phone call has the audio fails with !pri, and the report says so', () => {
    const phone = careful().do('phone.ring').run(3);
    const failed = phone.facts('session.call').filter(({ data }) => !data.ok);
    expect(failed.length).toBeGreaterThan(0);
    for (const { data } of failed)
      expect(data).toMatchObject({ by: 'app', error: { code: 561017449, fourCC: '!pri' } });
    const siri = careful().do('siri.start').run(3);
    expect(siri.facts('session.call').findLast(({ data }) => !data.ok)?.data.error?.fourCC).toBe('siri');
  });
  it('S05: hold, began, didDeactivate, then unhold, didActivate and no ended', () => {
    const phone = careful({ callKit: true })
      .do('callkit.otherCall.holdAndAccept')
      .run(20)
      .do('callkit.otherCall.localEnd')
      .run(2);
    const order = phone.reports.flatMap(({ fact }) => {
      if (fact.kind === 'callkit.action' && fact.data.outcome === 'fulfilled') return [fact.data.action];
      if (fact.kind === 'callkit.audio') return [fact.data.state];
      if (fact.kind === 'session.interruption') return [fact.data.type];
      return [];
    });
    expect(order).toEqual(['start', 'didActivate', 'hold', 'began', 'didDeactivate', 'unhold', 'didActivate']);
    expect(phone.facts('session.call').filter(({ data }) => data.call === 'setActive')).toEqual([]);
    expect(phone.state.rtc.activationCount).toBe(2);
  });
  it('S06: the careful app shows the call as held until the user acts', () => {
    const phone = careful({ callKit: true }).do('callkit.otherCall.holdAndAccept').run(5);
    phone.do('callkit.otherCall.remoteEnd').run(30);
    const ui = () => phone.facts('claim').findLast(({ data }) => data.name === 'uiCallState')?.data.value;
    expect(ui()).toBe('held');
    expect(phone.facts('cause.cleared').at(-1)?.data.how).toContain('remote');
    phone.do('user.unhold').run(2);
    expect(ui()).toBe('connected');
    expect(phone.facts('user.action').map(({ data }) => data.action)).toEqual(['unhold']);
  });
  it('S23: HFP both ways at 24 kHz, the unit restarted, the microphone silent for 2 to 3 s', () => {
    const phone = careful();
    const start = phone.at;
    phone.do('airpods.connect').run(4);
    const route = phone.facts('route.changed').at(-1)?.data;
    expect(route).toMatchObject({ reason: 'newDeviceAvailable', reasonCode: 1, sampleRateHz: 24_000 });
    expect(route?.current.inputs[0]?.type).toBe('BluetoothHFP');
    expect(route?.current.outputs[0]?.type).toBe('BluetoothHFP');
    const units = phone.facts('unit.state').filter(({ at }) => at > start);
    expect(units.map(({ data }) => data.state)).toEqual(['initialized', 'uninitialized', 'initialized', 'started']);
    const awake = phone.gates.findLast(({ gates }) => gates.microphone === 'signal')?.at ?? 0;
    expect(awake - start).toBeGreaterThan(2_000_000);
    expect(awake - start).toBeLessThan(3_100_000);
  });
  it('S24: interrupted with reason 4 and never ended; the private call goes to the receiver, not the loudspeaker', () => {
    const phone = careful().do('route.speaker').run(1).do('airpods.connect').run(4).do('airpods.intoCase').run(2);
    const interruptions = phone.facts('session.interruption').map(({ data }) => data);
    expect(interruptions).toEqual([{ type: 'began', reason: 'routeDisconnected' }]);
    expect(phone.facts('route.changed').at(-1)?.data.reasonCode).toBe(2);
    expect(phone.state.session.route.outputs.map(({ type }) => type)).toEqual(['Receiver']);
    expect(phone.flows).toBe(true);
  });
  it('an interruption takes the loudspeaker away and the careful app gives it back', () => {
    const phone = careful().do('route.speaker').run(1);
    expect(phone.state.session.route.outputs[0]?.type).toBe('Speaker');
    phone.do('siri.start').run(2);
    expect(phone.state.session.override).toBe('none');
    phone.do('siri.end').run(2);
    expect(phone.state.session.route.outputs[0]?.type).toBe('Speaker');
  });
  it('the loudspeaker is asked for again after the lock is free, when the app itself took the session back', () => {
    const phone = careful({ os: '26' }).do('route.speaker').run(1).do('siri.start').run(2);
    phone.do('siri.end', { ended: false }).run(6);
    expect(phone.state.session.route.outputs[0]?.type).toBe('Speaker');
    expect(phone.trace.filter(({ state }) => state === 'lockedTwice')).toEqual([]);
  });
  it('a dead app goes on saying connected', () => {
    const phone = inCall(profileFor('neverRestartsUnit')).do('siri.start').run(4).do('siri.end').run(10);
    const last = (name: string) => phone.facts('claim').findLast(({ data }) => data.name === name)?.data.value;
    expect(phone.flows).toBe(false);
    expect(last('uiCallState')).toBe('connected');
    expect(last('sdkAudioState')).toBe('active');
  });
  it('S58: the careful app restarts ICE when it has failed, not when it is disconnected, and again until it works', () => {
    const phone = careful().ice('disconnected').run(10);
    const restarts = () => phone.effects.filter(({ kind }) => kind === 'iceRestart').length;
    expect(restarts()).toBe(0);
    phone.ice('failed').run(1);
    expect(restarts()).toBe(1);
    phone.run(4);
    expect(restarts()).toBe(3);
    phone.ice('connected').run(10);
    expect(restarts()).toBe(3);
    const others = inCall(profileFor('gateOnShouldResume')).ice('failed').run(10);
    expect(others.effects.some(({ kind }) => kind === 'iceRestart')).toBe(false);
  });
  it('S59: a frozen app says nothing; what it missed comes after the resume', () => {
    const phone = careful().do('app.background').run(1).do('app.suspend');
    const before = phone.reports.length;
    phone.do('siri.start').run(3).do('siri.end').run(3);
    const meanwhile = phone.reports.slice(before).map(({ fact }) => fact);
    expect(meanwhile.every(({ from }) => from === 'lab')).toBe(true);
    const resumedAt = phone.at;
    phone.do('app.resume').run(3);
    const late = phone.facts('session.interruption');
    expect(late.map(({ data }) => data.type)).toEqual(['began', 'ended']);
    expect(late.every(({ at }) => at >= resumedAt)).toBe(true);
    expect(phone.flows).toBe(true);
    expect(phone.facts('app.state').map(({ data }) => data.state)).toEqual([
      'active',
      'background',
      'suspended',
      'resumed',
    ]);
    expect(phone.effects.filter(({ kind }) => kind === 'suspendProcess' || kind === 'resumeProcess')).toHaveLength(2);
  });
  it('a call that the stop caught in the middle returns before the app learns that it runs again', () => {
    const phone = careful().do('route.speaker').do('app.suspend').run(1);
    const before = phone.reports.length;
    phone.do('app.resume').run(1);
    const after = phone.reports.slice(before).map(({ fact }) => fact);
    const called = after.findIndex((fact) => fact.kind === 'session.call');
    expect(called).toBeGreaterThanOrEqual(0);
    expect(called).toBeLessThan(after.findIndex((fact) => fact.kind === 'app.state' && fact.data.state === 'resumed'));
  });
  it('a mute asked for twice at once is one mute', () => {
    const phone = careful().do('mic.mute').do('mic.mute');
    expect(phone.refused?.code).toBe('noChange');
    phone.run(1).do('mic.unmute').run(1);
    expect(phone.facts('cause.began')).toHaveLength(1);
    expect(phone.facts('cause.cleared')).toHaveLength(1);
  });
  it('CallKit takes the audio back before it gives it again, however fast calls follow each other', () => {
    for (let seed = 1; seed <= 20; seed++) {
      for (const gap of [0.02, 0.05, 0.08, 0.12, 0.2]) {
        const audio = (phone: Drive) => phone.facts('callkit.audio').map(({ data }) => data.state);
        const again = careful({ callKit: true, seed }).do('call.hangUp').run(gap).do('call.start');
        const started = again.refused === undefined;
        again.run(3);
        expect(audio(again), `started anew after ${gap} s, seed ${seed}`).toEqual(
          started ? ['didActivate', 'didDeactivate', 'didActivate'] : ['didActivate', 'didDeactivate'],
        );
        expect(again.flows).toBe(started);
        const held = careful({ callKit: true, seed }).do('callkit.otherCall.holdAndAccept').run(gap);
        const unheld = held.state.callkit.call === 'held';
        held.do('callkit.otherCall.localEnd').run(3);
        if (!unheld) continue;
        expect(audio(held), `unheld after ${gap} s, seed ${seed}`).toEqual([
          'didActivate',
          'didDeactivate',
          'didActivate',
        ]);
        expect(held.flows).toBe(true);
      }
    }
  });
  it('without an ended the session stays interrupted on iOS 26; the recommendation of iOS 27 ends it', () => {
    for (const os of OS_VERSIONS) {
      const phone = inCall(profileFor('neverRestartsUnit', { os })).do('siri.start').run(2);
      phone.do('siri.end', { ended: false }).run(1);
      expect(phone.state.session.interrupted, os).toBe(os === '26');
    }
  });
  it('a rate that changes during an interruption is not taken over before its end', () => {
    const phone = careful().do('siri.start').run(1).do('airpods.connect');
    const before = phone.trace.length;
    phone.run(0.5);
    expect(phone.state.session.route.inputs[0]?.type).toBe('BluetoothHFP');
    expect(phone.trace.slice(before).filter(({ layer }) => layer === 'unit')).toEqual([]);
    expect(phone.state.device.rate).toBe(48_000);
  });
  it('RTCAudioSession that may not activate on the return to the foreground does not believe itself active', () => {
    const phone = careful({ os: '26' }).do('phone.ring').run(2).do('app.background').run(1).do('app.foreground');
    const before = phone.reports.length;
    phone.run(0.2);
    const refused = phone.reports.slice(before).some(({ fact }) => fact.kind === 'session.call' && !fact.data.ok);
    expect(refused).toBe(true);
    expect(phone.state.rtc.isActive).toBe(false);
  });
  it('mute stops the track and nothing else', () => {
    for (const callKit of [false, true]) {
      const phone = careful({ callKit }).do('mic.mute').run(1);
      expect(phone.state.gates).toMatchObject({ capture: 'running', microphone: 'signal', trackEnabled: false });
      phone.do('mic.unmute').run(1);
      expect(phone.state.gates.trackEnabled).toBe(true);
      expect(phone.facts('callkit.action').some(({ data }) => data.action === 'mute')).toBe(callKit);
      expect(phone.facts('user.action').map(({ data }) => data.action)).toEqual(['unmute']);
    }
  });
  it('an app that leaves the session to WebRTC under CallKit is activated before CallKit can, and is not heard', () => {
    const seeds = Array.from({ length: 60 }, (_, seed) => seed);
    const phones = seeds.map((seed) => careful({ callKit: true, manualAudio: false, seed }));
    const stuck = phones.filter((phone) => phone.state.callkit.audio === 'stuck');
    expect(stuck.length).toBeGreaterThan(0);
    for (const phone of stuck) {
      expect(phone.facts('callkit.audio')).toEqual([]);
      expect(phone.state.gates).toMatchObject({ microphone: 'zeros', speaker: 'audible' });
    }
  });
  it('hanging up stops, uninitialises and disposes; a second call works like the first', () => {
    for (const policy of POLICIES)
      for (const callKit of [false, true]) {
        const phone = inCall(profileFor(policy, { callKit }));
        phone.do('call.hangUp').run(2);
        expect(phone.state).toMatchObject({ unit: 'none', session: { active: false } });
        expect(phone.state.rtc).toMatchObject({ activationCount: 0, webRTCSessionCount: 0 });
        expect(phone.do('call.start').run(2).flows).toBe(true);
        expect(phone.facts('claim').findLast(({ data }) => data.name === 'uiCallState')?.data.value).toBe('connected');
      }
  });
  it('S54: a call hung up during an interruption is not activated by its end', () => {
    const phone = careful().do('alarm.fire').run(2).do('call.hangUp').run(1).do('alarm.dismiss').run(3);
    expect(phone.state.session.active).toBe(false);
    expect(phone.state.rtc.activationCount).toBe(0);
  });
  it('the engine device restarts on an interruption edge', () => {
    const phone = careful({ audioDevice: 'audioEngine' });
    expect(phone.flows).toBe(true);
    expect(phone.do('siri.start').run(3).do('siri.end').run(2).flows).toBe(true);
    expect(phone.facts('unit.state').at(-1)?.data.device).toBe('audioEngine');
  });
  it('every fact is one the wire accepts', () => {
    const phones = [
      careful({ callKit: true }).do('callkit.otherCall.holdAndAccept').run(3).do('callkit.otherCall.remoteEnd').run(1),
      careful({ os: '26' }).do('phone.ring').run(3).do('phone.answer').run(3).do('phone.localHangUp').run(3),
      careful()
        .do('airpods.connect')
        .run(3)
        .do('airpods.intoCase')
        .run(2)
        .do('mic.mute')
        .run(1)
        .do('call.hangUp')
        .run(2),
    ];
    const kinds = new Set<string>();
    for (const phone of phones)
      for (const { fact } of phone.reports) {
        kinds.add(fact.kind);
        const parsed = eventKinds[fact.kind].data.safeParse(fact.data);
        expect(parsed.success ? parsed.data : parsed.error, fact.kind).toEqual(fact.data);
      }
    expect(kinds.size).toBeGreaterThan(15);
  });
});

describe('what cannot happen now is refused and changes nothing', () => {
  it.each([
    ['phone.decline', 'nothingRings'],
    ['phone.answer', 'nothingRings'],
    ['phone.localHangUp', 'noOtherCall'],
    ['siri.end', 'notRunning'],
    ['alarm.dismiss', 'notRunning'],
    ['airpods.intoCase', 'notConnected'],
    ['wired.unplug', 'notConnected'],
    ['user.unhold', 'notHeld'],
    ['app.resume', 'notSuspended'],
    ['app.foreground', 'noChange'],
    ['mic.unmute', 'noChange'],
    ['call.start', 'callRunning'],
    ['callkit.otherCall.ring', 'notCallKit'],
    ['callkit.otherCall.remoteEnd', 'noOtherCall'],
  ] as const)('%s: %s', (does, code) => {
    const phone = careful();
    const before = JSON.stringify(phone.state);
    const effects = phone.effects.length;
    phone.do(does);
    expect(phone.refused?.code).toBe(code);
    expect(phone.effects).toHaveLength(effects);
    expect(JSON.stringify(phone.state)).toBe(before);
  });
});

describe('policies as the page shows them', () => {
  it('each has a title, one sentence and the audio mode it needs', () => {
    expect(POLICY_INFO.map(({ name }) => name)).toEqual([...POLICIES]);
    for (const { title, what } of POLICY_INFO) {
      expect(title.length).toBeGreaterThan(5);
      expect(what.match(/\./g)).toHaveLength(1);
    }
    expect(profileFor('careful').manualAudio).toBe(false);
    expect(profileFor('careful', { callKit: true }).manualAudio).toBe(true);
    expect(profileFor('gateOnShouldResume').manualAudio).toBe(true);
  });
});
