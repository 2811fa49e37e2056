// Which text somebody means to take the place of: nobody's publication is overwritten unseen.
import { z } from 'zod';

/** ETag of a text: what somebody else has published meanwhile is not overwritten. */
export const ifMatch = z
  .string()
  .regex(/^"[^"]{1,200}"$/, 'the ETag of the text in quotes')
  .optional()
  .describe('ETag of the text that is meant: refused when another one is in force.');

export function overOf(header: string | undefined): { readonly over?: string } {
  return header === undefined ? {} : { over: header.slice(1, -1) };
}
