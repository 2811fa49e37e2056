// Callers in flows, now: at which step of which text each of them stands, on this node and, while somebody looks, on all.
import type { Session } from '../../core/ivr/session.js';
import type { Clock, Timer } from '../../lib/clock.js';
import type { Log } from '../../lib/log.js';

/** How soon other nodes know. */
export const TELL_EVERY_MS = 1_000;
/** Steps within this time are told to those who look as one change. */
const GATHER_MS = 100;
/** What a node has told counts so long; it is told again before that. */
export const TOLD_FOR_MS = 10_000;
const REPEAT_MS = 4_000;

export interface StepWalkers {
  readonly callers: number;
  /** Of them: who talk with a person there. */
  readonly talking: number;
}

/** By step; steps where nobody stands are left out. */
export type TextWalkers = ReadonlyMap<string, StepWalkers>;

/** A flow in one of its texts. */
export interface WalkedText {
  readonly flow: string;
  readonly revision: string;
}

/** What the nodes tell each other: by flow and revision, then by step. */
export type ToldWalkers = Readonly<Record<string, Readonly<Record<string, StepWalkers>>>>;

/** Rejects with HiloError `store-unavailable`. */
export interface WalkerStore {
  put(node: string, told: ToldWalkers, ttlMs: number): Promise<void>;
  /** Of the nodes that are alive, except this one. */
  others(node: string): Promise<readonly ToldWalkers[]>;
}

export interface WalkersPorts {
  readonly store: WalkerStore;
  readonly node: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** Of one call, from its first step to its last. */
export interface Walk {
  at(session: Session): void;
  over(): void;
}

interface Standing extends WalkedText {
  readonly step: string;
}

interface Walking {
  readonly isTalking: () => boolean;
  standings: readonly Standing[];
}

export class Walkers {
  readonly #ports: WalkersPorts;
  readonly #walks = new Set<Walking>();
  readonly #listeners = new Set<() => void>();
  #others: readonly ToldWalkers[] = [];
  #told = '{}';
  #toldAtMs = Number.NEGATIVE_INFINITY;
  #isAway = false;
  #timer: Timer | undefined;
  #gathering: Timer | undefined;

  constructor(ports: WalkersPorts) {
    this.#ports = ports;
  }

  /** From now on it is told to the other nodes, and theirs is known here. */
  start(): void {
    this.#again();
  }

  close(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#gathering?.cancel();
  }

  /** `revisionOf`: of the texts that the call began with. */
  began(revisionOf: (flow: string) => string, isTalking: () => boolean): Walk {
    const walking: Walking = { isTalking, standings: [] };
    this.#walks.add(walking);
    return {
      at: ({ frames }) => {
        walking.standings = frames.map(({ flow, step }) => ({ flow, step, revision: revisionOf(flow) }));
        this.#changed();
      },
      over: () => {
        this.#walks.delete(walking);
        this.#changed();
      },
    };
  }

  /** Texts in which somebody is now. Who is in a sub-flow stands in the flow that called it as well. */
  all(): ReadonlyMap<string, WalkedText & { readonly steps: TextWalkers }> {
    const found = new Map<string, WalkedText & { readonly steps: Map<string, StepWalkers> }>();
    for (const told of [this.#own(), ...this.#others]) {
      for (const [key, steps] of Object.entries(told)) {
        const text = found.get(key) ?? { ...textOf(key), steps: new Map() };
        found.set(key, text);
        for (const [step, { callers, talking }] of Object.entries(steps)) {
          const before = text.steps.get(step);
          const sum = { callers: callers + (before?.callers ?? 0), talking: talking + (before?.talking ?? 0) };
          text.steps.set(step, sum);
        }
      }
    }
    return found;
  }

  /** Calls `listener` when somebody goes on, and from time to time: who begins to talk says nothing here. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #changed(): void {
    if (this.#listeners.size === 0) return;
    this.#gathering ??= this.#ports.clock.after(GATHER_MS, () => {
      this.#gathering = undefined;
      for (const listener of this.#listeners) listener();
    });
  }

  #own(): ToldWalkers {
    const told: Record<string, Record<string, StepWalkers>> = {};
    for (const { standings, isTalking } of this.#walks) {
      const talking = isTalking() ? 1 : 0;
      for (const standing of standings) {
        const key = keyOf(standing);
        const steps = told[key] ?? {};
        told[key] = steps;
        const before = steps[standing.step] ?? { callers: 0, talking: 0 };
        steps[standing.step] = { callers: before.callers + 1, talking: before.talking + talking };
      }
    }
    return told;
  }

  #again(): void {
    this.#timer = this.#ports.clock.after(TELL_EVERY_MS, () => {
      void this.#exchange().finally(() => {
        if (this.#timer !== undefined) this.#again();
      });
    });
  }

  /** Never rejects: without the store everybody sees the callers of their own node. */
  async #exchange(): Promise<void> {
    const { store, node, clock, log } = this.#ports;
    try {
      await this.#tell(clock.monotonicMs());
      this.#others = this.#listeners.size === 0 ? [] : await store.others(node);
      this.#isAway = false;
    } catch (error) {
      this.#others = [];
      if (!this.#isAway) log.warn({ err: error }, 'callers in the flows of other nodes are not known');
      this.#isAway = true;
    }
    this.#changed();
  }

  async #tell(nowMs: number): Promise<void> {
    const own = this.#own();
    const text = JSON.stringify(own);
    const isOld = text !== '{}' && nowMs - this.#toldAtMs >= REPEAT_MS;
    if (text === this.#told && !isOld) return;
    await this.#ports.store.put(this.#ports.node, own, TOLD_FOR_MS);
    this.#told = text;
    this.#toldAtMs = nowMs;
  }
}

/** Names of flows have no blanks. */
export function keyOf({ flow, revision }: WalkedText): string {
  return `${flow} ${revision}`;
}

function textOf(key: string): WalkedText {
  const end = key.indexOf(' ');
  return { flow: key.slice(0, end), revision: key.slice(end + 1) };
}
