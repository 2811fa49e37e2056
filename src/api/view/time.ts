// Times on the wire.
import { DateTime } from 'luxon';
import { HiloError } from '../../app/errors.js';

/** ISO 8601, UTC. */
export function iso(ms: number): string {
  return new Date(ms).toISOString();
}

/** The member with the time, or none. */
export function optionalIso<K extends string>(key: K, ms: number | undefined): { readonly [P in K]?: string } {
  return ms === undefined ? {} : ({ [key]: iso(ms) } as { readonly [P in K]?: string });
}

/** Unix ms of an ISO 8601 date or date-time; one without offset is meant on the wall clock of `zone`. Throws HiloError `invalid-input`. */
export function parseTime(name: string, text: string, zone: string): number {
  // In a query a plus that was not escaped arrives as a space.
  const time = DateTime.fromISO(text.replace(' ', '+'), { zone });
  if (!time.isValid) {
    throw new HiloError('invalid-input', `query ${name}: an ISO 8601 date or time such as 2026-01-05T09:00:00+01:00`);
  }
  return time.toMillis();
}
