/** The window's toolbar: what is looked at, how real it is, recording, commands, theme. */
import { runCommand } from '../commands/run.ts';
import type { Theme } from '../store/ui-store.ts';
import { formatBytes, formatElapsed } from '../words/format.ts';
import { GLOSSARY } from '../words/glossary.ts';
import { useObservable, usePage, usePanels } from './context.ts';
import { Icon, type IconName } from './Icon.tsx';
import { Key } from './Key.tsx';
import { useNow } from './use-now.ts';

const NEXT_THEME: Readonly<Record<Theme, Theme>> = { system: 'light', light: 'dark', dark: 'system' };
const THEME_ICON: Readonly<Record<Theme, IconName>> = { system: 'auto', light: 'sun', dark: 'moon' };
const THEME_WORDS: Readonly<Record<Theme, string>> = { system: 'as the system', light: 'light', dark: 'dark' };

export function Toolbar() {
  const page = usePage();
  const theme = useObservable(page.ui.theme);
  const sidebar = useObservable(page.ui.sidebar);
  const inspector = useObservable(page.ui.inspector);
  return (
    <header className="toolbar">
      <button
        type="button"
        className="icon-button"
        aria-label="Sidebar"
        aria-pressed={sidebar}
        data-opens="sidebar"
        title="Show or hide the sidebar"
        onClick={() => page.ui.sidebar.set(!sidebar)}
      >
        <Icon name="sidebar" />
      </button>
      <WindowTitle />
      <span className="spacer" />
      <RecordButton />
      <button
        type="button"
        className="button commands"
        onClick={() => page.ui.sheet.set('commands')}
        aria-label="Commands"
      >
        <Icon name="command" />
        <span className="wide-only">Commands</span>
        <Key keys="Mod+K" />
      </button>
      <button
        type="button"
        className="icon-button"
        aria-label={`Theme: ${THEME_WORDS[theme]}`}
        title={`Theme: ${THEME_WORDS[theme]}`}
        onClick={() => page.ui.theme.set(NEXT_THEME[theme])}
      >
        <Icon name={THEME_ICON[theme]} />
      </button>
      <button
        type="button"
        className="icon-button"
        aria-label="Shortcuts and words"
        title="Shortcuts and words (?)"
        onClick={() => page.ui.sheet.set('help')}
      >
        <Icon name="help" />
      </button>
      <button
        type="button"
        className="icon-button"
        aria-label="Claims and evidence"
        aria-pressed={inspector}
        data-opens="inspector"
        title="Show or hide claims and evidence"
        onClick={() => page.ui.inspector.set(!inspector)}
      >
        <Icon name="inspector" />
      </button>
    </header>
  );
}

function WindowTitle() {
  const { store } = usePanels();
  const status = useObservable(store.status);
  const view = useObservable(store.view);
  const connection = useObservable(store.connection);
  const bench = store.benchInfo();
  const simulated = view.kind === 'recording' ? (store.model()?.simulated ?? false) : (bench?.simulated ?? false);
  const title = view.kind === 'recording' ? view.recording.title : (bench?.title ?? 'Sidetone');
  return (
    <div className="window-title">
      <h1>{title}</h1>
      {view.kind === 'recording' ? (
        <span className="chip">
          <Icon name="lock" /> Recording
        </span>
      ) : (
        status !== undefined &&
        bench !== undefined && (
          <span className={connection.kind === 'open' ? `chip state-${bench.state}` : 'chip state-broken'}>
            {connection.kind === 'open' ? STATES[bench.state] : 'Not connected'}
          </span>
        )
      )}
      {simulated && (
        <span className="chip simulated" title={GLOSSARY.fidelity.text} data-testid="fidelity-badge">
          Simulated (F0)
        </span>
      )}
    </div>
  );
}

const STATES = { starting: 'Starting', running: 'Live', paused: 'Paused', broken: 'Broken' } as const;

function RecordButton() {
  const page = usePage();
  const recording = useObservable(page.store.status)?.recording;
  const connected = useObservable(page.store.connection).kind === 'open';
  const now = useNow(connected && recording?.state === 'on' ? 1000 : undefined);
  if (recording?.state !== 'on') {
    return (
      <button
        type="button"
        className="button"
        disabled={recording === undefined || !connected}
        onClick={() => runCommand(page, 'recording.start')}
        title="Write everything from now on to a recording (R)"
      >
        <span className="record-dot" aria-hidden="true" />
        Record
      </button>
    );
  }
  const elapsed = recording.since === undefined ? 0 : (now - Date.parse(recording.since)) / 1000;
  return (
    <button
      type="button"
      className="button recording"
      disabled={!connected}
      onClick={() => runCommand(page, 'recording.stop')}
      title="Stop recording (R)"
    >
      <span className="record-square" aria-hidden="true" />
      Stop recording
      <span className="tabular quiet">
        {formatElapsed(elapsed)} · {formatBytes(recording.bytes ?? 0)}
      </span>
    </button>
  );
}
