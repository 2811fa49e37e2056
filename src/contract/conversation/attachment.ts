// Files that go with messages, on the wire.
import { z } from 'zod';

export const attachment = z
  .object({
    id: z.string(),
    name: z.string().describe('As the sender called it, made harmless; as text, never as markup.'),
    state: z
      .enum(['loading', 'ready', 'refused'])
      .describe('`loading`: it is being fetched from the provider. `refused`: we did not take it.'),
    type: z
      .string()
      .optional()
      .describe('Of a ready one: by what is in it, not by what the sender says, e.g. `image/jpeg`.'),
    bytes: z.number().int().optional(),
    reason: z
      .string()
      .optional()
      .describe(
        'Why it was refused: `too-large`, `type-not-allowed`, `not-available` (the provider does not have it).',
      ),
    url: z
      .string()
      .optional()
      .describe('Of a ready one: GET it with the session; it comes as a download, and may be the source of a picture.'),
  })
  .meta({ id: 'Attachment' });
export type WireAttachment = z.infer<typeof attachment>;

/** POST /api/conversations/{id}/attachments?name=… with the bytes as body: kept for a day, until a message takes it along. */
export const attachmentQuery = z.strictObject({ name: z.string().min(1).max(200) });
export const attachmentTaken = z.object({ attachment });
