// What nodes tell each other of the callers in their flows, in memory; `state: 'away'` is a Redis that does not answer.
import { HiloError } from '../../../src/app/errors.js';
import type { StepOutcome, StepStore } from '../../../src/app/walkers/steps-today.js';
import type { ToldWalkers, WalkerStore } from '../../../src/app/walkers/walkers.js';

export class FakeWalkers implements WalkerStore {
  readonly told = new Map<string, ToldWalkers>();
  /** How often something was told. */
  puts = 0;
  state: 'there' | 'away' = 'there';

  async put(node: string, told: ToldWalkers): Promise<void> {
    this.#check();
    this.puts += 1;
    this.told.set(node, told);
  }

  async others(node: string): Promise<readonly ToldWalkers[]> {
    this.#check();
    return [...this.told].flatMap(([one, told]) => (one === node ? [] : [told]));
  }

  #check(): void {
    if (this.state === 'away') throw new HiloError('store-unavailable', 'as the test wants it');
  }
}

/** Steps as a test writes them, and when they were asked for. */
export class FakeSteps implements StepStore {
  outcomes: readonly StepOutcome[] = [];
  readonly asked: number[] = [];
  state: 'there' | 'away' = 'there';

  async outcomesSince(sinceMs: number): Promise<readonly StepOutcome[]> {
    this.asked.push(sinceMs);
    if (this.state === 'away') throw new HiloError('store-unavailable', 'as the test wants it');
    return this.outcomes;
  }
}
