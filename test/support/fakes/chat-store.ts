// The lines of the chat, in memory.
import type { ChatFile, ChatLine, ChatProgress, ChatStore, NewChatLine } from '../../../src/app/chat/chat-store.js';
import { HiloError } from '../../../src/app/errors.js';

interface Visitor {
  writtenMs: number;
  readonly lines: ChatLine[];
  readonly seen: Record<ChatProgress, number>;
}

export class FakeChatStore implements ChatStore {
  readonly #visitors = new Map<string, Visitor>();
  /** The database is away. */
  isAway = false;

  async greet(address: string, atMs: number): Promise<void> {
    this.#check();
    if (!this.#visitors.has(address)) {
      this.#visitors.set(address, { writtenMs: atMs, lines: [], seen: { delivered: 0, read: 0 } });
    }
  }

  async knows(address: string): Promise<boolean> {
    this.#check();
    return this.#visitors.has(address);
  }

  async add({ address, ...line }: NewChatLine): Promise<number | undefined> {
    this.#check();
    const visitor = this.#visitors.get(address);
    if (visitor === undefined) return undefined;
    const known = visitor.lines.find(({ id }) => id === line.id);
    if (known !== undefined) return known.number;
    visitor.lines.push({ ...line, number: visitor.lines.length + 1 });
    visitor.writtenMs = Math.max(visitor.writtenMs, line.atMs);
    return visitor.lines.length;
  }

  async lines(address: string, after: number, limit: number): Promise<readonly ChatLine[]> {
    this.#check();
    return (this.#visitors.get(address)?.lines ?? []).filter(({ number }) => number > after).slice(0, limit);
  }

  async last(address: string): Promise<number> {
    this.#check();
    return this.#visitors.get(address)?.lines.at(-1)?.number ?? 0;
  }

  async unseen(address: string, upTo: number, progress: ChatProgress): Promise<readonly ChatLine[]> {
    this.#check();
    const visitor = this.#visitors.get(address);
    const from = visitor?.seen[progress] ?? 0;
    return (visitor?.lines ?? []).filter(
      (line) => line.direction === 'out' && line.number > from && line.number <= upTo,
    );
  }

  async seen(address: string, upTo: number, progress: ChatProgress): Promise<void> {
    this.#check();
    const visitor = this.#visitors.get(address);
    if (visitor === undefined) return;
    visitor.seen[progress] = Math.max(visitor.seen[progress], Math.min(upTo, visitor.lines.at(-1)?.number ?? 0));
  }

  async file(address: string, id: string): Promise<ChatFile | undefined> {
    const lines = this.#visitors.get(address)?.lines ?? [];
    return lines.find((line) => line.direction === 'out' && line.file?.id === id)?.file;
  }

  async forget(beforeMs: number, most: number): Promise<number> {
    const old = [...this.#visitors].filter(([, { writtenMs }]) => writtenMs < beforeMs).slice(0, most);
    for (const [address] of old) this.#visitors.delete(address);
    return old.length;
  }

  #check(): void {
    if (this.isAway) throw new HiloError('store-unavailable', 'as the test wants it');
  }
}
