// What one node asks of another: done at most once, answered, and said honestly when no answer comes.
//
//  asker                       doer
//    │── errand (until when) ──▶│  the same id again: not done again
//    │◀──────── begun ──────────│
//    │── errand, once a second ▶│  a sign of life, or the answer that was lost
//    │◀──────── answer ─────────│
import type { Clock, Timer } from '../../lib/clock.js';
import type { Ids } from '../../lib/ids.js';
import type { Log } from '../../lib/log.js';
import { HiloError } from '../errors.js';
import { type Letters, letterOf } from './letters.js';

/** Not begun by then, it is not done any more. */
export const BEGIN_LIMIT_MS = 3_000;
const AGAIN_EVERY_MS = 1_000;
/** Without a word for so long, the doer is gone. */
export const SILENT_LIMIT_MS = 5_000;
/** The longest act rings a telephone, which takes half a minute. */
export const ANSWER_LIMIT_MS = 60_000;
/** Errands of this node that are under way. */
export const ASKED_MAX = 500;
/** Errands of others, those under way and those whose answer may still be asked for. */
export const DONE_MAX = 2_000;

type Letter =
  | {
      readonly kind: 'errand';
      readonly id: string;
      readonly from: string;
      readonly untilMs: number;
      readonly text: string;
    }
  | { readonly kind: 'begun'; readonly id: string }
  | { readonly kind: 'answer'; readonly id: string; readonly text: string };

interface Asked {
  readonly resolve: (answer: string) => void;
  readonly reject: (error: unknown) => void;
  readonly letter: string;
  readonly node: string;
  readonly sinceMs: number;
  /** When the doer was last heard of; absent: not yet. */
  heardMs?: number;
  /** A letter has reached somebody. */
  reached: boolean;
  timer?: Timer;
}

type Done = { readonly state: 'begun' } | { readonly state: 'answered'; readonly text: string };

export interface ErrandsPorts {
  readonly letters: Letters;
  readonly node: string;
  readonly clock: Clock;
  readonly ids: Pick<Ids, 'uuid'>;
  readonly log: Log;
}

export class Errands {
  readonly #ports: ErrandsPorts;
  readonly #asked = new Map<string, Asked>();
  readonly #done = new Map<string, Done>();
  #handler: ((text: string) => Promise<string>) | undefined;
  readonly #stop: () => void;

  constructor(ports: ErrandsPorts) {
    this.#ports = ports;
    this.#stop = ports.letters.listen(ports.node, (text) => this.#received(text));
  }

  /** One handler, which must not reject: what it makes of an errand is the answer. */
  onErrand(handler: (text: string) => Promise<string>): void {
    this.#handler = handler;
  }

  /**
   * Has `node` do it; resolves with its answer. Rejects with HiloError `node-away` (nothing was done), `outcome-unknown`
   * (it may have been done: whoever asked has to look), `too-many-requests`, `store-unavailable` (nothing was done).
   */
  async ask(node: string, text: string): Promise<string> {
    const { letters, node: from, ids, clock } = this.#ports;
    if (this.#asked.size >= ASKED_MAX) throw new HiloError('too-many-requests', 'too much is asked of other nodes now');
    const id = ids.uuid();
    const letter: Letter = { kind: 'errand', id, from, untilMs: (await letters.timeMs()) + BEGIN_LIMIT_MS, text };
    try {
      return await new Promise<string>((resolve, reject) => {
        const asked: Asked = {
          ...{ resolve, reject, node, sinceMs: clock.monotonicMs(), reached: false },
          letter: JSON.stringify(letter),
        };
        this.#asked.set(id, asked);
        void this.#send(asked);
      });
    } finally {
      this.#asked.get(id)?.timer?.cancel();
      this.#asked.delete(id);
    }
  }

  close(): void {
    this.#stop();
    for (const asked of this.#asked.values()) asked.reject(lost(asked));
  }

  async #send(asked: Asked): Promise<void> {
    const { letters, clock } = this.#ports;
    try {
      if (await letters.send(asked.node, asked.letter)) asked.reached = true;
    } catch (error) {
      // A command to the store that was not answered may have been carried out.
      asked.reached = true;
      this.#ports.log.info({ err: error, node: asked.node }, 'a letter to another node may be lost');
    }
    const nowMs = clock.monotonicMs();
    const { sinceMs, heardMs } = asked;
    const isLost =
      heardMs === undefined ? nowMs - sinceMs > BEGIN_LIMIT_MS + AGAIN_EVERY_MS : nowMs - heardMs > SILENT_LIMIT_MS;
    if (isLost || nowMs - sinceMs > ANSWER_LIMIT_MS) asked.reject(lost(asked));
    else asked.timer = clock.after(AGAIN_EVERY_MS, () => void this.#send(asked));
  }

  #received(text: string): void {
    const letter = letterOf(text, 'errand', 'begun', 'answer') as Letter | undefined;
    if (letter === undefined) return;
    if (letter.kind === 'errand') {
      this.#do(letter).catch((error: unknown) => {
        this.#ports.log.error({ err: error, from: letter.from }, 'an errand of another node is not answered');
      });
      return;
    }
    const asked = this.#asked.get(letter.id);
    if (asked === undefined) return;
    asked.heardMs = this.#ports.clock.monotonicMs();
    if (letter.kind === 'answer') asked.resolve(letter.text);
  }

  async #do({ id, from, untilMs, text }: Extract<Letter, { kind: 'errand' }>): Promise<void> {
    const { letters, log } = this.#ports;
    const known = this.#done.get(id);
    if (known !== undefined) return this.#tell(from, id, known);
    if (this.#handler === undefined || !this.#hasRoom()) {
      log.warn({ from }, 'an errand of another node is not begun');
      return;
    }
    this.#done.set(id, { state: 'begun' });
    if ((await letters.timeMs()) > untilMs) {
      this.#done.delete(id);
      log.warn({ from }, 'an errand of another node came too late: it is not done');
      return;
    }
    await this.#tell(from, id, { state: 'begun' });
    const answered: Done = { state: 'answered', text: await this.#handler(text) };
    this.#done.set(id, answered);
    await this.#tell(from, id, answered);
  }

  /** The oldest answers make room; what is under way stays. */
  #hasRoom(): boolean {
    for (const [id, { state }] of this.#done) {
      if (this.#done.size < DONE_MAX) break;
      if (state === 'answered') this.#done.delete(id);
    }
    return this.#done.size < DONE_MAX;
  }

  async #tell(node: string, id: string, done: Done): Promise<void> {
    const letter: Letter = done.state === 'begun' ? { kind: 'begun', id } : { kind: 'answer', id, text: done.text };
    await this.#ports.letters.send(node, JSON.stringify(letter));
  }
}

function lost({ node, reached, heardMs }: Asked): HiloError {
  if (!reached && heardMs === undefined) {
    return new HiloError('node-away', `node ${node} holds it and does not listen; nothing was done`);
  }
  return new HiloError('outcome-unknown', `node ${node} holds it and did not answer; look whether it was done`);
}
