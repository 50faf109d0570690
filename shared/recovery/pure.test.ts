/** Whatever the batching, the moment somebody looks, or how late an edge comes: the same lanes and the same incidents. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JournalEntry } from '../recording/entry.ts';
import { createBenchTimeline } from '../timeline/bench-timeline.ts';
import { BENCH, call, type Journal } from '../timeline/journal.fixture.ts';
import { createIncidentReducer } from './reduce.ts';
import { SHAPES } from './shapes.fixture.ts';

const shape = fc.constantFrom(...Object.values(SHAPES));

/** Looks at everything after the entries whose index is in `looks`. */
function derive(entries: readonly JournalEntry[], looks: ReadonlySet<number> = new Set()) {
  const reducer = createIncidentReducer(BENCH);
  const timeline = createBenchTimeline(BENCH);
  for (const [index, entry] of entries.entries()) {
    reducer.push(entry);
    timeline.push(entry);
    if (looks.has(index)) {
      reducer.incidents();
      timeline.lanes();
      timeline.marks();
    }
  }
  return {
    incidents: JSON.stringify(reducer.incidents()),
    lanes: JSON.stringify(timeline.lanes()),
    marks: JSON.stringify(timeline.marks()),
  };
}

/** Flow edges are handed over up to `late` entries later; events of one device keep their order among the edges. */
function withLateEdges(journal: Journal, lateness: readonly number[]): readonly JournalEntry[] {
  const isEdge = (entry: JournalEntry) => entry.type === 'event' && entry.event.kind.endsWith('.flow');
  let edge = 0;
  return journal.entries
    .map((entry, index) => ({ entry, key: isEdge(entry) ? index + (lateness[edge++ % lateness.length] ?? 0) : index }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ entry }) => entry);
}

describe('reducers', () => {
  it('do not depend on batches or on when somebody looks', () => {
    fc.assert(
      fc.property(shape, fc.array(fc.nat(120)), (make, looks) => {
        const { entries } = make();
        expect(derive(entries, new Set(looks))).toEqual(derive(entries));
      }),
      { numRuns: 60 },
    );
  });

  it('put late edges where they belong', () => {
    fc.assert(
      fc.property(
        shape,
        fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 12 }),
        (make, lateness) => {
          const journal = make();
          const late = derive(withLateEdges(journal, lateness));
          const inTime = derive(journal.entries);
          expect(JSON.parse(late.incidents)).toEqual(JSON.parse(inTime.incidents));
          expect(JSON.parse(late.lanes).slice(0, 2)).toEqual(JSON.parse(inTime.lanes).slice(0, 2));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('remember an incident after its facts are forgotten', () => {
    const reducer = createIncidentReducer(BENCH);
    const journal = SHAPES.declinedCall();
    for (const entry of journal.entries) reducer.push(entry);
    const before = JSON.stringify(reducer.incidents());
    for (const entry of call().quiet(21_000, 300_000).entries.slice(9)) reducer.push(entry);
    expect(JSON.stringify(reducer.incidents())).toBe(before);
  });

  it('keep lanes in order of time and without overlap', () => {
    fc.assert(
      fc.property(shape, fc.array(fc.nat(6), { minLength: 1, maxLength: 8 }), (make, lateness) => {
        const lanes: ReturnType<ReturnType<typeof createBenchTimeline>['lanes']> = JSON.parse(
          derive(withLateEdges(make(), lateness)).lanes,
        );
        for (const lane of lanes) {
          for (const [index, segment] of lane.segments.entries()) {
            expect(segment.to ?? Number.POSITIVE_INFINITY).toBeGreaterThan(segment.from);
            const before = lane.segments[index - 1];
            if (before !== undefined)
              expect(segment.from).toBeGreaterThanOrEqual(before.to ?? Number.POSITIVE_INFINITY);
          }
        }
      }),
      { numRuns: 60 },
    );
  });
});
