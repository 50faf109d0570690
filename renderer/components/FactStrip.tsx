/** The live header: what every layer says at this moment. */
import type { Header } from '../../shared/timeline/view.ts';
import { formatDecibels } from '../words/format.ts';
import type { TermName } from '../words/glossary.ts';
import { usePanels } from './context.ts';
import { Term } from './Term.tsx';

type Fact = readonly [title: string, term: TermName, value: string | undefined];

/** The prefixes every value of its kind carries say nothing. */
const bare = (value: string | undefined, prefix: string): string | undefined => {
  const rest = value?.startsWith(prefix) ? value.slice(prefix.length) : value;
  return rest === undefined || rest === '' ? undefined : rest.charAt(0).toLowerCase() + rest.slice(1);
};

export function FactStrip() {
  const { store } = usePanels();
  const model = store.model();
  const header: Header | undefined = model?.header();
  const facts: readonly Fact[] = [
    ['Category', 'category', bare(header?.category, 'AVAudioSessionCategory')],
    ['Mode', 'mode', bare(header?.mode, 'AVAudioSessionMode')],
    ['Options', 'options', header?.options],
    ['Route', 'route', header?.route],
    ['Session', 'session', header?.session],
    ['Interruption', 'interruption', header?.interruption],
    ['CallKit', 'callkit', header?.callkit],
    ['Audio unit', 'unit', header?.unit],
    ['ICE', 'ice', header?.ice],
    ['DTLS', 'dtls', header?.dtls],
    [
      'Round trip',
      'rtt',
      header?.roundTripMilliseconds === undefined
        ? undefined
        : `${formatMilliseconds(header.roundTripMilliseconds)} ms`,
    ],
  ];
  return (
    <section className="facts" aria-label="Present state">
      <dl>
        {facts.map(([title, term, value]) => (
          <div key={title} className="fact">
            <dt>
              <Term name={term}>{title}</Term>
            </dt>
            <dd title={value ?? 'Not known yet'}>{value ?? '–'}</dd>
          </div>
        ))}
        <div className="fact">
          <dt>
            <Term name="levels">Levels</Term>
          </dt>
          <dd className="meters">
            <Meter name="Mic" dbfs={header?.captureDbfs} kind="capture" />
            <Meter name="Speaker" dbfs={header?.renderDbfs} kind="render" />
          </dd>
        </div>
      </dl>
    </section>
  );
}

const formatMilliseconds = (value: number): string => (value < 10 ? value.toFixed(1) : String(Math.round(value)));

const FLOOR = -60;
function Meter({
  name,
  dbfs,
  kind,
}: {
  readonly name: string;
  readonly dbfs: number | undefined;
  readonly kind: string;
}) {
  const part = dbfs === undefined ? 0 : Math.min(1, Math.max(0, (dbfs - FLOOR) / -FLOOR));
  return (
    <span className="meter" title={`${name} ${formatDecibels(dbfs)}`}>
      <span className="meter-name">{name}</span>
      <span className={`meter-track ${kind}`} aria-hidden="true">
        <span style={{ width: `${Math.round(part * 100)}%` }} />
      </span>
      <span className="only-read">{formatDecibels(dbfs)}</span>
    </span>
  );
}
