// The store of conversations' files, in memory.
import type { AttachmentStore, Draft } from '../../../src/app/conversation/attachment-store.js';

export class FakeAttachments implements AttachmentStore {
  readonly #files = new Map<string, { readonly content: Buffer; readonly draft?: Draft }>();

  async put(id: string, content: AsyncIterable<Uint8Array>, unsent?: Draft): Promise<void> {
    const pieces: Uint8Array[] = [];
    for await (const piece of content) pieces.push(piece);
    if (this.#files.has(id)) return;
    this.#files.set(id, { content: Buffer.concat(pieces), ...(unsent === undefined ? {} : { draft: unsent }) });
  }

  async get(id: string): Promise<AsyncIterable<Uint8Array> | undefined> {
    const file = this.#files.get(id);
    return file === undefined ? undefined : piecesOf(file.content);
  }

  async countDrafts(conversation: string): Promise<number> {
    return [...this.#files.values()].filter(({ draft }) => draft?.conversation === conversation).length;
  }

  async findDraft(conversation: string, id: string): Promise<Draft | undefined> {
    const unsent = this.#files.get(id)?.draft;
    return unsent?.conversation === conversation ? unsent : undefined;
  }

  async takeDraft(conversation: string, id: string): Promise<Draft | undefined> {
    const file = this.#files.get(id);
    if (file?.draft?.conversation !== conversation) return undefined;
    this.#files.set(id, { content: file.content });
    return file.draft;
  }

  async putBack(unsent: Draft): Promise<void> {
    const file = this.#files.get(unsent.id);
    if (file !== undefined) this.#files.set(unsent.id, { ...file, draft: unsent });
  }

  async remove(id: string): Promise<void> {
    this.#files.delete(id);
  }

  async forgetDrafts(beforeMs: number): Promise<readonly string[]> {
    const old = [...this.#files].filter(([, { draft }]) => draft !== undefined && draft.atMs <= beforeMs);
    for (const [id] of old) this.#files.delete(id);
    return old.map(([id]) => id);
  }
}

async function* piecesOf(content: Buffer): AsyncGenerator<Uint8Array> {
  yield content;
}
