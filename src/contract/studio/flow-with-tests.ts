// A flow and its tests on the wire, published together.
import { z } from 'zod';
import { published } from '../flow.js';
import { note, revisionId } from '../revision.js';

const over = revisionId
  .nullable()
  .optional()
  .describe('Refused when another revision is in force; null: refused when there is one; left out: over whichever.');

export const flowWithTests = z.strictObject({
  text: z.string().describe('YAML text of the flow.'),
  over,
  tests: z.strictObject({ text: z.string().describe('YAML text of its tests.'), over }),
  note: note.default(''),
  force: z.boolean().default(false).describe('Although tests fail; takes a `note`.'),
});
export type WireFlowWithTests = z.input<typeof flowWithTests>;

export const publishedWithTests = published.extend({ tests: revisionId.describe('Revision of the tests.') });
export type WirePublishedWithTests = z.infer<typeof publishedWithTests>;
