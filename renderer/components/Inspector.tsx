/** The ladder: what each layer claims, beside what was measured to move. */
import type { Rung } from '../../shared/timeline/view.ts';
import { useObservable, usePanels } from './context.ts';
import { Icon } from './Icon.tsx';
import { Term } from './Term.tsx';
import { ToneMark } from './ToneMark.tsx';
import { useStale } from './use-stale.ts';

const VERDICTS: Readonly<Record<Rung['verdict'], { readonly label: string; readonly text: string }>> = {
  agree: { label: 'agree', text: 'Claim and evidence agree.' },
  lies: { label: 'claim lies', text: 'It claims to be healthy while nothing moves.' },
  modest: { label: 'modest', text: 'It claims less than what moves.' },
  unknown: { label: 'no evidence', text: 'There is nothing measured to compare the claim with.' },
};

export function Inspector() {
  const { store } = usePanels();
  const stale = useStale();
  const recorded = useObservable(store.view).kind === 'recording';
  const rungs = store.model()?.ladder() ?? [];
  const lies = rungs.filter((rung) => rung.verdict === 'lies').length;
  return (
    <aside className={stale ? 'inspector stale' : 'inspector'} aria-label="Claims and evidence">
      <div className="pane-head">
        <h2>Claims and evidence{recorded ? ' at the end' : stale ? ', last known' : ''}</h2>
        {rungs.length > 0 && !stale && (
          <span className={lies > 0 ? 'chip tone-bad' : 'chip tone-good'} role="status">
            <Icon name={lies > 0 ? 'lies' : 'check'} />
            {lies > 0 ? `${lies} ${lies === 1 ? 'claim lies' : 'claims lie'}` : 'all agree'}
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
