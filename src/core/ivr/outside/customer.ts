// What the record tells of a caller, as flows see it: `customer.name`, `customer.days_since` …
import type { FactType } from '../value.js';

export interface CustomerFacts {
  /** Called or wrote before. */
  readonly known: boolean;
  /** '' when nobody told. */
  readonly name: string;
  /** '' when nobody told; else as in `languages`, e.g. `es`. */
  readonly language: string;
  readonly segment: string;
  readonly tags: readonly string[];
  /** Another matter of theirs, or this one from an earlier call, is not closed. */
  readonly interaction_open: boolean;
  /** A call-back was promised or offered when they called. */
  readonly callback_pending: boolean;
  /** Name of the queue they waited in last; '' for never. */
  readonly last_queue: string;
  /** Name of the agent they talked with last; '' for never. */
  readonly last_agent: string;
  /** Whole days since they last called or wrote; -1 for never. */
  readonly days_since: number;
}

export const CUSTOMER_TYPES: Readonly<Record<keyof CustomerFacts, FactType>> = {
  known: 'bool',
  name: 'string',
  language: 'string',
  segment: 'string',
  tags: 'list<string>',
  interaction_open: 'bool',
  callback_pending: 'bool',
  last_queue: 'string',
  last_agent: 'string',
  days_since: 'int',
};

/** Before the look-up, and of whoever was never heard of. */
export const STRANGER: CustomerFacts = {
  known: false,
  name: '',
  language: '',
  segment: '',
  tags: [],
  interaction_open: false,
  callback_pending: false,
  last_queue: '',
  last_agent: '',
  days_since: -1,
};
