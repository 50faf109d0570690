/** What every component may reach: the store, the session, the timeline and the page's own settings. */
import { createContext, useContext, useSyncExternalStore } from 'react';
import type { Observable } from '../store/observable.ts';
import type { PageStore } from '../store/page-store.ts';
import type { Session } from '../store/session.ts';
import type { UiStore } from '../store/ui-store.ts';
import type { TimelineController } from '../timeline/controller.ts';

export interface Page {
  readonly store: PageStore;
  readonly session: Session;
  readonly timeline: TimelineController;
  readonly ui: UiStore;
}

export const PageContext = createContext<Page | undefined>(undefined);

export function usePage(): Page {
  const page = useContext(PageContext);
  if (page === undefined) throw new Error('usePage outside of PageContext: wrap the component in <PageContext value>');
  return page;
}

export const useObservable = <T>(observable: Observable<T>): T =>
  useSyncExternalStore(observable.subscribe, observable.get);

/** Renders again when panels should: at most ten times a second. */
export function usePanels(): Page {
  const page = usePage();
  useObservable(page.store.panelRevision);
  return page;
}
