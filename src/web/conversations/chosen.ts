// The conversation that is to be looked at: chosen in the list, or begun wherever a customer is shown.
import { useSyncExternalStore } from 'react';

let wanted: string | undefined;
const listeners = new Set<() => void>();

/** Undefined: the list itself, where it is narrow. */
export function choose(id: string | undefined): void {
  wanted = id;
  for (const listener of listeners) listener();
}

export function useWanted(): string | undefined {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    () => wanted,
  );
}
