// The name of a flow on the wire: what refers to it, and its new one.
import { z } from 'zod';
import { note } from '../revision.js';
import { name } from '../wire.js';

export const flowReferences = z.object({
  references: z
    .array(z.object({ file: z.string(), line: z.int(), column: z.int() }))
    .describe('Places in other texts and tests where the flow is named; it cannot be removed while there is one.'),
});
export type WireFlowReferences = z.infer<typeof flowReferences>;

export const newFlowName = z.strictObject({
  to: name.describe('There must be no flow of that name.'),
  note: note.default(''),
});

export const renamedFlow = z.object({
  name: z.string(),
  revision: z.string(),
  files: z.array(z.string()).describe('That were written: the flow, its tests, and every text that named it.'),
});
