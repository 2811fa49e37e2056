// Tests of flows on the wire.
import { z } from 'zod';

const failure = z.object({
  line: z.int(),
  column: z.int(),
  expected: z.string(),
  instead: z.array(z.string()),
});

export const testedFlow = z.object({
  ok: z.boolean(),
  passed: z.int(),
  failed: z.int(),
  percent: z.number().describe('Of the ways out of the steps that were taken.'),
  cases: z.array(
    z.object({
      name: z.string(),
      failure: failure.optional(),
      story: z.array(z.object({ kind: z.enum(['heard', 'did', 'went']), text: z.string() })),
    }),
  ),
  coverage: z.array(
    z.object({
      flow: z.string(),
      ways: z.int(),
      taken: z.int(),
      percent: z.number(),
      open: z.array(z.object({ step: z.string(), ways: z.array(z.string()) })).describe('Ways that no case took.'),
    }),
  ),
});

export const publishedTests = z.object({ name: z.string(), revision: z.string(), cases: z.int() });
