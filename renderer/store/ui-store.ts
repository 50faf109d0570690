/** The page's own settings and selections. Settings are remembered by the browser; selections are not. */
import { Observable } from './observable.ts';

export type Theme = 'system' | 'light' | 'dark';
export type TabId = 'incidents' | 'recovery' | 'story' | 'events';
export const TABS: readonly { readonly id: TabId; readonly title: string }[] = [
  { id: 'incidents', title: 'Incidents' },
  { id: 'recovery', title: 'Recovery' },
  { id: 'story', title: 'What happened' },
  { id: 'events', title: 'List of events' },
];
export type Sheet = 'none' | 'commands' | 'help';

interface Remembered {
  readonly theme: Theme;
  readonly sidebar: boolean;
  readonly inspector: boolean;
  readonly singleKeys: boolean;
}
const KEY = 'sidetone.page';
/** Below this width the side panels would leave the timeline no room: they start closed and open over it. */
export const NARROW_PIXELS = 900;

export class UiStore {
  readonly theme: Observable<Theme>;
  readonly sidebar: Observable<boolean>;
  readonly inspector: Observable<boolean>;
  /** Keys without a modifier (space, letters) act everywhere; can be turned off for those who dictate. */
  readonly singleKeys: Observable<boolean>;
  readonly tab = new Observable<TabId>('incidents');
  readonly sheet = new Observable<Sheet>('none');
  /** What the waterfall shows of the chosen incident. */
  readonly scope = new Observable<'whole' | 'recovery'>('recovery');
  readonly incident = new Observable<string | undefined>(undefined);
  /** The recording whose deletion is being asked about. */
  readonly deleting = new Observable<string | undefined>(undefined);
  private readonly storage: Storage | undefined;
  private narrow: boolean;
  /** Which panels are open where there is room; in a narrow window both begin closed. */
  private wide: { readonly sidebar: boolean; readonly inspector: boolean };

  constructor(storage: Storage | undefined, width: number) {
    this.storage = storage;
    const kept = read(storage);
    this.narrow = width < NARROW_PIXELS;
    this.wide = { sidebar: kept.sidebar ?? true, inspector: kept.inspector ?? width >= 1180 };
    this.theme = new Observable(kept.theme ?? 'system');
    this.sidebar = new Observable(!this.narrow && this.wide.sidebar);
    this.inspector = new Observable(!this.narrow && this.wide.inspector);
    this.singleKeys = new Observable(kept.singleKeys ?? true);
    this.sidebar.subscribe(() => this.panelChanged(this.sidebar, this.inspector));
    this.inspector.subscribe(() => this.panelChanged(this.inspector, this.sidebar));
    for (const setting of [this.theme, this.singleKeys]) setting.subscribe(() => this.keep());
  }

  /** Do the panels lie over the timeline, instead of beside it? */
  get overlays(): boolean {
    return this.narrow;
  }

  /** The window crossed NARROW_PIXELS. */
  setNarrow(narrow: boolean): void {
    if (narrow === this.narrow) return;
    this.narrow = narrow;
    const { sidebar, inspector } = this.wide;
    this.sidebar.set(!narrow && sidebar);
    this.inspector.set(!narrow && inspector);
  }

  private panelChanged(panel: Observable<boolean>, other: Observable<boolean>): void {
    if (this.narrow) {
      // Over each other they would hide everything: the one opened last stays.
      if (panel.get()) other.set(false);
      return;
    }
    this.wide = {
      sidebar: panel === this.sidebar ? panel.get() : this.wide.sidebar,
      inspector: panel === this.inspector ? panel.get() : this.wide.inspector,
    };
    this.keep();
  }

  private keep(): void {
    const settings: Remembered = {
      theme: this.theme.get(),
      sidebar: this.wide.sidebar,
      inspector: this.wide.inspector,
      singleKeys: this.singleKeys.get(),
    };
    try {
      this.storage?.setItem(KEY, JSON.stringify(settings));
    } catch {
      // A full or forbidden storage loses a preference, nothing else.
    }
  }
}

function read(storage: Storage | undefined): Partial<Remembered> {
  try {
    const value: unknown = JSON.parse(storage?.getItem(KEY) ?? '{}');
    if (typeof value !== 'object' || value === null) return {};
    const { theme, sidebar, inspector, singleKeys } = value as Record<keyof Remembered, unknown>;
    return {
      ...(theme === 'light' || theme === 'dark' || theme === 'system' ? { theme } : {}),
      ...(typeof sidebar === 'boolean' ? { sidebar } : {}),
      ...(typeof inspector === 'boolean' ? { inspector } : {}),
      ...(typeof singleKeys === 'boolean' ? { singleKeys } : {}),
    };
  } catch {
    return {};
  }
}
