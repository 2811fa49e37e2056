// Another name for a queue, an agent or opening hours, on the wire.
import { z } from 'zod';
import { NAMED_KINDS } from '../../core/flow-test/renaming.js';
import { note, revisionId } from '../revision.js';
import { name } from '../wire.js';

export const newCentreName = z.strictObject({
  kind: z.enum(NAMED_KINDS),
  from: name,
  to: name.describe('Small letters, digits and dashes; no other one of that kind has it, or had it.'),
  publish: z.boolean().default(false).describe('false: only look what would be written.'),
  over: revisionId.optional().describe('Of centre.yaml: refused when another one is in force.'),
  note: note.default(''),
});
export type WireNewCentreName = z.input<typeof newCentreName>;

export const renamedInCentre = z.object({
  files: z.array(z.string()).describe('That are written.'),
  references: z
    .array(z.object({ file: z.string(), line: z.int(), column: z.int() }))
    .describe('Places that name it, besides its own.'),
  revision: revisionId.describe('Of centre.yaml now.'),
});
export type WireRenamedInCentre = z.infer<typeof renamedInCentre>;
