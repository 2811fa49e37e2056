// A draft of a text, kept in this browser until it is published or dropped: a reload or a shut lid loses nothing.
import { useCallback, useState } from 'react';
import { type Kept, keepDraft, keptDraft } from './kept-draft.js';
import type { Published } from './published.js';

export interface Draft {
  readonly inForce: Published;
  readonly text: string;
  /** Revision in force that it was begun from. */
  readonly base: string;
  readonly isChanged: boolean;
  /** Another text is in force than the one it was begun from. */
  readonly isOvertaken: boolean;
  /** The browser has no room for it: a reload would lose it. */
  readonly isUnkept: boolean;
  write(text: string): void;
  /** Goes on from the text that is in force now; the draft stays as it is. */
  rebase(): void;
  drop(): void;
}

export function useDraft(name: string, inForce: Published): Draft {
  const [kept, setKept] = useState(() => keptDraft(localStorage, name));
  const [isUnkept, setUnkept] = useState(false);
  const keep = useCallback(
    (next: Kept | undefined) => {
      setKept(next);
      setUnkept(!keepDraft(localStorage, name, next));
    },
    [name],
  );
  const isChanged = kept !== undefined && kept.text !== inForce.text;
  const text = kept?.text ?? inForce.text;
  const base = isChanged ? kept.base : inForce.revision;
  const write = (next: string): void => keep(next === inForce.text ? undefined : { text: next, base });
  return {
    ...{ inForce, text, base, isChanged, isUnkept, write },
    isOvertaken: isChanged && base !== inForce.revision,
    rebase: () => keep({ text, base: inForce.revision }),
    drop: () => keep(undefined),
  };
}
