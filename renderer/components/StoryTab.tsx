/** The call in plain words, newest last, as someone would tell it who listened on both ends. */
import { useEffect, useRef } from 'react';
import { clockLabel } from '../timeline/ticks.ts';
import { usePanels } from './context.ts';
import { ToneMark } from './ToneMark.tsx';

/** A tenth of a second is as fine as a story is told. */
const STORY_STEP = 100_000;
const MAX_LINES = 500;

export function StoryTab() {
  const { store, timeline } = usePanels();
  const end = useRef<HTMLDivElement>(null);
  const model = store.model();
  const lines = model?.story() ?? [];
  useEffect(() => {
    if (lines.length > 0) end.current?.scrollIntoView({ block: 'nearest' });
  }, [lines.length]);
  if (model === undefined || lines.length === 0) {
    return (
      <div className="empty-state">
        <p>
          <strong>Nothing to tell yet.</strong>
        </p>
        <p className="quiet">What happens to the call is told here in plain words, one line each.</p>
      </div>
    );
  }
  return (
    <ol className="story" aria-label="What happened">
      {lines.slice(-MAX_LINES).map((line) => (
        <li key={`${line.at} ${line.text}`}>
          <button
            type="button"
            className="story-line"
            title="Show this moment on the timeline"
            onClick={() => timeline.showRange({ from: line.at - 3_000_000, to: line.at + 3_000_000 })}
          >
            <span className="tabular quiet">{clockLabel(line.at - model.origin, STORY_STEP)}</span>
            <ToneMark tone={line.tone} />
            <span>{line.text}</span>
          </button>
        </li>
      ))}
      <div ref={end} />
    </ol>
  );
}
