/** The one place where the page meets the shared reducers: entries in, lanes, ladder, header, incidents and words out. */
import type { JournalEntry } from '../../shared/recording/entry.ts';
import type { Incident } from '../../shared/recovery/incident.ts';
import type { Header, Lane, LaneId, Mark, Rung } from '../../shared/timeline/view.ts';
import type { NarrationLine } from './bench-model.ts';

export interface Derivation {
  push(entry: JournalEntry): void;
  lanes(): ReadonlyMap<LaneId, Lane>;
  marks(): ReadonlyMap<LaneId, readonly Mark[]>;
  ladder(): readonly Rung[];
  header(): Header | undefined;
  incidents(): readonly Incident[];
  narration(): readonly NarrationLine[];
}

export function createDerivation(_benchId: string): Derivation {
  return {
    push: () => {},
    lanes: () => new Map(),
    marks: () => new Map(),
    ladder: () => [],
    header: () => undefined,
    incidents: () => [],
    narration: () => [],
  };
}
