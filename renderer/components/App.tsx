/** The page: toolbar on top, sidebar, content, inspector, status bar. */
import { useEffect } from 'react';
import { runKey } from '../commands/run.ts';
import { Timeline } from '../timeline/Timeline.tsx';
import { Banners } from './Banners.tsx';
import { CommandPalette } from './CommandPalette.tsx';
import { useObservable, usePage } from './context.ts';
import { DeleteDialog } from './DeleteDialog.tsx';
import { FactStrip } from './FactStrip.tsx';
import { HelpSheet } from './HelpSheet.tsx';
import { Inspector } from './Inspector.tsx';
import { useKeptFocus } from './keep-focus.ts';
import { Notices } from './Notices.tsx';
import { Sidebar } from './Sidebar.tsx';
import { StatusBar } from './StatusBar.tsx';
import { Tabs } from './Tabs.tsx';
import { Toolbar } from './Toolbar.tsx';

export function App() {
  const page = usePage();
  const theme = useObservable(page.ui.theme);
  const sidebar = useObservable(page.ui.sidebar);
  const inspector = useObservable(page.ui.inspector);
  const sheet = useObservable(page.ui.sheet);
  const deleting = useObservable(page.ui.deleting);

  useEffect(() => {
    if (theme === 'system') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = theme;
  }, [theme]);

  useKeptFocus();

  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (!event.defaultPrevented && runKey(page, event)) event.preventDefault();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [page]);

  return (
    <div className={`app${sidebar ? ' with-sidebar' : ''}${inspector ? ' with-inspector' : ''}`}>
      <a className="skip" href="#content">
        Skip to the timeline
      </a>
      <Toolbar />
      {sidebar && <Sidebar />}
      <main id="content" className="content" tabIndex={-1} aria-label="Call">
        <Banners />
        <FactStrip />
        <Timeline />
        <Tabs />
      </main>
      {inspector && <Inspector />}
      <StatusBar />
      <Notices />
      {sheet === 'commands' && <CommandPalette />}
      {sheet === 'help' && <HelpSheet />}
      {deleting !== undefined && <DeleteDialog recordingId={deleting} />}
    </div>
  );
}
