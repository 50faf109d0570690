/** The live header: what every layer says at this moment. */
import type { Header } from '../../shared/timeline/view.ts';
import { formatDecibels } from '../words/format.ts';
import type { TermName } from '../words/glossary.ts';
import { usePanels } from './context.ts';
import { Term } from './Term.tsx';
import { useStale } from './use-stale.ts';

/** `width` in pixels: what the usual values need, so that the strip stands still while they change. */
type Fact = readonly [title: string, term: TermName, width: number, value: string | undefined];

export function FactStrip() {
  const { store } = usePanels();
  const stale = useStale();
  const model = store.model();
  const header: Header | undefined = model?.header();
  const facts: readonly Fact[] = [
    ['Category', 'category', 104, header?.category],
    ['Mode', 'mode', 76, header?.mode],
    ['Options', 'options', 96, header?.options],
    ['Route', 'route', 206, header?.route],
    ['Session', 'session', 66, header?.session],
    ['Interruption', 'interruption', 76, header?.interruption],
    ['CallKit', 'callkit', 80, header?.callkit],
    ['Audio unit', 'unit', 66, header?.unit],
    ['ICE', 'ice', 84, header?.ice],
    ['DTLS', 'dtls', 76, header?.dtls],
    ['Round trip', 'rtt', 62, roundTrip(header?.roundTripMilliseconds)],
  ];
  return (
    <section className={stale ? 'facts stale' : 'facts'} aria-label={stale ? 'Last known state' : 'Present state'}>
      <dl>
        {facts.map(([title, term, width, value]) => (
          <div key={title} className="fact" style={{ flexBasis: width }}>
            <dt>
              <Term name={term}>{title}</Term>
            </dt>
            <dd title={value ?? 'Not known yet'}>{value ?? '–'}</dd>
          </div>
        ))}
        <div className="fact" style={{ flexBasis: 128 }}>
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

const roundTrip = (value: number | undefined): string | undefined =>
  value === undefined ? undefined : `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;

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
