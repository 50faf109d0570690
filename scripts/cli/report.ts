/** A run's result for people: the waterfall of milestones, dead air both ways, recovery, verdict. */
import type {
  CauseStatistics,
  DeadAirResult,
  IncidentResult,
  RecoveryResult,
  RepetitionResult,
  ScenarioResult,
} from '../../shared/scenario/result.ts';
import type { Distribution } from '../../shared/scenario/statistics.ts';
import { formatDuration } from '../../shared/time/duration.ts';
import { fromMilliseconds } from '../../shared/time/time.ts';

const BAR = 40;
/** With more repetitions only their numbers are shown, one line each. */
const MAX_WATERFALLS = 3;

const time = (milliseconds: number): string => formatDuration(fromMilliseconds(milliseconds));

const MILESTONE_WORDS: Readonly<Record<string, string>> = {
  causeBegan: 'cause began',
  causeCleared: 'cause cleared',
  systemSaid: 'the system said so',
  sessionActive: 'session active',
  unitRunning: 'audio unit runs',
  captureFlowing: 'microphone flows',
  renderFlowing: 'speaker flows',
  transportProven: 'network path proven',
  txFlowing: 'agent hears user',
  rxFlowing: 'user hears agent',
  rxOnTime: 'agent on time again',
  farEndHears: 'far end confirms',
};
const START_WORDS = {
  causeCleared: 'the cause was gone',
  systemSaid: 'the system said so',
  causeBegan: 'the cause began',
};

export function reportLines(result: ScenarioResult): readonly string[] {
  const { scenario } = result;
  const app = result.callKit ? 'CallKit' : 'no CallKit';
  const source = result.simulated ? `Simulated (${result.fidelity})` : result.fidelity;
  const lines = [
    `${scenario.title}   ${scenario.id} ${scenario.name}`,
    `policy ${result.policy}, ${app}, iOS ${result.os} | ${source}, ${result.time} time, seed ${result.seed}`,
  ];
  for (const run of result.runs) {
    lines.push('', ...(result.runs.length > MAX_WATERFALLS ? [runLine(run)] : runLines(run, result.runs.length)));
  }
  if (result.runs.length > 1) lines.push('', ...result.statistics.flatMap(statisticsLines));
  for (const loss of result.losses) lines.push('', `Lost on the way: ${loss}`);
  lines.push('', `Verdict: ${VERDICT_WORDS[result.verdict]}`);
  return lines.filter((line, index) => line !== '' || lines[index - 1] !== '');
}

const VERDICT_WORDS = { passed: 'PASSED', failed: 'FAILED', notJudged: 'not judged' };

function runLines(run: RepetitionResult, of: number): readonly string[] {
  const lines = of > 1 ? [`Run ${run.repetition} of ${of}`, ''] : [];
  if (run.outcome.kind !== 'completed') lines.push(`  The run ended early: ${run.outcome.reason}`, '');
  if (run.incidents.length === 0) lines.push('  No incident.');
  for (const incident of run.incidents) lines.push(...incidentLines(incident), '');
  for (const check of run.verdict.checks) {
    lines.push(`  ${check.ok ? 'ok  ' : 'FAIL'} ${check.about}: ${check.expected}. Got: ${check.got}.`);
  }
  return lines;
}

function runLine(run: RepetitionResult): string {
  const incidents = run.incidents.map((one) => `${one.cause} ${recoveryWords(one.recoveryLatency)}`).join('; ');
  const words = { passed: 'ok  ', failed: 'FAIL', notJudged: '-   ' }[run.verdict.result];
  return `${words} run ${run.repetition}: ${incidents === '' ? 'no incident' : incidents}`;
}

export function incidentLines(incident: IncidentResult): readonly string[] {
  const lines = [`  ${incident.title}   ${incident.state === 'notRecovered' ? 'NOT RECOVERED' : incident.state}`];
  const instants = incident.milestones.map((milestone) => milestone.atMs);
  // An incident goes by the last cause told before audio stopped: a sign of an earlier one lies before its beginning.
  const first = Math.min(0, ...instants);
  const last = Math.max(first + 1, ...instants);
  const place = (at: number): number => Math.round(((at - first) / (last - first)) * BAR);
  let from = first;
  for (const milestone of incident.milestones) {
    // A bar runs from the milestone before it in time.
    const start = place(from);
    const end = Math.max(start + 1, place(milestone.atMs));
    const bar = `${' '.repeat(start)}${'█'.repeat(Math.min(BAR + 1, end) - start)}`;
    const name = MILESTONE_WORDS[milestone.name] ?? milestone.name;
    const other = milestone.clock === 'other' ? ` (other clock, ±${time(milestone.errorMs)})` : '';
    lines.push(`    ${time(milestone.atMs).padStart(9)}  ${name.padEnd(20)} |${bar.padEnd(BAR + 1)}|${other}`);
    from = milestone.atMs;
  }
  lines.push(
    `    dead air   agent hears nothing: ${airWords(incident.deadAirTxMs)} | user hears nothing: ${airWords(incident.deadAirRxMs)}`,
  );
  const latency = recoveryWords(incident.recoveryLatency);
  const both = `user's voice ${recoveryWords(incident.recoveryTx)}, agent's voice ${recoveryWords(incident.recoveryRx)}`;
  // What the user had to do is the start of such a figure, and its words say so already.
  const start =
    incident.recoveryLatency.kind === 'byUser' ? '' : `, counted from when ${START_WORDS[incident.start.from]}`;
  lines.push(`    recovery   ${latency} (${both})${start}`);
  if (incident.heardGapMs !== undefined) {
    lines.push(`    far end    heard a gap of ${time(incident.heardGapMs)} (its own figure)`);
  }
  return lines;
}

function airWords(air: DeadAirResult): string {
  if (air === 'notBack') return 'until the end';
  if (typeof air === 'number') return air === 0 ? 'none' : time(air);
  return `between ${time(air.earliest)} and ${time(air.latest)}`;
}

function recoveryWords(recovery: RecoveryResult): string {
  switch (recovery.kind) {
    case 'after':
      return time(recovery.milliseconds);
    case 'byUser':
      return `${time(recovery.milliseconds)} after the user's ${recovery.action}`;
    case 'never':
      return 'never';
    case 'unfinished':
      return 'unfinished';
    case 'notAffected':
      return 'not affected';
  }
}

function statisticsLines(row: CauseStatistics): readonly string[] {
  const counted = [
    `${row.recovered} recovered`,
    ...(row.byUser > 0 ? [`${row.byUser} by the user`] : []),
    ...(row.never > 0 ? [`${row.never} never`] : []),
    ...(row.unfinished > 0 ? [`${row.unfinished} unfinished`] : []),
    ...(row.notAffected > 0 ? [`${row.notAffected} not affected`] : []),
  ];
  return [
    `${row.cause}: ${row.incidents} incidents, ${counted.join(', ')}`,
    `  recovery            ${distributionWords(row.recoveryLatencyMs)}`,
    `  agent hears nothing ${distributionWords(row.deadAirTxMs)}`,
    `  user hears nothing  ${distributionWords(row.deadAirRxMs)}`,
  ];
}

function distributionWords(values: Distribution): string {
  if (values.min === undefined || values.max === undefined) return 'no numbers';
  const percentile = (name: string, value: number | undefined): string[] =>
    value === undefined ? [] : [`${name} ${time(value)}`];
  const percentiles = [
    ...percentile('p50', values.p50),
    ...percentile('p90', values.p90),
    ...percentile('p95', values.p95),
  ];
  return [`n ${values.n}`, `${time(values.min)} to ${time(values.max)}`, ...percentiles].join(', ');
}
