// What proofs and pictures read of a step: its ways out and their price, what it says, which values it reads and sets.
import type { Path } from '../../document/yaml-text.js';
import type { PromptPart } from '../prompt.js';

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
  readonly part: PromptPart;
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
  readonly reads: readonly VariableRead[];
  readonly writes: readonly VariableWrite[];
  /** Hands the caller to people: a queue, an agent, a number. */
  readonly person: boolean;
  /** The step as written, for proofs about single keys. */
  readonly raw: Readonly<Record<string, unknown>>;
}

export const FREE: Price = { keys: 0, waitMs: 0, times: 1 };

export function priceOf(traits: StepTraits, way: Way): Price {
  return { ...FREE, ...traits.prices[String(way.path[0])] };
}
