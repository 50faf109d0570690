/** Incidents: the list on the left, the chosen one's way back to two-way audio on the right. */
import { type KeyboardEvent, useRef } from 'react';
import type { Incident } from '../../shared/recovery/incident.ts';
import { chooseIncident } from '../commands/incidents.ts';
import { preciseLabel } from '../timeline/ticks.ts';
import { deadAirShort, deadAirWords, resultWords } from '../words/recovery.ts';
import { useObservable, usePage, usePanels } from './context.ts';
import { IncidentDetail } from './IncidentDetail.tsx';
import { rovingTarget } from './roving.ts';
import { ToneMark } from './ToneMark.tsx';

/** Newest first, at most this many rows; the recovery tab counts all of them. */
const MAX_ROWS = 200;

export function IncidentsTab() {
  const { store, ui } = usePanels();
  const chosenId = useObservable(ui.incident);
  const model = store.model();
  const incidents = model?.incidents() ?? [];
  if (store.view.get().kind === 'recording' && incidents.length === 0) {
    return (
      <div className="empty-state">
        <p>
          <strong>Nothing interrupts this recorded call.</strong>
        </p>
      </div>
    );
  }
  if (model === undefined || incidents.length === 0) {
    return (
      <div className="empty-state">
        <p>
          <strong>Nothing has interrupted this call yet.</strong>
        </p>
        <p className="quiet">
          Run “Phone call, declined” from the sidebar or the command palette: a few seconds later the incident stands
          here, with what every layer did and how long recovery took.
        </p>
      </div>
    );
  }
  const numbered = incidents.map((incident, index) => ({ incident, number: index + 1 })).reverse();
  const shown = numbered.slice(0, MAX_ROWS);
  const chosen = numbered.find(({ incident }) => incident.id === chosenId) ?? numbered[0];
  return (
    <div className="split">
      <IncidentList rows={shown} chosen={chosen?.incident.id} origin={model.origin} now={model.newest} />
      {chosen && (
        <IncidentDetail incident={chosen.incident} number={chosen.number} origin={model.origin} now={model.newest} />
      )}
      {numbered.length > shown.length && (
        <p className="quiet">
          The newest {MAX_ROWS} of {numbered.length} are listed.
        </p>
      )}
    </div>
  );
}

interface Row {
  readonly incident: Incident;
  readonly number: number;
}

function IncidentList({
  rows,
  chosen,
  origin,
  now,
}: {
  readonly rows: readonly Row[];
  readonly chosen: string | undefined;
  readonly origin: number;
  readonly now: number;
}) {
  const page = usePage();
  const list = useRef<HTMLDivElement>(null);
  const at = Math.max(
    0,
    rows.findIndex(({ incident }) => incident.id === chosen),
  );
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = rovingTarget(event.key, at, rows.length);
    const row = next === undefined ? undefined : rows[next];
    if (row === undefined || next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    chooseIncident(page, row.incident.id);
    list.current?.querySelectorAll<HTMLElement>('[role=option]')[next]?.focus();
  };
  return (
    <div className="incident-list">
      <div className="incident-head" aria-hidden="true">
        <span>#</span>
        <span>At</span>
        <span>Incident</span>
        <span title="How long the user heard nothing of the agent">
          Dead air
          <br />
          user
        </span>
        <span title="How long the agent heard nothing of the user">
          Dead air
          <br />
          agent
        </span>
        <span>Recovery</span>
      </div>
      <div role="listbox" aria-label="Incidents" ref={list} onKeyDown={onKeyDown}>
        {rows.map(({ incident, number }, index) => {
          const words = resultWords(incident);
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: arrow keys of the list choose
            <div
              key={incident.id}
              role="option"
              aria-selected={incident.id === chosen}
              // The columns' heads are for the eye; here each figure says what it is.
              aria-label={`${number}: ${incident.title} at ${preciseLabel(incident.beganAt - origin).slice(0, -2)}. Dead air: user ${deadAirWords(incident, 'rx', now)}, agent ${deadAirWords(incident, 'tx', now)}. ${words.long}.`}
              tabIndex={index === at ? 0 : -1}
              className={incident.id === chosen ? 'incident-row chosen' : 'incident-row'}
              onClick={() => chooseIncident(page, incident.id)}
              data-state={incident.state}
            >
              <span className="quiet tabular">{number}</span>
              <span className="tabular">{preciseLabel(incident.beganAt - origin).slice(0, -2)}</span>
              <span className="cut">{incident.title}</span>
              <span className="tabular" title={deadAirWords(incident, 'rx', now)}>
                {deadAirShort(incident, 'rx', now)}
              </span>
              <span className="tabular" title={deadAirWords(incident, 'tx', now)}>
                {deadAirShort(incident, 'tx', now)}
              </span>
              <span className={`result tone-${words.tone}`} title={words.long}>
                <ToneMark tone={words.tone} />
                <span className="tabular">{words.short}</span>
              </span>
            </div>
          );
        })}
      </div>
    </div>
  );
}
