/** The lower half of the content: incidents, recovery over repeats, the story in words, and all events as a table. */
import { type KeyboardEvent, useRef } from 'react';
import { TABS } from '../store/ui-store.ts';
import { useObservable, usePage, usePanels } from './context.ts';
import { EventTable } from './EventTable.tsx';
import { IncidentsTab } from './IncidentsTab.tsx';
import { RecoveryTab } from './RecoveryTab.tsx';
import { rovingTarget } from './roving.ts';
import { StoryTab } from './StoryTab.tsx';

export function Tabs() {
  const page = usePage();
  const tab = useObservable(page.ui.tab);
  const bar = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = rovingTarget(
      event.key,
      TABS.findIndex((one) => one.id === tab),
      TABS.length,
    );
    const target = next === undefined ? undefined : TABS[next];
    if (target === undefined || next === undefined) return;
    event.preventDefault();
    page.ui.tab.set(target.id);
    bar.current?.querySelectorAll<HTMLElement>('[role=tab]')[next]?.focus();
  };
  return (
    <section className="tabs" aria-label="Details">
      <div className="bar" role="tablist" aria-label="Details" ref={bar} onKeyDown={onKeyDown}>
        {TABS.map((one) => (
          <button
            key={one.id}
            type="button"
            role="tab"
            id={`tab-${one.id}`}
            aria-selected={tab === one.id}
            aria-controls="tab-panel"
            tabIndex={tab === one.id ? 0 : -1}
            className={tab === one.id ? 'tab chosen' : 'tab'}
            onClick={() => page.ui.tab.set(one.id)}
          >
            {one.title}
            {one.id === 'incidents' && <IncidentCount />}
          </button>
        ))}
      </div>
      {/* Keyed, so that each tab begins at its own top. */}
      <div key={tab} className="tab-panel" role="tabpanel" id="tab-panel" aria-labelledby={`tab-${tab}`}>
        {tab === 'incidents' && <IncidentsTab />}
        {tab === 'recovery' && <RecoveryTab />}
        {tab === 'story' && <StoryTab />}
        {tab === 'events' && <EventTable />}
      </div>
    </section>
  );
}

function IncidentCount() {
  const { store } = usePanels();
  const count = store.model()?.incidents().length ?? 0;
  return count === 0 ? undefined : <span className="count tabular">{count}</span>;
}
