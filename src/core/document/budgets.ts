// What a flow may ask of a caller at most: the limits that a centre sets itself in `budgets:`.
import { z } from 'zod';
import { strict, whole } from './shape.js';

export interface Budgets {
  /** Keys pressed until the caller is handed to people. */
  readonly keysToPerson: number;
  readonly secondsToPerson: number;
  /** Menus one after the other. */
  readonly depth: number;
  /** Digits to choose from in one menu; `*` and `#` are free. */
  readonly menuOptions: number;
  /** What a flow beyond its budgets is. */
  readonly beyond: 'warning' | 'error';
}

export const DEFAULT_BUDGETS: Budgets = {
  keysToPerson: 3,
  secondsToPerson: 60,
  depth: 4,
  menuOptions: 5,
  beyond: 'warning',
};

export const budgetsSchema = strict({
  'keys-to-person': whole(0, 30)
    .default(DEFAULT_BUDGETS.keysToPerson)
    .describe('So many keys may be needed at most to get to a person.'),
  'seconds-to-person': whole(1, 3_600)
    .default(DEFAULT_BUDGETS.secondsToPerson)
    .describe('So long may the quickest way to a person take, with every text heard to its end.'),
  depth: whole(1, 20).default(DEFAULT_BUDGETS.depth).describe('So many menus may follow each other.'),
  'menu-options': whole(1, 10)
    .default(DEFAULT_BUDGETS.menuOptions)
    .describe('So many digits may be offered in one menu; `*` and `#` do not count.'),
  beyond: z
    .enum(['warning', 'error'])
    .default(DEFAULT_BUDGETS.beyond)
    .describe('What a flow beyond them is: `error` keeps it from coming into force.'),
});

export function budgetsOf(raw: z.output<typeof budgetsSchema> | undefined): Budgets {
  if (raw === undefined) return DEFAULT_BUDGETS;
  return {
    keysToPerson: raw['keys-to-person'],
    secondsToPerson: raw['seconds-to-person'],
    depth: raw.depth,
    menuOptions: raw['menu-options'],
    beyond: raw.beyond,
  };
}
