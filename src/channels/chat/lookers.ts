// The open pages of visitors at this node, each told its lines in order, none twice.
import type { ChatLooker } from '../../app/chat/chat-door.js';
import type { ChatStore } from '../../app/chat/chat-store.js';
import { HiloError } from '../../app/errors.js';
import type { Log } from '../../lib/log.js';

/** Of one visitor: tabs. */
export const LOOKERS_PER_VISITOR = 5;
export const LOOKERS_MAX = 1_000;
/** Lines told at a time. */
const BATCH = 100;
/** Older lines are in the record; a page is not told them. */
export const LINES_TOLD_MAX = 200;

interface Looker {
  readonly address: string;
  readonly told: ChatLooker;
  after: number;
  state: 'idle' | 'telling' | 'telling-and-more-to-do' | 'gone';
}

export class Lookers {
  readonly #byAddress = new Map<string, Set<Looker>>();
  #count = 0;

  constructor(
    private readonly store: Pick<ChatStore, 'lines' | 'last'>,
    private readonly log: Log,
  ) {}

  /** Rejects with HiloError `too-many-requests`, `store-unavailable`. */
  async add(address: string, after: number, told: ChatLooker): Promise<{ refresh(): void; stop(): void }> {
    const own = this.#byAddress.get(address)?.size ?? 0;
    if (own >= LOOKERS_PER_VISITOR || this.#count >= LOOKERS_MAX) {
      throw new HiloError('too-many-requests', 'too many pages of the chat are open');
    }
    const looker: Looker = { address, told, after, state: 'idle' };
    this.#count += 1;
    this.#byAddress.set(address, (this.#byAddress.get(address) ?? new Set()).add(looker));
    const stop = (): void => this.#remove(looker);
    try {
      looker.after = Math.max(after, (await this.store.last(address)) - LINES_TOLD_MAX);
    } catch (error) {
      stop();
      throw error;
    }
    this.#wake(looker);
    return { refresh: () => this.#wake(looker), stop };
  }

  wake(address: string): void {
    for (const looker of this.#byAddress.get(address) ?? []) this.#wake(looker);
  }

  close(): void {
    for (const looker of [...this.#byAddress.values()].flatMap((own) => [...own])) {
      this.#remove(looker);
      looker.told.broken();
    }
  }

  #wake(looker: Looker): void {
    if (looker.state === 'telling') looker.state = 'telling-and-more-to-do';
    if (looker.state !== 'idle') return;
    looker.state = 'telling';
    this.#tell(looker).catch((error: unknown) => {
      this.log.warn({ err: error }, 'a visitor is not told what was written');
      this.#remove(looker);
      looker.told.broken();
    });
  }

  async #tell(looker: Looker): Promise<void> {
    while (looker.state !== 'gone') {
      looker.state = 'telling';
      const lines = await this.store.lines(looker.address, looker.after, BATCH);
      const last = lines.at(-1);
      if (this.#isGone(looker)) return;
      if (last !== undefined) {
        looker.after = last.number;
        looker.told.lines(lines);
      } else if (looker.state === 'telling') {
        looker.state = 'idle';
        return;
      }
    }
  }

  #isGone({ state }: Looker): boolean {
    return state === 'gone';
  }

  #remove(looker: Looker): void {
    if (looker.state === 'gone') return;
    looker.state = 'gone';
    this.#count -= 1;
    const own = this.#byAddress.get(looker.address);
    own?.delete(looker);
    if (own?.size === 0) this.#byAddress.delete(looker.address);
  }
}
