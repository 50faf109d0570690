/** Puts the page together over any way of opening a channel: the browser's WebSocket, Electron's port, memory in demos. */
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import type { OpenChannel } from './channel/connection.ts';
import { App } from './components/App.tsx';
import { type Page, PageContext } from './components/context.ts';
import { PageStore } from './store/page-store.ts';
import { Session } from './store/session.ts';
import { NARROW_PIXELS, UiStore } from './store/ui-store.ts';
import { TimelineController } from './timeline/controller.ts';
import './styles/tokens.css';
import './styles/base.css';
import './styles/layout.css';
import './styles/timeline.css';
import './styles/panels.css';
import './styles/details.css';
import './styles/dialogs.css';
import './styles/forced-colors.css';

/** `recordingId`: begin with this recording instead of the live view. */
export function mountPage(element: HTMLElement, openChannel: OpenChannel, recordingId?: string): Page {
  const store = new PageStore(() => performance.now());
  const calm = matchMedia('(prefers-reduced-motion: reduce)');
  const timeline = new TimelineController(
    () => {
      const model = store.model();
      if (model === undefined || model.empty) return undefined;
      const live = store.view.get().kind === 'live';
      return {
        origin: model.origin,
        present: live ? model.presentAt(performance.now() * 1000) : model.newest,
        live,
        lanes: model.lanes(),
      };
    },
    () => calm.matches,
  );
  const page: Page = {
    store,
    session: new Session(store, openChannel, recordingId),
    timeline,
    ui: new UiStore(storageOrNone(), window.innerWidth),
  };
  const narrow = matchMedia(`(max-width: ${NARROW_PIXELS - 1}px)`);
  narrow.addEventListener('change', () => page.ui.setNarrow(narrow.matches));
  createRoot(element).render(
    <StrictMode>
      <PageContext value={page}>
        <App />
      </PageContext>
    </StrictMode>,
  );
  page.session.start();
  // The printed address pasted into this tab changes only the fragment; opened in another tab, it signs in this one too.
  const again = (): void => {
    if (!document.hidden && store.connection.get().kind === 'refused') page.session.tryNow();
  };
  window.addEventListener('hashchange', again);
  document.addEventListener('visibilitychange', again);
  return page;
}

/** A browser may forbid storage altogether; then settings last as long as the page. */
function storageOrNone(): Storage | undefined {
  try {
    return window.localStorage;
  } catch {
    return undefined;
  }
}
