import { describe, expect, it } from 'vitest';
import { BENCH, call, type Journal } from '../timeline/journal.fixture.ts';
import type { Incident, MilestoneName } from './incident.ts';
import { createIncidentReducer } from './reduce.ts';
import * as shapes from './shapes.fixture.ts';

function incidentsOf(journal: Journal): readonly Incident[] {
  const reducer = createIncidentReducer(BENCH);
  for (const entry of journal.entries) reducer.push(entry);
  return reducer.incidents();
}
function only(journal: Journal): Incident {
  const incidents = incidentsOf(journal);
  expect(incidents.map((one) => one.title)).toHaveLength(1);
  return incidents[0] as Incident;
}
const milliseconds = (value: number | undefined): number | undefined =>
  value === undefined ? undefined : value / 1000;
const latency = (incident: Incident) =>
  'micros' in incident.recoveryLatency
    ? { ...incident.recoveryLatency, micros: incident.recoveryLatency.micros / 1000 }
    : incident.recoveryLatency;
const milestone = (incident: Incident, name: MilestoneName) =>
  milliseconds(incident.milestones.find((one) => one.name === name)?.at);

describe('incidents', () => {
  it('times a declined call from the moment it was declined', () => {
    const incident = only(shapes.declinedCall());
    expect(incident).toMatchObject({ state: 'recovered', cause: 'phoneCall', origin: 'injected', fidelity: 'F0' });
    expect(incident.start).toEqual({ at: 8_000_000, from: 'causeCleared' });
    expect(incident.outageTx).toEqual({ start: 5_050_000, end: 8_500_000, error: 20_000 });
    expect(incident.outageRx).toEqual({ start: 5_060_000, end: 8_480_000, error: 20_000 });
    expect([milliseconds(incident.deadAirTx), milliseconds(incident.deadAirRx)]).toEqual([3450, 3420]);
    expect(incident.recoveryTx).toEqual({ kind: 'after', micros: 500_000 });
    expect(incident.recoveryRx).toEqual({ kind: 'after', micros: 480_000 });
    expect(latency(incident)).toEqual({ kind: 'after', micros: 500 });
    expect(milliseconds(incident.heardGap)).toBe(3330);
    expect(incident.milestones.map((one) => [one.name, one.at / 1000])).toEqual([
      ['causeBegan', 5000],
      ['causeCleared', 8000],
      ['systemSaid', 8300],
      ['sessionActive', 8310],
      ['unitRunning', 8450],
      ['renderFlowing', 8460],
      ['rxFlowing', 8480],
      ['captureFlowing', 8490],
      ['transportProven', 8500],
      ['txFlowing', 8500],
      ['farEndHears', 8540],
    ]);
  });

  it('counts stillness from 60 ms on, and joins outages with no more than 100 ms of sound between them', () => {
    const still = (...outages: readonly (readonly [number, number])[]) => {
      const journal = call().began(5000, 'siri', 'Siri listens');
      for (const [from, to] of outages) journal.flows(from, 'flowing', 'stopped').flows(to, 'stopped', 'flowing');
      return only(journal.cleared(5300, 'siri', 'dismissed').quiet(5500, 12_000));
    };
    expect(still([5100, 5150]).state).toBe('notAffected');
    expect(still([5100, 5165])).toMatchObject({ state: 'recovered', deadAirRx: 65_000 });
    expect(still([5100, 5300], [5390, 5700]).deadAirRx).toBe(600_000);
    expect(still([5100, 5300], [5450, 5700]).deadAirRx).toBe(250_000);
  });

  it("shows a call the OS left on hold as held, and its recovery as the user's", () => {
    expect(only(shapes.heldWithoutUnhold(24_500)).state).toBe('open');
    expect(only(shapes.heldWithoutUnhold(29_900)).state).toBe('held');
    expect(only(shapes.heldWithoutUnhold(99_000)).state).toBe('held');
    const incident = only(shapes.heldUntilUnheld());
    expect(incident.state).toBe('recovered');
    expect(latency(incident)).toEqual({ kind: 'byUser', action: 'unhold', micros: 400 });
  });

  it('gives up 30 s after the cause was gone, and calls it never', () => {
    const incident = only(shapes.neverRestartsUnit());
    expect(incident.state).toBe('notRecovered');
    expect(milliseconds(incident.endedAt)).toBe(39_500);
    expect(incident.recoveryLatency).toEqual({ kind: 'never' });
    expect(incident.outageTx).toEqual({ start: 5_050_000, error: 10_000 });
    expect(milestone(incident, 'sessionActive')).toBe(9610);
    expect(milestone(incident, 'unitRunning')).toBeUndefined();
  });

  it('is not blamed for what it cannot touch: a mute and a gap in what the user hears', () => {
    const journal = call()
      .began(5000, 'mute', 'Microphone muted')
      .flow('tx', 5010, 'flowing', 'zeros')
      .flow('rx', 5500, 'flowing', 'concealed')
      .flow('rx', 5620, 'concealed', 'flowing')
      .cleared(8000, 'mute', 'unmuted')
      .flow('tx', 8020, 'zeros', 'flowing')
      .quiet(9000, 20_000);
    const incident = only(journal);
    expect(incident.outageRx).toBeUndefined();
    expect(incident.recoveryRx).toEqual({ kind: 'notAffected' });
    expect(latency(incident)).toEqual({ kind: 'after', micros: 20 });
  });

  it.each([
    [120, 8050],
    [400, 9400],
  ])('is not undone by a stutter, but by a second loss: %i ms a second after the audio was back', (length, backAt) => {
    const journal = call()
      .began(5000, 'siri', 'Siri listens')
      .flow('rx', 5050, 'flowing', 'stopped')
      .cleared(8000, 'siri', 'dismissed')
      .flow('rx', 8050, 'stopped', 'flowing')
      .flow('rx', 9000, 'flowing', 'concealed')
      .flow('rx', 9000 + length, 'concealed', 'flowing')
      .quiet(9600, 20_000);
    expect(only(journal).recoveryRx).toEqual({ kind: 'after', micros: (backAt - 8000) * 1000 });
  });

  it('stays never when the call ends after it was given up', () => {
    const incident = only(shapes.neverRestartsUnit().link(45_000, 'lost').quiet(46_000, 60_000));
    expect(incident.state).toBe('notRecovered');
    expect(milliseconds(incident.endedAt)).toBe(39_500);
  });

  it('bounds the uplink of a lost path by what was answered and what was not', () => {
    const incident = only(shapes.pathHole());
    expect(incident.state).toBe('recovered');
    expect(milliseconds(incident.deadAirRx)).toBe(7990);
    expect(incident.deadAirTx).toBeUndefined();
    expect(incident.outageTx?.interval).toEqual({ earliest: 1_400_000, latest: 11_042_000 });
    expect(incident.recoveryRx).toEqual({ kind: 'after', micros: 50_000 });
    expect(latency(incident)).toEqual({ kind: 'after', micros: 400 });
    expect(milestone(incident, 'txFlowing')).toBe(18_400);
  });

  it('takes the first answer after an ICE restart as proof of the path', () => {
    const incident = only(shapes.pathHoleWithRestart());
    expect(incident.state).toBe('recovered');
    expect(milestone(incident, 'transportProven')).toBe(45_140);
    expect(latency(incident)).toEqual({ kind: 'after', micros: 190 });
  });

  it('times a suspension although the phone tells of it afterwards', () => {
    const incident = only(shapes.suspension());
    expect(incident).toMatchObject({ state: 'recovered', cause: 'suspension' });
    expect([milliseconds(incident.deadAirTx), milliseconds(incident.deadAirRx)]).toEqual([12_030, 12_035]);
    expect(latency(incident)).toEqual({ kind: 'after', micros: 30 });
  });

  it('sees a cause, the interruption and the route change it makes as one', () => {
    const incident = only(shapes.airpodsIntoCase());
    expect(incident).toMatchObject({ state: 'recovered', cause: 'routeLoss', title: 'AirPods into their case' });
    expect(latency(incident)).toEqual({ kind: 'after', micros: 900 });
  });

  it('says so when nothing stopped', () => {
    const incident = only(shapes.unaffected());
    expect(incident).toMatchObject({ state: 'notAffected', recoveryLatency: { kind: 'notAffected' } });
    expect(incident.outageTx ?? incident.outageRx).toBeUndefined();
  });

  it('sees causes that overlap as one, free when the last of them is gone', () => {
    const incident = only(shapes.overlapping());
    expect(incident).toMatchObject({ state: 'recovered', cause: 'siri', title: 'Siri listens, then Phone call rings' });
    expect(incident.start).toEqual({ at: 9_000_000, from: 'causeCleared' });
    expect(latency(incident)).toEqual({ kind: 'after', micros: 400 });
  });

  it('opens one for an outage that nobody explains', () => {
    const incident = only(shapes.unexplained());
    expect(incident).toMatchObject({
      state: 'recovered',
      cause: 'unknown',
      origin: 'observed',
      title: 'Agent not heard',
    });
    expect(incident.start).toEqual({ at: 5_000_000, from: 'causeBegan' });
    expect(latency(incident)).toEqual({ kind: 'after', micros: 2500 });
    expect(incident.recoveryTx).toEqual({ kind: 'notAffected' });
  });

  it('knows nothing of what comes after the process ended', () => {
    expect(only(shapes.linkLost())).toMatchObject({ state: 'unfinished', recoveryLatency: { kind: 'unfinished' } });
  });

  it('counts from what the system said when nobody told that the cause is gone', () => {
    const incident = only(shapes.observedInterruption());
    expect(incident).toMatchObject({ state: 'recovered', cause: 'unknown', origin: 'observed' });
    expect(incident.start).toEqual({ at: 8_300_000, from: 'systemSaid' });
    expect(latency(incident)).toEqual({ kind: 'after', micros: 700 });
  });
});

describe('what belongs to an incident', () => {
  it('a relapse within two seconds does, and recovery is the last return', () => {
    const journal = call()
      .began(5000, 'siri', 'Siri listens')
      .flows(5050, 'flowing', 'stopped')
      .cleared(6000, 'siri', 'dismissed')
      .flows(6500, 'stopped', 'flowing')
      .flows(7500, 'flowing', 'stopped')
      .flows(8000, 'stopped', 'flowing')
      .quiet(8500, 20_000);
    const incident = only(journal);
    expect(latency(incident)).toEqual({ kind: 'after', micros: 2000 });
    // The longer of the two outages.
    expect(milliseconds(incident.deadAirRx)).toBe(1450);
  });
  it('a cause told once both ways are back opens the next, however soon', () => {
    const journal = call()
      .began(5000, 'siri', 'Siri listens')
      .flows(5050, 'flowing', 'stopped')
      .cleared(6000, 'siri', 'dismissed')
      .flows(6500, 'stopped', 'flowing')
      .began(7000, 'alarm', 'Alarm sounds')
      .flows(7050, 'flowing', 'stopped')
      .cleared(8000, 'alarm', 'dismissed')
      .flows(8300, 'stopped', 'flowing')
      .quiet(8500, 20_000);
    expect(incidentsOf(journal).map((one) => [one.cause, one.state, latency(one)])).toEqual([
      ['siri', 'recovered', { kind: 'after', micros: 500 }],
      ['alarm', 'recovered', { kind: 'after', micros: 300 }],
    ]);
  });
  it('a hang-up does not: frames that stop with the call are no outage', () => {
    const journal = call().quiet(1000, 5000).user(5000, 'hangUp').flows(5900, 'flowing', 'stopped').quiet(6000, 60_000);
    expect(incidentsOf(journal)).toEqual([]);
  });
  it('a hang-up while nothing is heard ends it as not recovered', () => {
    const journal = call().began(5000, 'siri', 'Siri').flows(5050, 'flowing', 'stopped').quiet(5500, 9000);
    journal.user(9500, 'hangUp').quiet(10_000, 60_000);
    expect(only(journal)).toMatchObject({
      state: 'notRecovered',
      recoveryLatency: { kind: 'never' },
      endedAt: 9_500_000,
    });
  });
  it('silence the user asked for does not', () => {
    const journal = call()
      .quiet(1000, 5000)
      .event(5000, 'claim', { name: 'micMuted', value: true })
      .flow('tx', 5000, 'flowing', 'zeros')
      .quiet(5500, 20_000);
    expect(incidentsOf(journal)).toEqual([]);
  });
  it('outages too short to hear do not, and short ones alone open none', () => {
    const journal = call()
      .flow('rx', 3000, 'flowing', 'concealed')
      .flow('rx', 3800, 'concealed', 'flowing')
      .began(5000, 'phoneCall', 'Phone call rings')
      .flow('rx', 5500, 'flowing', 'concealed')
      .flow('rx', 5550, 'concealed', 'flowing')
      .cleared(6000, 'phoneCall', 'declined')
      .quiet(6500, 20_000);
    expect(only(journal).state).toBe('notAffected');
  });
});

describe('an incident that is not over', () => {
  it('is open while the app is suspended, although its link is lost', () => {
    const entries = shapes.suspension();
    const until = entries.entries.findIndex((entry) => entry.type === 'link' && entry.state === 'lost');
    const reducer = createIncidentReducer(BENCH);
    for (const entry of entries.entries.slice(0, until + 1)) reducer.push(entry);
    expect(reducer.incidents().map((one) => one.state)).toEqual(['open']);
  });
  it('is unfinished when the recording ends', () => {
    const reducer = createIncidentReducer(BENCH);
    for (const entry of shapes.heldWithoutUnhold(20_000).entries) reducer.push(entry);
    expect(reducer.incidents()[0]?.state).toBe('open');
    reducer.finish();
    expect(reducer.incidents()[0]).toMatchObject({ state: 'unfinished', recoveryLatency: { kind: 'unfinished' } });
  });
  it('keeps its name and says which run it belongs to', () => {
    const journal = call()
      .run(4000, 'began', 'pstn-reject')
      .began(5000, 'siri', 'Siri')
      .flows(4990, 'flowing', 'stopped');
    const reducer = createIncidentReducer(BENCH);
    const names = new Set<string>();
    for (const entry of journal.quiet(5500, 9000).entries) {
      reducer.push(entry);
      for (const incident of reducer.incidents()) names.add(incident.id);
    }
    expect(names.size).toBe(1);
    expect(reducer.incidents()[0]).toMatchObject({
      runId: 'run-1',
      scenario: 'pstn-reject',
      policy: 'careful',
      os: '26',
    });
  });
});

describe('the uplink of a lost path', () => {
  const hole = (blackhole: 'uplink' | 'downlink') => {
    const path = { lossRatio: 0, delayMicros: 0, jitterMicros: 0, rebinds: 0 };
    const journal = call()
      .stun(8500)
      .began(10_000, 'pathLoss', 'Path', 'p', 'relay')
      .event(10_001, 'path.state', { ...path, blackhole }, 'relay', 'path');
    if (blackhole === 'downlink') journal.flow('rx', 10_060, 'flowing', 'concealed');
    journal.event(14_600, 'transport.unanswered', {
      firstSentAt: 11_000_000,
      lastSentAt: 13_500_000,
      requests: 2,
    } as never);
    journal.cleared(18_000, 'pathLoss', 'returned', 'p', 'relay');
    journal.event(18_001, 'path.state', { ...path, blackhole: 'none' }, 'relay', 'path');
    if (blackhole === 'downlink') journal.flow('rx', 18_050, 'concealed', 'flowing');
    return journal.stun(18_400).quiet(19_000, 35_000);
  };
  it('may have been whole all along when only the way back is known to be cut', () => {
    expect(only(hole('downlink')).outageTx?.interval?.earliest).toBe(0);
  });
  it('is not stretched by the requests of the next hole, a few seconds later', () => {
    const journal = hole('uplink')
      .began(22_000, 'pathLoss', 'Path', 'p2', 'relay')
      .event(25_000, 'transport.unanswered', { firstSentAt: 22_500_000, lastSentAt: 23_900_000, requests: 2 } as never);
    const [first] = incidentsOf(journal);
    expect(first?.outageTx?.interval).toEqual({ earliest: 1_400_000, latest: 11_042_000 });
  });
  it('was lost although the phone itself noticed nothing', () => {
    const incident = only(hole('uplink'));
    expect(incident).toMatchObject({ state: 'recovered', recoveryRx: { kind: 'notAffected' } });
    expect(incident.outageTx?.interval).toEqual({ earliest: 1_400_000, latest: 11_042_000 });
    expect(incident.recoveryTx).toEqual({ kind: 'after', micros: 400_000 });
  });
  it('is bounded from above by what was surely whole, even when an old answer is read late', () => {
    // An answer that came before the hole of 10000 is read at 10700, while nothing comes through any more.
    const journal = call()
      .stun(8500)
      .began(10_000, 'pathLoss', 'Path', 'p', 'relay')
      .flow('rx', 10_060, 'flowing', 'concealed')
      .stun(10_700)
      .cleared(14_000, 'pathLoss', 'returned', 'p', 'relay')
      .flow('rx', 14_050, 'concealed', 'flowing')
      .stun(14_300)
      .quiet(15_000, 30_000);
    const interval = only(journal).outageTx?.interval;
    expect(interval?.earliest).toBeLessThanOrEqual(4_000_000);
    expect(interval?.latest).toBeGreaterThanOrEqual(4_000_000);
  });
});
