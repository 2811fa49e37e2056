// Trying the centre out at its own machine, as written under `try-out` in `centre.yaml`: who calls whom, and with which numbers.
import { z } from 'zod';
import { dialString, nameSchema, strict } from '../../document/shape.js';

/** So many digits are put behind the prefix. */
export const VISITOR_DIGITS = 4;

export const tryOutSchema = strict({
  number: dialString.describe('What the visitor calls.'),
  agent: nameSchema.describe('Who answers; the visitor plays this part too.'),
  trunk: nameSchema.describe('As if the call came in here.'),
  customers: z
    .string({ error: 'a prefix is written in quotes, with its country' })
    .regex(/^\+[1-9][0-9]{2,10}$/, { error: 'a prefix is + and digits' })
    .describe(`Prefix of the visitors’ numbers; ${VISITOR_DIGITS} digits follow. Over a trunk they are never dialled.`),
  note: z.string().optional().describe('For whoever reads the file.'),
});

export interface TryOut {
  readonly number: string;
  readonly agent: string;
  readonly trunk: string;
  /** Prefix of the visitors' numbers, E.164. */
  readonly customers: string;
}

/** The number of one visitor, from 0 on; it begins again after all of them. */
export function visitorNumber({ customers }: Pick<TryOut, 'customers'>, visitor: number): string {
  return `${customers}${String(visitor % 10 ** VISITOR_DIGITS).padStart(VISITOR_DIGITS, '0')}`;
}

/** Numbers that lead to a browser or nowhere. */
export function isVisitorNumber(tryOut: Pick<TryOut, 'customers'> | undefined, number: string): boolean {
  return (
    tryOut !== undefined &&
    number.startsWith(tryOut.customers) &&
    number.length === tryOut.customers.length + VISITOR_DIGITS
  );
}
