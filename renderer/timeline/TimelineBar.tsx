/** The row of controls above the lanes. */
import { useEffect, useState } from 'react';
import { formatDuration } from '../../shared/time/duration.ts';
import { micros } from '../../shared/time/time.ts';
import { runCommand } from '../commands/run.ts';
import { useObservable, usePage } from '../components/context.ts';
import { Icon } from '../components/Icon.tsx';
import { Key } from '../components/Key.tsx';

/** The width of the view changes with every wheel step; reading it four times a second is enough for a label. */
const SPAN_EVERY_MILLISECONDS = 250;

export function TimelineBar() {
  const page = usePage();
  const following = useObservable(page.timeline.following);
  const view = useObservable(page.store.view);
  const [span, setSpan] = useState(page.timeline.view.span);
  useEffect(() => {
    const timer = setInterval(() => setSpan(page.timeline.view.span), SPAN_EVERY_MILLISECONDS);
    return () => clearInterval(timer);
  }, [page]);
  const run = (id: string) => () => runCommand(page, id);
  return (
    <div className="bar" role="toolbar" aria-label="Timeline controls">
      <h2>Timeline</h2>
      {view.kind === 'live' && (
        <button
          type="button"
          className={following ? 'toggle live on' : 'toggle live'}
          aria-pressed={following}
          onClick={run('timeline.follow')}
          title={
            following
              ? 'Hold the picture still; the call and the recording go on (Space)'
              : 'Follow the present (Space)'
          }
        >
          <Icon name={following ? 'live' : 'pause'} />
          {following ? 'Following live' : 'Held still'}
        </button>
      )}
      <span className="spacer" />
      <span className="quiet tabular one-line" title="How much time the view shows">
        {formatDuration(micros(span))}
      </span>
      <div className="group">
        <button
          type="button"
          className="icon-button"
          aria-label="Zoom out"
          title="Zoom out (−)"
          onClick={run('timeline.zoomOut')}
        >
          <Icon name="minus" />
        </button>
        <button
          type="button"
          className="icon-button"
          aria-label="Zoom in"
          title="Zoom in (+)"
          onClick={run('timeline.zoomIn')}
        >
          <Icon name="plus" />
        </button>
        <button
          type="button"
          className="icon-button"
          aria-label="Show everything"
          title="Show everything (F)"
          onClick={run('timeline.fit')}
        >
          <Icon name="fit" />
        </button>
      </div>
      <div className="group">
        <button
          type="button"
          className="icon-button"
          aria-label="Previous incident"
          title="Previous incident ([)"
          onClick={run('incident.previous')}
        >
          <Icon name="left" />
        </button>
        <button
          type="button"
          className="icon-button"
          aria-label="Next incident"
          title="Next incident (])"
          onClick={run('incident.next')}
        >
          <Icon name="right" />
        </button>
      </div>
      <span className="quiet hint wide-only">
        drag to move · <Key keys="Mod" /> scroll to zoom · <Key keys="Shift" /> drag to measure
      </span>
    </div>
  );
}
