// The questions inside a step that asks several: one key, or some digits.
import type { Ask, Prompt } from '../ask.js';

type Collect = Extract<Ask, { kind: 'collect' }>;

/** Nobody looks for the next digit for long. */
const INTER_DIGIT_MS = 3_000;

/** One key, as in a menu. */
export function askKey(prompts: readonly Prompt[], waitMs: number): Collect {
  return {
    ...{ kind: 'collect', purpose: 'menu', prompts, bargeIn: true },
    ...{ min: 1, max: 1, terminators: '', firstDigitMs: waitMs, interDigitMs: waitMs },
  };
}

/** So many digits; with fewer than the most, `#` ends them. */
export function askDigits(
  prompts: readonly Prompt[],
  waitMs: number,
  { min, max }: { min: number; max: number },
): Collect {
  return {
    ...{ kind: 'collect', purpose: 'gather', prompts, bargeIn: true },
    ...{ min, max, terminators: '#', firstDigitMs: waitMs, interDigitMs: INTER_DIGIT_MS },
  };
}
