// The focus stays in the part of the page where somebody works, also when what they were at is gone.
import { type RefObject, useEffect } from 'react';

/**
 * Whose button or field disappears goes on at the heading of the same part, and not at the beginning of the page (WCAG 2.4.3). Both are there
 * as long as the component is. Nobody who has left the part is fetched back.
 */
export function useKeptFocus(part: RefObject<HTMLElement | null>, heading: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const within = part.current;
    if (within === null) return;
    let held: EventTarget | null = null;
    const hold = ({ target }: FocusEvent): void => {
      held = target;
    };
    // What is taken off the page, or is busy, loses the focus too: that is not somebody's leaving it, and known only afterwards.
    const release = ({ target }: FocusEvent): void =>
      queueMicrotask(() => {
        if (held === target && isThere(target) && !isBusy(target)) held = null;
      });
    const observer = new MutationObserver(() => {
      if (held === null || isThere(held)) return;
      held = null;
      if (document.activeElement === document.body) heading.current?.focus({ preventScroll: true });
    });
    within.addEventListener('focusin', hold);
    within.addEventListener('focusout', release);
    observer.observe(within, { childList: true, subtree: true });
    return () => {
      observer.disconnect();
      within.removeEventListener('focusin', hold);
      within.removeEventListener('focusout', release);
    };
  }, [part, heading]);
}

function isThere(target: EventTarget | null): boolean {
  return target instanceof Node && target.isConnected;
}

function isBusy(target: EventTarget | null): boolean {
  return target instanceof Element && target.matches(':disabled');
}
