/** The call in plain words, newest last, as someone would tell it who listened on both ends. */
import { memo, useEffect, useRef } from 'react';
import { chooseIncident } from '../commands/incidents.ts';
import type { Story } from '../store/derive.ts';
import { type Page, usePanels } from './context.ts';
import { ToneMark } from './ToneMark.tsx';

/** Incidents told at once; earlier ones are in the list of incidents. */
const MAX_STORIES = 100;
/** What is shown around a line's instant, each way. */
const AROUND_MICROS = 3_000_000;

export function StoryTab() {
  const page = usePanels();
  const end = useRef<HTMLDivElement>(null);
  const stories = page.store.model()?.stories(MAX_STORIES) ?? [];
  const count = stories.reduce((sum, story) => sum + story.lines.length, 0);
  useEffect(() => {
    if (count > 0) end.current?.scrollIntoView({ block: 'nearest' });
  }, [count]);
  if (stories.length === 0) {
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
    <div className="story">
      {stories.map((story) => (
        <Telling key={story.incident.id} story={story} page={page} />
      ))}
      <div ref={end} />
    </div>
  );
}

/** Told anew only when the incident changed: panels are drawn ten times a second. */
const Telling = memo(function Telling({ story, page }: { readonly story: Story; readonly page: Page }) {
  const { incident, headline, lines } = story;
  return (
    <section>
      <h3>
        <button type="button" className="link" onClick={() => chooseIncident(page, incident.id)}>
          {headline}
        </button>
      </h3>
      <ol>
        {lines.map((line) => (
          <li key={line.text}>
            <button
              type="button"
              className="story-line"
              title="Show this moment on the timeline"
              onClick={() => page.timeline.showRange({ from: line.at - AROUND_MICROS, to: line.at + AROUND_MICROS })}
            >
              {/* The line begins with its time: `0:12 The phone rings.` */}
              <span className="tabular quiet">{line.text.split(' ', 1)[0]}</span>
              <ToneMark tone={line.tone} />
              <span>{line.text.slice(line.text.indexOf(' ') + 1)}</span>
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
});
