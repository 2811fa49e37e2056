// Revisions of the centre's texts and their staged roll-outs on the wire.
import { z } from 'zod';
import { CALLS_PER_SIDE } from '../core/rollout/comparison.js';
import { time } from './wire.js';

export const revisionId = z
  .string()
  .regex(/^[\w .-]{1,200}$/)
  .describe('Identity of a text: the first 12 hex digits of its SHA-256.');

export const note = z.string().max(500).describe('Why, for whoever reads the list.');

export const revisionList = z.object({
  name: z.string(),
  inForce: z.string().optional().describe('Revision in force; absent: the flow is gone.'),
  revisions: z
    .array(z.object({ revision: z.string(), author: z.string(), note: z.string(), at: time }))
    .describe('Newest first. The author `files` is whoever changed the file by hand.'),
});

export const diff = z.object({
  name: z.string(),
  from: z.string(),
  to: z.string(),
  unified: z.string().describe('Unified diff with three lines around; empty when both are the same.'),
  changes: z
    .object({
      added: z.array(z.string()),
      removed: z.array(z.string()),
      changed: z.array(
        z.object({ part: z.string(), keys: z.array(z.string()).describe('Keys of the part that differ.') }),
      ),
    })
    .describe('By parts: `steps/menu`, `queues/support`, or a single key such as `start`. Comments do not count.'),
});

export const rollbackRequest = z.strictObject({ revision: revisionId, note: note.optional() });

export const journal = z.object({
  lines: z.array(
    z.object({
      at: time,
      action: z.enum([
        'published',
        'rolled-back',
        'forced',
        'renamed',
        'removed',
        'rollout-started',
        'rollout-stopped',
        'rollout-promoted',
        'rollout-aborted',
      ]),
      by: z.string().describe('A user; `files`: by hand; `hilo`: by itself.'),
      detail: z.record(z.string(), z.unknown()),
    }),
  ),
});

const measure = z.enum(['containment', 'abandonment', 'time-to-person']);

const watch = z.strictObject({
  measures: z.array(measure).describe('Which of them may stop the roll-out; [] for none.'),
  minCalls: z.int().min(10).max(CALLS_PER_SIDE).describe('Calls that are over on each side before the first look.'),
  alpha: z.number().min(0.0001).max(0.5).describe('Chance of stopping a candidate that is no worse.'),
});

export const rolloutRequest = z.strictObject({
  revision: revisionId.optional().describe('One of the kept revisions; or `text`.'),
  text: z.string().optional(),
  percent: z.number().min(0.01).max(100).describe('Share of the callers; the same callers for the whole roll-out.'),
  watch: watch.partial().default({}),
  note: note.optional(),
  force: z.boolean().default(false).describe('Although tests beside the flows fail; takes a `note`.'),
});

export const abortRequest = z.strictObject({ reason: z.string().min(1).max(200).optional() });

const figures = z.object({
  calls: z.int().describe('Entered the flow.'),
  over: z.int().describe('Of these, those that are over.'),
  contained: z.int().describe('Served by the flow without a person.'),
  abandoned: z.int(),
  counted: z.int().describe('Over, without those that hung up at once: what abandonment is a share of.'),
  persons: z.int().describe('Talked with a person.'),
  medianToPersonMs: z.number().optional().describe('From arrival to the first person.'),
});

const comparison = z.object({
  candidate: figures,
  baseline: figures,
  measures: z.array(
    z.object({
      measure,
      candidate: z.number().optional().describe('A share of 0 to 1, or a median in ms.'),
      baseline: z.number().optional(),
      z: z.number().describe('Positive: the candidate is worse.'),
      p: z.number().optional().describe('One-sided: so much worse only by chance. Absent: too few calls to say.'),
      limit: z.number().describe('Below this p the roll-out is stopped at a look; 0: this measure is not watched.'),
    }),
  ),
  look: z.int().describe('Looks that are due by now.'),
  verdict: z.enum(['too-few', 'no-worse', 'worse']),
  worseIn: z.array(measure),
});

export const rollout = z.object({
  id: z.string(),
  flow: z.string(),
  baseline: z.string(),
  candidate: z.string(),
  percent: z.number(),
  watch,
  author: z.string(),
  note: z.string(),
  startedAt: time,
  state: z.enum(['running', 'promoted', 'aborted', 'stopped']),
  endedAt: time.optional(),
  by: z.string().optional(),
  reason: z.string().optional(),
  stoppedBy: comparison.optional().describe('The figures that the roll-out was stopped from.'),
});

export const rolloutWithFigures = rollout.extend({ comparison: comparison.describe('As it is now.') });

export type WireRevisionList = z.infer<typeof revisionList>;
export type WireJournal = z.infer<typeof journal>;
export type WireRollout = z.infer<typeof rolloutWithFigures>;
