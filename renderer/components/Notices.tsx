/** Answers to what the user asked for: errors stay until dismissed, good news goes by itself. */
import { useEffect } from 'react';
import { useObservable, usePage } from './context.ts';
import { Icon } from './Icon.tsx';

const GOOD_NEWS_MILLISECONDS = 4000;

export function Notices() {
  const { store } = usePage();
  const notices = useObservable(store.notices);
  useEffect(() => {
    const done = notices.find((notice) => notice.kind === 'done');
    if (done === undefined) return undefined;
    const timer = setTimeout(() => store.dismiss(done.id), GOOD_NEWS_MILLISECONDS);
    return () => clearTimeout(timer);
  }, [notices, store]);
  return (
    <div className="notices" role="log" aria-label="Notices" aria-live="polite">
      {notices.map((notice) => (
        <div key={notice.id} className={`notice ${notice.kind}`}>
          <Icon name={notice.kind === 'error' ? 'warning' : 'check'} />
          <p>{notice.text}</p>
          <button type="button" className="icon-button" aria-label="Dismiss" onClick={() => store.dismiss(notice.id)}>
            <Icon name="cross" />
          </button>
        </div>
      ))}
    </div>
  );
}
