// What every refusal of the API looks like: RFC 9457 problem details with a stable code.
import { z } from 'zod';

export const issue = z
  .object({
    severity: z.enum(['error', 'warning']).describe('An error keeps a text from being published; a warning does not.'),
    file: z.string(),
    line: z.number().describe('From 1.'),
    column: z.number().describe('From 1, in characters.'),
    message: z.string(),
    advice: z.string().describe('What to write instead; empty when the message says it all.'),
  })
  .meta({ id: 'Issue', description: 'A mistake in a text of the centre.' });

export const problem = z
  .object({
    type: z.string().describe('`urn:hilo:problem:` and the code.'),
    title: z.string().describe('The same for every problem of this code.'),
    status: z.number().describe('HTTP status.'),
    code: z.string().describe('Stable: programs may rely on it.'),
    detail: z.string().describe('What exactly was wrong this time, for a person.'),
    instance: z.string().describe('`urn:uuid:` and the id of this request, as in the log.'),
    why: z
      .object({
        reason: z.string().describe('Stable: which of several causes, e.g. `premium-number`.'),
        agent: z.string().optional().describe('Who stands in the way.'),
      })
      .optional()
      .describe('Where programs tell people of it in their own language.'),
    issues: z
      .array(issue)
      .optional()
      .describe('With `invalid-flow`: every mistake in the text. With `tests-failed`: the cases that fail.'),
  })
  .meta({ id: 'Problem', description: 'Why a request was not carried out (RFC 9457).' });

export type Problem = z.infer<typeof problem>;
