// The texts of the centre on the wire.
import { z } from 'zod';
import { issue } from './problem.js';

export const flowSummary = z.object({
  name: z.string(),
  kind: z.enum(['centre', 'flow']),
  revision: z.string().describe('Identity of the text.'),
  tests: z.boolean().describe('There are tests beside it.'),
});

export type WireFlowList = z.infer<typeof flowList>;

export const flowList = z.object({
  flows: z.array(flowSummary).describe('The texts in force.'),
  issues: z
    .array(issue)
    .describe(
      'Mistakes and warnings in the files as they are now; where there is an error, the text in force is older and good.',
    ),
});

export const published = z.object({ name: z.string(), revision: z.string() });

export const checked = z.object({
  ok: z.boolean().describe('There is no error; warnings there may be.'),
  issues: z.array(issue),
});

export const jsonSchema = z.record(z.string(), z.unknown()).describe('JSON Schema, draft 7.');
