// What proofs and pictures read of a step: its ways out and their price, what it says, which values it reads and sets.
import type { Path } from '../../document/yaml-text.js';

/** A way out of a step as it is written. Paths are relative to the step. */
export interface Way {
  /** `['keys', '1']`, `['otherwise']`. */
  readonly path: Path;
  readonly to: string;
}

/** What a way costs the caller besides hearing what the step says when it is entered. */
export interface Price {
  /** Keys pressed. */
  readonly keys: number;
  /** Silence until the step goes on by itself. */
  readonly waitMs: number;
  /** How often the step is heard before it gives up. */
  readonly times: number;
}

export interface Spoken {
  readonly path: Path;
  /** Name of the recording that is played where it exists. */
  readonly recorded?: string;
  /** By language; of a part in one fixed language only that one. Liquid, not filled in. */
  readonly texts: ReadonlyMap<string, string>;
}

/** A text of any key, spoken or sent. */
export interface WrittenText {
  readonly path: Path;
  readonly language: string;
  /** Liquid, not filled in. */
  readonly source: string;
}

/** `text`: filled into what is said or sent. `value`: computed with. `condition`: only tested. */
export interface VariableRead {
  readonly path: Path;
  readonly name: string;
  readonly use: 'text' | 'value' | 'condition';
}

export interface VariableWrite {
  readonly path: Path;
  readonly name: string;
}

export interface StepTraits {
  readonly kind: string;
  readonly ways: readonly Way[];
  /** By the first word of a way's path; what is not here is {@link FREE}. */
  readonly prices: Readonly<Record<string, Partial<Price>>>;
  readonly spoken: readonly Spoken[];
  readonly texts: readonly WrittenText[];
  readonly reads: readonly VariableRead[];
  readonly writes: readonly VariableWrite[];
  /** Hands the caller to people: a queue, an agent, a number. */
  readonly person: boolean;
  /** Of a step that listens: ways that can be taken without having asked, by the first word of their path. */
  readonly deaf: readonly string[];
  /** The keys as checked, durations in ms, for proofs about single keys. */
  readonly keys: Readonly<Record<string, unknown>>;
}

export const FREE: Price = { keys: 0, waitMs: 0, times: 1 };

export function priceOf(traits: StepTraits, way: Way): Price {
  return { ...FREE, ...traits.prices[String(way.path[0])] };
}
