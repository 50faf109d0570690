/** The ladder: what each layer claims, beside what was measured to move. */
import type { Rung, Tone } from '../../shared/timeline/view.ts';
import { useObservable, usePanels } from './context.ts';
import { Icon, type IconName } from './Icon.tsx';
import { Term } from './Term.tsx';
import { ToneMark } from './ToneMark.tsx';
import { useStale } from './use-stale.ts';

const VERDICTS: Readonly<Record<Rung['verdict'], { readonly label: string; readonly text: string }>> = {
  agree: { label: 'agree', text: 'Claim and evidence agree.' },
  lies: { label: 'claim lies', text: 'It claims to be healthy while nothing moves.' },
  modest: { label: 'claims too little', text: 'It says it is not well, yet everything moves.' },
  unknown: { label: 'not compared', text: 'The claim or the evidence is missing, so there is nothing to compare.' },
};

export function Inspector() {
  const { store } = usePanels();
  const stale = useStale();
  const recorded = useObservable(store.view).kind === 'recording';
  const rungs = store.model()?.ladder() ?? [];
  const sum = sumOf(rungs);
  return (
    <aside className={stale ? 'inspector stale' : 'inspector'} aria-label="Claims and evidence">
      <div className="pane-head">
        <h2>Claims and evidence{recorded ? ' at the end' : stale ? ', last known' : ''}</h2>
        {rungs.length > 0 && !stale && (
          <span className={`chip tone-${sum.tone}`} role="status">
            {sum.icon && <Icon name={sum.icon} />}
            {sum.words}
          </span>
        )}
      </div>
      {rungs.length === 0 ? (
        <p className="empty">
          As soon as the phone reports, each layer of the call stands here: what it says of itself, and what really
          moved.
        </p>
      ) : (
        <table className="ladder" aria-label="Ladder">
          <thead>
            <tr>
              <th scope="col">
                <Term name="claim">Claims</Term>
              </th>
              <th scope="col">
                <Term name="evidence">Evidence</Term>
              </th>
            </tr>
          </thead>
          {rungs.map((rung) => (
            <tbody
              key={rung.layer}
              className={`rung ${rung.verdict}`}
              data-layer={rung.layer}
              data-verdict={rung.verdict}
            >
              <tr>
                <th colSpan={2} scope="rowgroup">
                  <span className="rung-title">
                    {rung.title}
                    <span className={`verdict ${rung.verdict}`} title={VERDICTS[rung.verdict].text}>
                      {rung.verdict === 'lies' && <Icon name="lies" />}
                      {VERDICTS[rung.verdict].label}
                    </span>
                  </span>
                </th>
              </tr>
              <tr>
                <td>
                  <ToneMark tone={rung.claim.tone} />
                  {rung.claim.text}
                </td>
                <td>
                  <ToneMark tone={rung.evidence.tone} />
                  {rung.evidence.text}
                </td>
              </tr>
            </tbody>
          ))}
        </table>
      )}
    </aside>
  );
}

/** Of all verdicts the one that matters; without any evidence there is none. */
function sumOf(rungs: readonly Rung[]): { readonly words: string; readonly tone: Tone; readonly icon?: IconName } {
  const count = (verdict: Rung['verdict']): number => rungs.filter((rung) => rung.verdict === verdict).length;
  const lies = count('lies');
  if (lies > 0) return { words: `${lies} ${lies === 1 ? 'claim lies' : 'claims lie'}`, tone: 'bad', icon: 'lies' };
  if (count('unknown') === rungs.length) return { words: 'no evidence', tone: 'unknown' };
  return { words: count('agree') === rungs.length ? 'all agree' : 'no claim lies', tone: 'good', icon: 'check' };
}
