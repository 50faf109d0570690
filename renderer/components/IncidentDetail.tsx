/** One incident: its result in words, dead air both ways, and the waterfall of milestones. */
import type { Incident, Outage } from '../../shared/recovery/incident.ts';
import { formatDuration } from '../../shared/time/duration.ts';
import { type Micros, micros } from '../../shared/time/time.ts';
import { chooseIncident } from '../commands/incidents.ts';
import { preciseLabel } from '../timeline/ticks.ts';
import {
  CAUSE_WORDS,
  deadAirShort,
  deadAirWords,
  errorWords,
  FIDELITY_WORDS,
  FROM_WORDS,
  MILESTONE_WORDS,
  recoveryWords,
  resultWords,
  STATE_WORDS,
} from '../words/recovery.ts';
import { useObservable, usePage } from './context.ts';
import { Icon } from './Icon.tsx';
import { Term } from './Term.tsx';
import { ToneMark } from './ToneMark.tsx';
import { type OutageBar, waterfallOf } from './waterfall.ts';

const SINCE_WORDS = {
  causeCleared: 'since cause gone',
  systemSaid: 'since system said',
  causeBegan: 'since cause began',
} as const;

const percent = (part: number): string => `${(part * 100).toFixed(3)}%`;

export function IncidentDetail({
  incident,
  number,
  origin,
  now,
}: {
  readonly incident: Incident;
  readonly number: number;
  readonly origin: number;
  readonly now: number;
}) {
  const page = usePage();
  const words = resultWords(incident);
  const state = STATE_WORDS[incident.state];
  return (
    <article className="incident-detail" aria-label={`Incident ${number}: ${incident.title}`}>
      <header>
        <h3>
          <span className="quiet tabular">#{number}</span> {incident.title}
        </h3>
        <span className={`chip tone-${state.tone}`}>{state.label}</span>
        <span className="spacer" />
        <button type="button" className="small-button" onClick={() => chooseIncident(page, incident.id)}>
          <Icon name="fit" /> Show
        </button>
      </header>
      <p className="quiet">
        {CAUSE_WORDS[incident.cause]} at <span className="tabular">{preciseLabel(incident.beganAt - origin)}</span> ·{' '}
        {incident.origin} · <Term name="fidelity">{FIDELITY_WORDS[incident.fidelity]}</Term>
      </p>
      <dl className="figures">
        <div className="figure main">
          <dt>
            <Term name="recovery">Recovery latency</Term>
          </dt>
          <dd
            className={`tone-${words.tone}${incident.recoveryLatency.kind === 'after' ? '' : ' word'}`}
            data-testid="recovery-latency"
          >
            <ToneMark tone={words.tone} /> {words.short}
          </dd>
          {incident.recoveryLatency.kind === 'byUser' && <dd className="quiet">{words.long}</dd>}
        </div>
        <Direction
          who="user"
          deadAir={deadAirShort(incident, 'rx', now)}
          recovery={incident.state === 'open' ? 'not yet' : recoveryWords(incident.recoveryRx).short}
          error={errorOf(incident, incident.outageRx)}
        />
        <Direction
          who="agent"
          deadAir={deadAirShort(incident, 'tx', now)}
          recovery={incident.state === 'open' ? 'not yet' : recoveryWords(incident.recoveryTx).short}
          error={errorOf(incident, incident.outageTx)}
          heardGap={incident.heardGap}
        />
      </dl>
      <Waterfall incident={incident} now={now} />
    </article>
  );
}

/** The error of a length that is known; an interval says its own, and what goes on has none yet. */
const errorOf = (incident: Incident, outage: Outage | undefined): Micros | undefined =>
  incident.state === 'open' || outage?.end === undefined || outage.interval !== undefined ? undefined : outage.error;

function Direction({
  who,
  deadAir,
  recovery,
  error,
  heardGap,
}: {
  readonly who: 'user' | 'agent';
  readonly deadAir: string;
  readonly recovery: string;
  readonly error: Micros | undefined;
  readonly heardGap?: Micros | undefined;
}) {
  return (
    <div className="figure">
      <dt>
        <Term name="deadAir">Dead air</Term>, {who}
      </dt>
      <dd className="figure-value">
        <strong className="tabular">{deadAir}</strong>{' '}
        <span className="quiet tabular">{error === undefined ? '' : errorWords(error)}</span>
      </dd>
      <dd className="quiet">
        recovery <span className="tabular">{recovery}</span>
      </dd>
      {heardGap !== undefined && (
        <dd className="quiet">
          <Term name="heardGap">heard gap</Term> <span className="tabular">{formatDuration(heardGap)}</span>
        </dd>
      )}
    </div>
  );
}

function Waterfall({ incident, now }: { readonly incident: Incident; readonly now: number }) {
  const { ui } = usePage();
  const wanted = useObservable(ui.scope);
  // Before there is a recovery to look at, the whole is all there is.
  const recovers = incident.milestones.some((milestone) => milestone.at > incident.start.at);
  const scope = recovers ? wanted : 'whole';
  const shape = waterfallOf(incident, now, scope);
  return (
    <table className="waterfall" aria-label="Milestones">
      <thead>
        <tr>
          <th scope="col">
            <Term name="milestone">Milestone</Term>
          </th>
          <th scope="col">
            <span className="only-read">Bar from the previous milestone</span>
            <button
              type="button"
              className="scope"
              disabled={!recovers}
              aria-label={scope === 'whole' ? 'Shows the whole incident' : 'Shows the recovery only'}
              title={scope === 'whole' ? 'Show the recovery only, larger' : 'Show the whole incident'}
              onClick={() => ui.scope.set(scope === 'whole' ? 'recovery' : 'whole')}
            >
              {scope === 'whole' ? 'whole incident' : 'recovery only'}
            </button>
          </th>
          <th scope="col" className="number" title="Since the milestone before">
            took
          </th>
          <th scope="col" className="number" title={FROM_WORDS[incident.start.from]}>
            {SINCE_WORDS[incident.start.from]}
          </th>
        </tr>
      </thead>
      <tbody>
        <OutageRow
          title="User hears nothing"
          bar={shape.rx}
          start={shape.start}
          words={deadAirWords(incident, 'rx', now)}
        />
        <OutageRow
          title="Agent hears nothing"
          bar={shape.tx}
          start={shape.start}
          words={deadAirWords(incident, 'tx', now)}
        />
        {shape.bars.map((bar) => {
          const { title, text } = MILESTONE_WORDS[bar.milestone.name];
          return (
            <tr key={bar.milestone.name} data-milestone={bar.milestone.name}>
              <th scope="row" title={text}>
                {title}
                {bar.milestone.clock === 'other' && <span className="quiet"> (other clock)</span>}
              </th>
              <td className="track">
                <span className="start-line" style={{ left: percent(shape.start) }} />
                <span className="bar-phase" style={{ left: percent(bar.from), width: percent(bar.to - bar.from) }} />
                {bar.beyond ? (
                  <span className="bar-beyond" title="Later than what is shown">
                    ▸
                  </span>
                ) : (
                  <span className="bar-end" style={{ left: percent(bar.to) }} />
                )}
              </td>
              <td className="number tabular">{bar.took === undefined ? '–' : formatDuration(micros(bar.took))}</td>
              <td className="number tabular" title={errorWords(bar.milestone.error)}>
                {bar.sinceStart >= 0 ? '+' : ''}
                {formatDuration(micros(bar.sinceStart))}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function OutageRow({
  title,
  bar,
  start,
  words,
}: {
  readonly title: string;
  readonly bar: OutageBar | undefined;
  readonly start: number;
  readonly words: string;
}) {
  const isLength = bar !== undefined && bar.latest === undefined && !bar.open;
  return (
    <tr className="outage">
      <th scope="row">{title}</th>
      <td className="track">
        <span className="start-line" style={{ left: percent(start) }} />
        {bar && (
          <span
            className={bar.open ? 'bar-outage open' : 'bar-outage'}
            style={{ left: percent(bar.from), width: percent(bar.to - bar.from) }}
          />
        )}
        {bar?.latest !== undefined && (
          <span
            className="bar-outage maybe"
            style={{ left: percent(bar.to), width: percent(bar.latest - bar.to) }}
            title="It may have lasted until here: the phone cannot time its uplink when the path is gone"
          />
        )}
      </td>
      {/* A length stands under "took"; "since cause gone" would be another question. Bounds and words need the room of both. */}
      <td className="number tabular" colSpan={isLength ? 1 : 2}>
        {words}
      </td>
      {isLength && <td />}
    </tr>
  );
}
