// Long texts that arrive in parts: kept until they are whole and stored, for a while at most, and never lost silently.
import type { Clock, Timer } from '../../lib/clock.js';
import type { Log } from '../../lib/log.js';
import type { Alphabet } from './data-coding.js';

/** Longer texts are taken part by part, each as a message of its own. */
export const MAX_PARTS = 20;
export const MAX_PARTIAL = 500;
/** Octets of one part; what is longer is no short message. */
export const MAX_PART_OCTETS = 280;
/** An SMSC with a window of one sends the next part only after our answer to this one. */
export const HOLD_MS = 2_000;
/** Then the rest is not coming any more, and what is there is handed on with a gap. */
export const PART_LIFE_MS = 10 * 60_000;
/** Parts of a stored text may be sent again when our answer was lost. */
export const STORED_LIFE_MS = 60_000;

export interface TextPart {
  readonly from: string;
  readonly to: string;
  readonly reference: number;
  readonly total: number;
  /** From 1. */
  readonly number: number;
  readonly alphabet: Alphabet;
  readonly language: number;
  readonly body: Buffer;
}

/** A text in order; a missing part is undefined. */
export interface PartialText {
  /** The same for every try to store it. */
  readonly providerId: string;
  readonly parts: readonly (TextPart | undefined)[];
}

/** collecting ── last part ──▶ storing ── stored ──▶ stored (for repeated parts); failed ──▶ collecting */
type Stage =
  | { readonly stage: 'collecting'; readonly done: Deferred }
  | { readonly stage: 'storing'; readonly done: Deferred }
  | { readonly stage: 'stored' };

interface Collected {
  readonly providerId: string;
  readonly key: string;
  readonly total: number;
  readonly parts: Map<number, TextPart>;
  stage: Stage;
  life: Timer;
}

export interface ReassemblyPorts {
  readonly clock: Clock;
  readonly log: Log;
  newId(): string;
  /** Durable when it resolves. */
  store(text: PartialText): Promise<void>;
}

export class Reassembly {
  readonly #ports: ReassemblyPorts;
  /** Oldest first. */
  readonly #texts = new Map<string, Collected>();

  constructor(ports: ReassemblyPorts) {
    this.#ports = ports;
  }

  /**
   * Resolves when the whole text is stored, or after {@link HOLD_MS} when parts are missing: then the part is kept here and
   * the SMSC may go on. Rejects as `store` does; the SMSC sends again.
   */
  async add(part: TextPart): Promise<void> {
    const text = this.#textOf(part);
    if (text.stage.stage === 'stored') return;
    text.parts.set(part.number, part);
    if (text.stage.stage === 'collecting' && text.parts.size === text.total) void this.#store(text);
    await this.#held(text, text.stage.done.promise);
  }

  get size(): number {
    return this.#texts.size;
  }

  /** Hands on what is there, since the SMSC has our word for it. */
  async close(): Promise<void> {
    const texts = [...this.#texts.values()];
    for (const text of texts) text.life.cancel();
    await Promise.all(texts.filter(({ stage }) => stage.stage === 'collecting').map((text) => this.#store(text)));
    for (const text of texts) text.life.cancel();
    this.#texts.clear();
  }

  #textOf(part: TextPart): Collected {
    const key = [part.from, part.to, part.reference, part.total].join(' ');
    const known = this.#texts.get(key);
    const same = known?.parts.get(part.number)?.body;
    if (known !== undefined && (same === undefined || same.equals(part.body))) return known;
    // The customer's phone counts references round and round: this is another text.
    if (known !== undefined) this.#lapse(known);
    const [oldest] = this.#texts.values();
    if (this.#texts.size >= MAX_PARTIAL && oldest !== undefined) this.#lapse(oldest);
    const text: Collected = {
      providerId: this.#ports.newId(),
      key,
      total: part.total,
      parts: new Map(),
      stage: { stage: 'collecting', done: deferred() },
      life: this.#ports.clock.after(PART_LIFE_MS, () => this.#lapse(text)),
    };
    this.#texts.set(key, text);
    return text;
  }

  /** Never rejects: those who wait are told. */
  async #store(text: Collected): Promise<void> {
    if (text.stage.stage !== 'collecting') return;
    const { done } = text.stage;
    text.stage = { stage: 'storing', done };
    const parts = Array.from({ length: text.total }, (_, index) => text.parts.get(index + 1));
    try {
      await this.#ports.store({ providerId: text.providerId, parts });
      text.stage = { stage: 'stored' };
      text.life.cancel();
      text.life = this.#ports.clock.after(STORED_LIFE_MS, () => this.#forget(text));
      done.resolve();
    } catch (error) {
      text.stage = { stage: 'collecting', done: deferred() };
      done.reject(error);
    }
  }

  #lapse(text: Collected): void {
    text.life.cancel();
    this.#forget(text);
    if (text.stage.stage !== 'collecting') return;
    const { total, parts } = text;
    this.#ports.log.warn({ total, arrived: parts.size }, 'long text message is not complete, taken as it is');
    void this.#store(text).then(() => {
      if (text.stage.stage === 'stored') text.life.cancel();
      else this.#ports.log.error({ total, arrived: parts.size }, 'incomplete text message could not be stored');
    });
  }

  #forget(text: Collected): void {
    if (this.#texts.get(text.key) === text) this.#texts.delete(text.key);
  }

  /** A text being stored is waited for; the hold is for parts that are still missing. */
  #held(text: Collected, done: Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = this.#ports.clock.after(HOLD_MS, () => {
        if (text.stage.stage === 'collecting') resolve();
      });
      done.then(resolve, reject).finally(() => timer.cancel());
    });
  }
}

interface Deferred {
  readonly promise: Promise<void>;
  resolve(): void;
  reject(error: unknown): void;
}

function deferred(): Deferred {
  let settle: Omit<Deferred, 'promise'> = { resolve: () => undefined, reject: () => undefined };
  const promise = new Promise<void>((resolve, reject) => {
    settle = { resolve, reject };
  });
  // Nobody may be waiting when it fails: those who were have their answer.
  promise.catch(() => undefined);
  return { promise, ...settle };
}
