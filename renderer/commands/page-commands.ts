/** The commands of the page that are always there; scenarios and injections come from the engine (engine-commands.ts). */
import type { Page } from '../components/context.ts';
import { TABS } from '../store/ui-store.ts';
import { stepIncident } from './incidents.ts';
import type { Command } from './registry.ts';

const ZOOM_STEP = 0.6;
const isLive = (page: Page): boolean => page.store.view.get().kind === 'live';
const recordingOn = (page: Page): boolean => page.store.status.get()?.recording.state === 'on';
const panelOverTimeline = (page: Page): boolean =>
  page.ui.overlays && (page.ui.sidebar.get() || page.ui.inspector.get());
const toggle = (value: { get(): boolean; set(next: boolean): void }): void => value.set(!value.get());

/** Keys the timeline handles itself, listed so that help tells of them. */
const local = (id: string, title: string, keys: readonly string[]): Command<Page> => ({
  id,
  title,
  section: 'Timeline',
  keys,
  local: true,
  run: () => {},
});

export const PAGE_COMMANDS: readonly Command<Page>[] = [
  {
    id: 'run.stop',
    title: 'Stop the running scenario',
    section: 'Run',
    keys: ['Mod+.'],
    enabled: (page) => page.store.benchInfo()?.run !== undefined,
    run: (page) => {
      const bench = page.store.benchInfo();
      if (bench) void page.session.ask('scenario.stop', { benchId: bench.benchId });
    },
  },
  {
    id: 'timeline.follow',
    title: 'Follow live, or hold the picture still',
    section: 'Timeline',
    also: 'pause resume',
    keys: ['Space'],
    enabled: isLive,
    run: (page) => page.timeline.setFollowing(!page.timeline.following.get()),
  },
  {
    id: 'timeline.zoomIn',
    title: 'Zoom in',
    section: 'Timeline',
    keys: ['+', '='],
    run: (page) => page.timeline.zoomMiddle(ZOOM_STEP),
  },
  {
    id: 'timeline.zoomOut',
    title: 'Zoom out',
    section: 'Timeline',
    keys: ['-'],
    run: (page) => page.timeline.zoomMiddle(1 / ZOOM_STEP),
  },
  {
    id: 'timeline.fit',
    title: 'Show everything',
    section: 'Timeline',
    also: 'fit whole all',
    keys: ['F'],
    run: (page) => page.timeline.fitAll(),
  },
  local('timeline.pan', 'Move in time (with Shift: further)', ['ArrowLeft', 'ArrowRight']),
  local('timeline.lane', 'Choose a lane', ['ArrowUp', 'ArrowDown']),
  local('timeline.step', "Step through the chosen lane's changes", [',', '.']),
  local('timeline.ends', 'Go to the beginning, or to the present', ['Home', 'End']),
  {
    id: 'incident.previous',
    title: 'Previous incident',
    section: 'Incidents',
    keys: ['['],
    run: (page) => stepIncident(page, -1),
  },
  {
    id: 'incident.next',
    title: 'Next incident',
    section: 'Incidents',
    keys: [']'],
    run: (page) => stepIncident(page, 1),
  },
  {
    id: 'incident.none',
    title: 'Choose nothing: no incident, no measured time, no panel over the timeline',
    section: 'Incidents',
    keys: ['Escape'],
    enabled: (page) =>
      panelOverTimeline(page) || page.ui.incident.get() !== undefined || page.timeline.measured !== undefined,
    run: (page) => {
      if (panelOverTimeline(page)) {
        page.ui.sidebar.set(false);
        page.ui.inspector.set(false);
        return;
      }
      page.ui.incident.set(undefined);
      page.timeline.setMeasured(undefined);
    },
  },
  {
    id: 'recording.start',
    title: 'Start recording',
    section: 'Recordings',
    keys: ['R'],
    enabled: (page) => !recordingOn(page),
    run: (page) => void page.session.ask('recording.start', {}),
  },
  {
    id: 'recording.stop',
    title: 'Stop recording',
    section: 'Recordings',
    keys: ['R'],
    enabled: recordingOn,
    run: (page) => void page.session.ask('recording.stop', {}),
  },
  {
    id: 'view.live',
    title: 'Back to live',
    section: 'Recordings',
    enabled: (page) => page.store.view.get().kind === 'recording',
    run: (page) => void page.session.watchLive(),
  },
  {
    id: 'phone.restart',
    title: 'Restart the phone',
    section: 'Phone',
    also: 'bench simulation process',
    enabled: (page) => page.store.benchInfo() !== undefined,
    run: (page) => {
      const bench = page.store.benchInfo();
      if (bench) void page.session.ask('bench.restart', { benchId: bench.benchId });
    },
  },
  ...TABS.map(
    (tab, index): Command<Page> => ({
      id: `view.${tab.id}`,
      title: `Show ${tab.title.toLowerCase()}`,
      section: 'View',
      keys: [String(index + 1)],
      run: (page) => page.ui.tab.set(tab.id),
    }),
  ),
  {
    id: 'view.sidebar',
    title: 'Show or hide the sidebar',
    section: 'View',
    keys: ['Mod+\\'],
    run: (page) => toggle(page.ui.sidebar),
  },
  {
    id: 'view.inspector',
    title: 'Show or hide claims and evidence',
    section: 'View',
    also: 'inspector ladder',
    keys: ['Mod+I'],
    run: (page) => toggle(page.ui.inspector),
  },
  {
    id: 'view.themeSystem',
    title: 'Theme: as the system',
    section: 'View',
    also: 'colour color',
    run: (page) => page.ui.theme.set('system'),
  },
  {
    id: 'view.themeLight',
    title: 'Theme: light',
    section: 'View',
    also: 'colour color',
    run: (page) => page.ui.theme.set('light'),
  },
  {
    id: 'view.themeDark',
    title: 'Theme: dark',
    section: 'View',
    also: 'colour color',
    run: (page) => page.ui.theme.set('dark'),
  },
  {
    id: 'help.commands',
    title: 'All commands',
    section: 'Help',
    keys: ['Mod+K'],
    run: (page) => page.ui.sheet.set('commands'),
  },
  {
    id: 'help.shortcuts',
    title: 'Shortcuts and words',
    section: 'Help',
    also: 'glossary keys',
    keys: ['?'],
    run: (page) => page.ui.sheet.set('help'),
  },
];
