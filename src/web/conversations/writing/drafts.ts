// What is written but not sent, and what is on its way: per conversation, kept while one looks at another.
import type { NewConversationMessage, WireMessage } from '../../../contract/conversation/conversation.js';

export interface Outgoing {
  /** Also that of the message in the thread, once it is there. */
  readonly id: string;
  readonly message: NewConversationMessage;
  /** What is shown meanwhile. */
  readonly text: string;
  /** It goes along; each try brings it anew. */
  readonly file?: File;
  /** Why it did not go; it can be sent again. */
  readonly fault?: string;
}

export interface Draft {
  readonly text: string;
  readonly file?: File;
  readonly outgoing: readonly Outgoing[];
}

export const NO_DRAFT: Draft = { text: '', outgoing: [] };

export function withOutgoing(draft: Draft, one: Outgoing): Draft {
  const others = draft.outgoing.filter(({ id }) => id !== one.id);
  return { ...draft, outgoing: [...others, one] };
}

export function without(draft: Draft, id: string): Draft {
  return { ...draft, outgoing: draft.outgoing.filter((one) => one.id !== id) };
}

/** What is not in the thread yet. */
export function stillOut(outgoing: readonly Outgoing[], messages: readonly WireMessage[]): readonly Outgoing[] {
  const known = new Set(messages.map(({ id }) => id));
  return outgoing.filter(({ id }) => !known.has(id));
}
