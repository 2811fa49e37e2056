// The live picture in the browser, and what each message does to it.
import type { LiveChange, LiveMessage } from '../../contract/live/live.js';

/** Documents by kind, then by id; a kind that has not changed is the same object as before. */
export type Documents = Readonly<Record<string, ReadonlyMap<string, unknown>>>;

export interface Picture {
  /** Of the server's numbering; undefined: nothing has come yet. */
  readonly epoch: string | undefined;
  readonly number: number;
  readonly documents: Documents;
}

export const EMPTY: Picture = { epoch: undefined, number: 0, documents: {} };

/** `gap`: something is missing, it has to be connected again without resuming. */
export type Applied = { readonly ok: true; readonly picture: Picture } | { readonly ok: false; readonly cause: 'gap' };

export function applyMessage(picture: Picture, message: LiveMessage): Applied {
  switch (message.type) {
    case 'snapshot': {
      const { epoch, number, documents } = message;
      return { ok: true, picture: { epoch, number, documents: withChanges({}, documents) } };
    }
    case 'resumed':
      return message.epoch === picture.epoch && message.number === picture.number
        ? { ok: true, picture }
        : { ok: false, cause: 'gap' };
    case 'changes':
      if (message.after !== picture.number) return { ok: false, cause: 'gap' };
      return {
        ok: true,
        picture: { ...picture, number: message.number, documents: withChanges(picture.documents, message.changes) },
      };
    case 'beat':
      return { ok: true, picture };
  }
}

function withChanges(documents: Documents, changes: readonly LiveChange[]): Documents {
  const changed = new Map<string, Map<string, unknown>>();
  for (const { kind, id, value } of changes) {
    const kept = changed.get(kind) ?? new Map(documents[kind]);
    changed.set(kind, kept);
    if (value === null) kept.delete(id);
    else kept.set(id, value);
  }
  return { ...documents, ...Object.fromEntries(changed) };
}
