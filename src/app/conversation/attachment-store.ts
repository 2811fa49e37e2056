// What files of conversations need of a store that all nodes share. store/ implements it.
import { z } from 'zod';

export const draft = z.object({
  id: z.string(),
  name: z.string(),
  type: z.string(),
  bytes: z.number(),
  conversation: z.string(),
  by: z.string(),
  atMs: z.number(),
});
/** Uploaded for a conversation, and not sent yet. */
export type Draft = Readonly<z.infer<typeof draft>>;

/** Each rejects with HiloError `store-unavailable`. */
export interface AttachmentStore {
  /** Whole when it resolves, or not there at all; an id that is there already is left as it is. `unsent`: it is a draft. */
  put(id: string, content: AsyncIterable<Uint8Array>, unsent?: Draft): Promise<void>;
  /** In pieces, so that no file has to fit into memory; undefined: there is none. */
  get(id: string): Promise<AsyncIterable<Uint8Array> | undefined>;
  /** Those of a conversation. */
  countDrafts(conversation: string): Promise<number>;
  findDraft(conversation: string, id: string): Promise<Draft | undefined>;
  /** From then on it is none any more: of two who take it at once, one gets it. */
  takeDraft(conversation: string, id: string): Promise<Draft | undefined>;
  /** It is a draft again. */
  putBack(unsent: Draft): Promise<void>;
  /** With its content, draft or not. */
  remove(id: string): Promise<void>;
  /** Throws away drafts from before that moment, with their content; their ids. */
  forgetDrafts(beforeMs: number): Promise<readonly string[]>;
}
