import { describe, expect, it } from 'vitest';
import { BENCH, type Journal } from '../timeline/journal.fixture.ts';
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
      ['transportProven', 6000],
      ['causeCleared', 8000],
      ['systemSaid', 8300],
      ['sessionActive', 8310],
      ['unitRunning', 8450],
      ['renderFlowing', 8460],
      ['rxFlowing', 8480],
      ['captureFlowing', 8490],
      ['txFlowing', 8500],
      ['farEndHears', 8540],
    ]);
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
