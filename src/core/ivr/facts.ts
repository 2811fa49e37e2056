// What conditions and texts can see: the call, the time of day, the language, and the flow's own variables.
import { DateTime } from 'luxon';
import { CUSTOMER_TYPES, type CustomerFacts } from './outside/customer.js';
import type { FactType, Value, Variable } from './value.js';

export interface Facts {
  readonly call: { readonly from: string; readonly name: string; readonly to: string; readonly reference: string };
  readonly now: Now;
  readonly language: string;
  readonly customer: CustomerFacts;
  readonly variables: Readonly<Record<string, Value>>;
}

export interface Now {
  /** 0 to 23. */
  readonly hour: number;
  /** 1 = Monday to 7. */
  readonly weekday: number;
  /** `2026-01-05`. */
  readonly date: string;
  /** `09:30`. */
  readonly time: string;
}

/** The facts that every flow has, by name and field. A variable of a flow may not take one of these names. */
export const BUILT_IN: Readonly<Record<string, FactType | Readonly<Record<string, FactType>>>> = {
  call: { from: 'string', name: 'string', to: 'string', reference: 'string' },
  now: { hour: 'int', weekday: 'int', date: 'string', time: 'string' },
  language: 'string',
  customer: CUSTOMER_TYPES,
};

/** The last answer for each time zone: it holds for a minute, and each step of each call asks. */
const known = new Map<string, { readonly minute: number; readonly now: Now }>();

export function nowIn(timeZone: string, nowMs: number): Now {
  const minute = Math.floor(nowMs / 60_000);
  const last = known.get(timeZone);
  if (last?.minute === minute) return last.now;
  const local = DateTime.fromMillis(nowMs, { zone: timeZone });
  const now = {
    hour: local.hour,
    weekday: local.weekday,
    date: local.toFormat('yyyy-MM-dd'),
    time: local.toFormat('HH:mm'),
  };
  known.set(timeZone, { minute, now });
  return now;
}

/** Unix ms of a day (`2026-01-05`) and a time (`17:30`) on that clock. */
export function momentOf(date: string, time: string, timeZone: string): number {
  return DateTime.fromISO(`${date}T${time}`, { zone: timeZone }).toMillis();
}

/** Names that a text may fill in. */
export function textNames(variables: ReadonlyMap<string, Variable>): string[] {
  const builtIn = Object.entries(BUILT_IN).flatMap(([name, type]) =>
    typeof type === 'string' ? [name] : Object.keys(type).map((field) => `${name}.${field}`),
  );
  return [...builtIn, ...variables.keys()];
}

export function textValues(facts: Facts): Readonly<Record<string, unknown>> {
  const { call, now, language, customer, variables } = facts;
  return { ...variables, call, now, language, customer: { ...customer, tags: customer.tags.join(', ') } };
}
