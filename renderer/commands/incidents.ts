/** Going through incidents: choosing one also shows it on the timeline. */
import type { Page } from '../components/context.ts';
import type { TabId } from '../store/ui-store.ts';

/** Chooses an incident (undefined: none) and zooms the timeline to it. */
export function chooseIncident(page: Page, id: string | undefined, tab: TabId = 'incidents'): void {
  page.ui.incident.set(id);
  const model = page.store.model();
  const incident = model?.incidents().find((one) => one.id === id);
  if (incident === undefined || model === undefined) return;
  page.ui.tab.set(tab);
  page.timeline.showRange({ from: incident.beganAt, to: incident.endedAt ?? model.newest });
}

export function stepIncident(page: Page, by: 1 | -1): void {
  const incidents = page.store.model()?.incidents() ?? [];
  const chosen = incidents.findIndex((incident) => incident.id === page.ui.incident.get());
  const next = chosen < 0 ? (by > 0 ? 0 : incidents.length - 1) : chosen + by;
  const incident = incidents[Math.min(incidents.length - 1, Math.max(0, next))];
  if (incident !== undefined) chooseIncident(page, incident.id);
}
