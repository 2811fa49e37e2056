// Pictures that the agent wants to see: kept for all conversations, so that whatever draws a thread anew leaves them shown.
import { createContext, useContext, useMemo, useState } from 'react';

interface ShownFiles {
  readonly ids: ReadonlySet<string>;
  show(id: string): void;
}

const Shown = createContext<ShownFiles>({ ids: new Set(), show: () => undefined });

export const ShownFilesOfAll = Shown.Provider;

export function useShownFiles(): ShownFiles {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  return useMemo(() => ({ ids, show: (id) => setIds((before) => new Set([...before, id])) }), [ids]);
}

/** Whether that one is shown, and how to show it. */
export function useShown(id: string): readonly [isShown: boolean, show: () => void] {
  const { ids, show } = useContext(Shown);
  return [ids.has(id), () => show(id)];
}
