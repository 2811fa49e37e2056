// Texts from node to node, over what all nodes of a centre share.

/** To all nodes, the sender's own too. */
export const EVERYBODY = '*';

/** A letter may be lost, and none is kept: whoever needs an answer asks again. */
export interface Letters {
  /** Resolves with whether somebody listens there. Rejects with HiloError `store-unavailable`. */
  send(node: string, text: string): Promise<boolean>;
  /** Calls `listener` with each letter to that node or to {@link EVERYBODY}; returns how to stop that. */
  listen(node: string, listener: (text: string) => void): () => void;
  /** Unix ms by a clock that all nodes share. Rejects with HiloError `store-unavailable`. */
  timeMs(): Promise<number>;
}

/** What came in a letter; undefined: not of the kind that is wanted, and nothing to worry about. */
export function letterOf(text: string, ...kinds: readonly string[]): unknown {
  try {
    const letter: unknown = JSON.parse(text);
    const isOne = typeof letter === 'object' && letter !== null && 'kind' in letter;
    return isOne && kinds.includes(String(letter.kind)) ? letter : undefined;
  } catch {
    // Nobody but nodes writes here; a text of another version is passed over.
    return undefined;
  }
}
