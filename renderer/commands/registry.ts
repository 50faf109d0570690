/**
 * Every command of the page, once: the palette, the shortcuts and the help sheet are made from this.
 * `P` is what commands act on; the registry itself knows nothing of the page.
 */
export const SECTIONS = [
  'Scenarios',
  'Inject',
  'Run',
  'Timeline',
  'Incidents',
  'Recordings',
  'Phone',
  'View',
  'Help',
] as const;
export type Section = (typeof SECTIONS)[number];

export interface Command<P> {
  readonly id: string;
  readonly title: string;
  readonly section: Section;
  /** More words that find it in the palette. */
  readonly also?: string;
  /** Said beside the title: duration, fidelity. */
  readonly detail?: string;
  readonly keys?: readonly string[];
  /** Keys that act only while the timeline has the focus; listed in the help, not handled globally. */
  readonly local?: boolean;
  /** Can it be done now? Absent: always. */
  readonly enabled?: (page: P) => boolean;
  readonly run: (page: P) => void;
}

/** How well `query` finds the command: higher is better, undefined is not at all. All words must be found. */
export function score<P>(command: Command<P>, query: string): number | undefined {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const title = command.title.toLowerCase();
  const rest = `${command.section} ${command.also ?? ''} ${command.id}`.toLowerCase();
  let sum = 0;
  for (const word of words) {
    const at = title.indexOf(word);
    if (at === 0) sum += 5;
    else if (at > 0 && title[at - 1] === ' ') sum += 4;
    else if (at > 0) sum += 3;
    else if (rest.includes(word)) sum += 2;
    else if (isSubsequence(word, title)) sum += 1;
    else return undefined;
  }
  return sum;
}

function isSubsequence(word: string, text: string): boolean {
  let at = 0;
  for (const letter of word) {
    at = text.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}

/** Commands that the query finds, best first; equal ones in order of sections, then of the registry. */
export function search<P>(commands: readonly Command<P>[], query: string): readonly Command<P>[] {
  const found = commands.flatMap((command, index) => {
    const points = command.local ? undefined : score(command, query);
    return points === undefined ? [] : [{ command, points, index }];
  });
  found.sort(
    (one, other) =>
      other.points - one.points ||
      SECTIONS.indexOf(one.command.section) - SECTIONS.indexOf(other.command.section) ||
      one.index - other.index,
  );
  return found.map(({ command }) => command);
}

/** Commands by section, in order of sections, without empty ones. */
export function bySection<P>(
  commands: readonly Command<P>[],
): readonly { readonly section: Section; readonly commands: readonly Command<P>[] }[] {
  return SECTIONS.map((section) => ({
    section,
    commands: commands.filter((command) => command.section === section),
  })).filter(({ commands: found }) => found.length > 0);
}
