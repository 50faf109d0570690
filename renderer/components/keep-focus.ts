/**
 * The focus must never be lost: what has it may leave the page (a banner's button, a closed panel) or be disabled, and then
 * the browser leaves it nowhere. It goes to the button that opens the panel again, else to the content.
 */
import { useEffect } from 'react';

/** Where the focus goes from `lost`, an element that left the page or was disabled. */
function refugeOf(lost: Element): string {
  if (lost.closest('.sidebar')) return '[data-opens=sidebar]';
  if (lost.closest('.inspector')) return '[data-opens=inspector]';
  return '#content';
}

export function useKeptFocus(): void {
  useEffect(() => {
    let last: Element | undefined;
    const onFocus = (event: FocusEvent): void => {
      last = event.target instanceof Element ? event.target : undefined;
    };
    const onChange = (): void => {
      if (last === undefined || (last.isConnected && !last.matches(':disabled'))) return;
      const { activeElement } = document;
      if (activeElement !== null && activeElement !== document.body && activeElement !== last) return;
      // A disabled list button may come back in a moment, but the keyboard has to stand somewhere until then.
      const refuge = document.querySelector<HTMLElement>(last.isConnected ? '#content' : refugeOf(last));
      last = undefined;
      refuge?.focus({ preventScroll: true });
    };
    const observer = new MutationObserver(onChange);
    observer.observe(document.body, { childList: true, subtree: true, attributeFilter: ['disabled'] });
    document.addEventListener('focusin', onFocus);
    return () => {
      observer.disconnect();
      document.removeEventListener('focusin', onFocus);
    };
  }, []);
}
