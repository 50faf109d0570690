/** All events as a table: the same facts as the timeline, for reading, searching and screen readers. */
import { useState } from 'react';
import type { LoggedEntry } from '../store/event-log.ts';
import { preciseLabel } from '../timeline/ticks.ts';
import { usePanels } from './context.ts';
import { type EventRow, passes, rowOf } from './event-rows.ts';

/** A page of the table: what can be read at once, and what a browser lays out without delay. */
const PAGE_ROWS = 100;

export function EventTable() {
  const { store, timeline } = usePanels();
  const [filter, setFilter] = useState('');
  /** How many matching rows are between the newest and the shown page; 0 follows the newest. */
  const [back, setBack] = useState(0);
  const model = store.model();
  if (model === undefined) return <p className="empty">No events yet.</p>;
  const { rows, more } = newestRows(model.log.entries, model.origin, filter, back);
  return (
    <div className="events">
      <div className="events-bar">
        <input
          type="search"
          className="search"
          aria-label="Filter events"
          placeholder="Filter: interruption, iphone-os…"
          value={filter}
          onChange={(event) => {
            setFilter(event.target.value);
            setBack(0);
          }}
        />
        <button type="button" className="small-button" disabled={!more} onClick={() => setBack(back + PAGE_ROWS)}>
          Older
        </button>
        <button
          type="button"
          className="small-button"
          disabled={back === 0}
          onClick={() => setBack(Math.max(0, back - PAGE_ROWS))}
        >
          Newer
        </button>
        <span className="quiet" role="status">
          {rows.length === 0
            ? 'None match'
            : back === 0
              ? `The newest ${rows.length}`
              : `${rows.length}, ${back} newer ones before them`}
          {model.log.forgottenCount > 0 ? `; ${model.log.forgottenCount} oldest are only in the recording` : ''}
        </span>
      </div>
      <div className="events-scroll">
        <table className="event-table" aria-label="List of events">
          <thead>
            <tr>
              <th scope="col">At</th>
              <th scope="col">Device</th>
              <th scope="col">Event</th>
              <th scope="col">Says</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ row, index }) => (
              <tr
                key={index}
                onPointerEnter={() => timeline.setCursor(row.at)}
                onPointerLeave={() => timeline.setCursor(undefined)}
              >
                <td className="tabular">
                  {row.at === undefined ? (
                    '–'
                  ) : (
                    <button
                      type="button"
                      className="link"
                      title="Show this instant on the timeline"
                      onClick={() => timeline.showInstant(row.at ?? 0)}
                    >
                      {preciseLabel(row.at - model.origin)}
                    </button>
                  )}
                </td>
                <td>{row.device}</td>
                <td>{row.kind}</td>
                <td className="cut" title={row.text}>
                  {row.text}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

/** Newest first: reads backwards from the end and stops when the page is full. */
function newestRows(
  entries: readonly LoggedEntry[],
  origin: number,
  filter: string,
  skip: number,
): { readonly rows: readonly { readonly row: EventRow; readonly index: number }[]; readonly more: boolean } {
  const rows: { row: EventRow; index: number }[] = [];
  let skipped = 0;
  for (let index = entries.length - 1; index >= 0; index--) {
    const entry = entries[index];
    if (entry === undefined) continue;
    const row = rowOf(entry, origin);
    if (!passes(row, filter)) continue;
    if (skipped < skip) skipped++;
    else if (rows.length < PAGE_ROWS) rows.push({ row, index });
    else return { rows, more: true };
  }
  return { rows, more: false };
}
