/**
 * What a run needs to know of its bench: do both directions flow, and which incidents are there. One watch serves a bench
 * for as long as it lives; several runs may look at it. Whoever makes it pushes every entry of that bench into it.
 */
import type { JournalEntry } from '../recording/entry.ts';
import type { Incident } from '../recovery/incident.ts';

/** The part of the incident reducer a watch uses (shared/recovery/reduce.ts has the whole). */
export interface IncidentSource {
  push(entry: JournalEntry): void;
  incidents(): readonly Incident[];
}

export interface BenchWatch {
  push(entry: JournalEntry): void;
  /** Does captured audio reach the encoder, and decoded audio the speaker, as last reported? */
  flowing(): { readonly tx: boolean; readonly rx: boolean };
  incidents(): readonly Incident[];
}

export function createBenchWatch(source: IncidentSource): BenchWatch {
  let tx = false;
  let rx = false;
  return {
    push(entry) {
      source.push(entry);
      if (entry.type === 'hello' && entry.hello.role === 'probe') {
        // A new session of the app: nothing is known until it reports again.
        tx = false;
        rx = false;
      }
      if (entry.type !== 'event') return;
      const { event } = entry;
      if (event.kind === 'tx.flow') tx = event.data.to === 'flowing';
      if (event.kind === 'rx.flow') rx = event.data.to === 'flowing';
    },
    flowing: () => ({ tx, rx }),
    incidents: () => source.incidents(),
  };
}
