/** What was expected beside what happened: one line each, in words, with the verdict. */
import type { Incident, Recovery } from '../recovery/incident.ts';
import { formatDuration } from '../time/duration.ts';
import { fromSeconds, type Micros } from '../time/time.ts';
import type { RunOutcome } from './runner.ts';
import type { ResolvedExpectation, ResolvedScenario } from './scenario.ts';

export interface Check {
  readonly ok: boolean;
  /** `Phone call rings` or the cause where no such incident was. */
  readonly about: string;
  readonly incidentId?: string;
  readonly expected: string;
  readonly got: string;
}
export interface Verdict {
  /** `notJudged`: the run was stopped before there was anything to judge. */
  readonly result: 'passed' | 'failed' | 'notJudged';
  readonly checks: readonly Check[];
}

/** `incidents`: those of the run. */
export function judge(
  scenario: ResolvedScenario,
  incidents: readonly Incident[],
  outcome: RunOutcome = { kind: 'completed' },
): Verdict {
  if (outcome.kind === 'stopped') return { result: 'notJudged', checks: [] };
  const checks = scenario.expect.flatMap((expectation) => {
    const matching = incidents.filter((incident) => incident.cause === expectation.cause);
    if (matching.length > 0) return matching.flatMap((incident) => checkIncident(expectation, incident));
    const others =
      incidents.length === 0 ? 'no incident at all' : `only ${incidents.map((one) => one.cause).join(', ')}`;
    return [
      { ok: false, about: expectation.cause, expected: `an incident with cause ${expectation.cause}`, got: others },
    ];
  });
  if (outcome.kind === 'noCall' || outcome.kind === 'stepMissed' || outcome.kind === 'injectFailed') {
    checks.unshift({ ok: false, about: 'the run', expected: 'every step done', got: outcome.reason });
  }
  return { result: checks.every((check) => check.ok) ? 'passed' : 'failed', checks };
}

function checkIncident(expectation: ResolvedExpectation, incident: Incident): readonly Check[] {
  const checks: Check[] = [];
  const add = (ok: boolean, expected: string, got: string): void => {
    checks.push({ ok, about: incident.title, incidentId: incident.id, expected, got });
  };
  const { recoveredWithin, byUser, deadAirAtMost } = expectation;
  const recovery = incident.recoveryLatency;
  if (recoveredWithin !== undefined || byUser !== undefined) {
    const how = byUser === undefined ? 'by itself' : `by the user's ${byUser}`;
    const rightWay =
      byUser === undefined ? recovery.kind === 'after' : recovery.kind === 'byUser' && recovery.action === byUser;
    const inTime = recoveredWithin === undefined || ('micros' in recovery && recovery.micros <= recoveredWithin);
    const limit = recoveredWithin === undefined ? '' : ` within ${formatDuration(recoveredWithin)}`;
    add(rightWay && inTime, `recovered ${how}${limit}`, recoveryInWords(recovery));
  }
  if (deadAirAtMost?.tx !== undefined) addDeadAir('tx', deadAirAtMost.tx);
  if (deadAirAtMost?.rx !== undefined) addDeadAir('rx', deadAirAtMost.rx);
  if (expectation.notRecovered) add(incident.state === 'notRecovered', 'not recovered', recoveryInWords(recovery));
  if (expectation.notAffected) add(incident.state === 'notAffected', 'audio not affected', recoveryInWords(recovery));
  if (expectation.state !== undefined) {
    add(incident.state === expectation.state, `state ${expectation.state}`, `state ${incident.state}`);
  }
  return checks;

  function addDeadAir(direction: 'tx' | 'rx', limit: Micros): void {
    const air = deadAir(incident, direction);
    const ok = air.kind === 'between' ? air.latest <= limit : air.kind === 'exact' && air.micros <= limit;
    add(ok, `${DIRECTION[direction]} for at most ${formatDuration(limit)}`, deadAirInWords(air));
  }
}

const DIRECTION = { tx: 'agent does not hear the user', rx: 'user does not hear the agent' } as const;

export type DeadAir =
  | { readonly kind: 'exact'; readonly micros: Micros }
  /** Known only to lie between the two: on path loss the phone cannot time its own uplink. */
  | { readonly kind: 'between'; readonly earliest: Micros; readonly latest: Micros }
  /** Began and was not over when the incident closed. */
  | { readonly kind: 'open' };

export function deadAir(incident: Incident, direction: 'tx' | 'rx'): DeadAir {
  const outage = direction === 'tx' ? incident.outageTx : incident.outageRx;
  const exact = direction === 'tx' ? incident.deadAirTx : incident.deadAirRx;
  if (outage?.interval !== undefined) return { kind: 'between', ...outage.interval };
  if (exact !== undefined) return { kind: 'exact', micros: exact };
  return outage === undefined ? { kind: 'exact', micros: fromSeconds(0) } : { kind: 'open' };
}

export function deadAirInWords(air: DeadAir): string {
  if (air.kind === 'open') return 'not back';
  if (air.kind === 'exact') return air.micros === 0 ? 'none' : formatDuration(air.micros);
  return `between ${formatDuration(air.earliest)} and ${formatDuration(air.latest)}`;
}

export function recoveryInWords(recovery: Recovery): string {
  switch (recovery.kind) {
    case 'after':
      return `recovered after ${formatDuration(recovery.micros)}`;
    case 'byUser':
      return `recovered ${formatDuration(recovery.micros)} after the user's ${recovery.action}`;
    case 'never':
      return 'never recovered';
    case 'unfinished':
      return 'not finished when the run ended';
    case 'notAffected':
      return 'audio not affected';
  }
}
