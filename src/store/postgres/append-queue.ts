// Group commit: appends that arrive within a moment, or while one transaction is being written, go together into the next.
import { HiloError } from '../../app/errors.js';
import type { Append } from '../../app/ports.js';
import { assert } from '../../lib/assert.js';

const WAITING_MAX = 10_000;
const BATCH_APPENDS_MAX = 500;
const BATCH_EVENTS_MAX = 2_000;

/** All appends of one interaction within a batch, one after the other: they are stored or refused together. */
export interface Chain {
  readonly interaction: string;
  readonly expectedVersion: number;
  readonly appends: readonly Append[];
}

export interface AppendQueueOptions {
  /** How long a batch that somebody waits for waits for more to come along. */
  readonly gather: () => Promise<void>;
  /** The same for a batch that nobody waits for; an append that somebody waits for cuts it short. */
  readonly gatherUnhurried: () => Promise<void>;
  /** Stores the chains in one transaction; tells the interactions whose expected version was right. */
  readonly write: (chains: readonly Chain[]) => Promise<ReadonlySet<string>>;
}

interface Waiting {
  readonly append: Append;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export class AppendQueue {
  readonly #options: AppendQueueOptions;
  #waiting: Waiting[] = [];
  #onHurried: () => void = () => undefined;
  #flushing: Promise<void> | undefined;

  constructor(options: AppendQueueOptions) {
    this.#options = options;
  }

  append(append: Append): Promise<void> {
    assert(append.interaction === append.summary.id, 'the summary is of another interaction');
    if (this.#waiting.length >= WAITING_MAX) {
      return Promise.reject(new HiloError('store-unavailable', `${WAITING_MAX} writes are waiting for the database`));
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ append, resolve, reject });
      if (append.unhurried !== true) this.#onHurried();
      this.#flushing ??= this.#flush();
    });
  }

  /** Settles when nothing waits any more. */
  async drained(): Promise<void> {
    await this.#flushing;
  }

  async #flush(): Promise<void> {
    while (this.#waiting.length > 0) {
      await this.#company();
      const { batch, rest } = nextBatch(this.#waiting);
      this.#waiting = rest;
      await this.#store(batch);
    }
    this.#flushing = undefined;
  }

  async #company(): Promise<void> {
    const { gather, gatherUnhurried } = this.#options;
    const hurried = (): boolean => this.#waiting.some(({ append }) => append.unhurried !== true);
    if (!hurried()) {
      const hurry = new Promise<void>((resolve) => {
        this.#onHurried = resolve;
      });
      await Promise.race([gatherUnhurried(), hurry]);
    }
    if (hurried()) await gather();
  }

  async #store(batch: readonly Waiting[]): Promise<void> {
    const chains = chainsOf(batch.map(({ append }) => append));
    try {
      const stored = await this.#options.write(chains);
      for (const { append, resolve, reject } of batch) {
        if (stored.has(append.interaction)) resolve();
        else reject(conflict(append));
      }
    } catch (error) {
      const broken = error instanceof HiloError || chains.length === 1;
      if (broken) for (const { reject } of batch) reject(error);
      // One of them holds something the database refuses: only that one may fail.
      else
        for (const chain of chains)
          await this.#store(batch.filter(({ append }) => append.interaction === chain.interaction));
    }
  }
}

/**
 * The longest-waiting appends up to the limits. A second append to an interaction comes along when it builds on the
 * first; one with another expected version has to wait until it is known how the first ended.
 */
function nextBatch(waiting: readonly Waiting[]): { readonly batch: Waiting[]; readonly rest: Waiting[] } {
  const batch: Waiting[] = [];
  const rest: Waiting[] = [];
  const nextVersion = new Map<string, number | 'closed'>();
  let events = 0;
  for (const one of waiting) {
    const { interaction, expectedVersion, events: added } = one.append;
    const expected = nextVersion.get(interaction) ?? expectedVersion;
    const full = batch.length > 0 && (batch.length >= BATCH_APPENDS_MAX || events + added.length > BATCH_EVENTS_MAX);
    if (full || expected !== expectedVersion) {
      nextVersion.set(interaction, 'closed'); // What comes later must not overtake this one.
      rest.push(one);
      continue;
    }
    nextVersion.set(interaction, expectedVersion + added.length);
    events += added.length;
    batch.push(one);
  }
  return { batch, rest };
}

function chainsOf(appends: readonly Append[]): readonly Chain[] {
  const byInteraction = new Map<string, Append[]>();
  for (const append of appends) {
    const chain = byInteraction.get(append.interaction);
    if (chain === undefined) byInteraction.set(append.interaction, [append]);
    else chain.push(append);
  }
  return [...byInteraction].map(([interaction, chain]) => ({
    interaction,
    expectedVersion: chain[0]?.expectedVersion ?? 0,
    appends: chain,
  }));
}

function conflict(append: Append): HiloError {
  return new HiloError(
    'version-conflict',
    `interaction ${append.interaction} is no longer at version ${append.expectedVersion}`,
  );
}
