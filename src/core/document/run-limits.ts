// How far a call may go in its flows before it is brought to safety: the limits that a centre sets itself in `limits:`.
import type { z } from 'zod';
import { duration, nameSchema, strict, whole } from './shape.js';

export interface RunLimits {
  /** Steps of one call, menus that ask again included. */
  readonly steps: number;
  /** Steps since the caller last pressed a key or wrote: a dead line must not walk in circles. */
  readonly withoutInput: number;
  /** How often one call may come to the same step. */
  readonly sameStep: number;
  /** Time in flows, without waiting in a queue, talking, and leaving a message. */
  readonly timeMs: number;
  /** Queue for a call beyond a limit whose flow has no `fallback`; absent: the call ends. */
  readonly exitQueue?: string;
}

export const DEFAULT_RUN_LIMITS: RunLimits = { steps: 500, withoutInput: 60, sameStep: 100, timeMs: 3_600_000 };

export const runLimitsSchema = strict({
  steps: whole(10, 5_000)
    .default(DEFAULT_RUN_LIMITS.steps)
    .describe('Steps of one call, menus that ask again included.'),
  'without-input': whole(5, 500)
    .default(DEFAULT_RUN_LIMITS.withoutInput)
    .describe('Steps since the caller last pressed a key.'),
  'same-step': whole(2, 500)
    .default(DEFAULT_RUN_LIMITS.sameStep)
    .describe('How often one call may come to the same step.'),
  time: duration(10_000, 4 * 3_600_000)
    .prefault('1h')
    .describe('Time of a call in flows, without waiting in a queue, talking, and leaving a message.'),
  exit: nameSchema
    .optional()
    .describe('Queue for a call beyond a limit whose flow has no `fallback`; left out: the call ends.'),
});

export function runLimitsOf(raw: z.output<typeof runLimitsSchema> | undefined): RunLimits {
  if (raw === undefined) return DEFAULT_RUN_LIMITS;
  return {
    steps: raw.steps,
    withoutInput: raw['without-input'],
    sameStep: raw['same-step'],
    timeMs: raw.time,
    ...(raw.exit === undefined ? {} : { exitQueue: raw.exit }),
  };
}
