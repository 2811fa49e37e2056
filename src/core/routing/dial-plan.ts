// Whether Hilo may dial a number, and how it is written then. Toll fraud is stopped here: nothing is dialled that was not checked.
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import type { OutboundPolicy } from './centre.js';

export type DialRefusal =
  | 'not-a-number'
  | 'premium-rate'
  | 'denied-prefix'
  | 'not-on-allow-list'
  | 'hourly-limit'
  | 'destination-limit';

export type DialCheck =
  /** Dial exactly `number`: it is what was checked. */
  | { readonly allowed: true; readonly number: string }
  | { readonly allowed: false; readonly number: string; readonly reason: DialRefusal };

/** Longest number anybody may have sent us; E.164 has 15 digits. */
const MAX_DIALLED_CHARS = 40;

/** Ranges where the callee earns on the call. */
const PREMIUM_TYPES = ['PREMIUM_RATE', 'SHARED_COST'];

/** `600 123 123`, `0034600123123`, `+34600123123` → `+34600123123` in country ES; internal numbers (`2001`) as their digits; '' when it is no number. */
export function normaliseNumber(raw: string, country: string): string {
  if (raw.length > MAX_DIALLED_CHARS || !/^\+?[0-9 ()./-]+$/.test(raw)) return '';
  const parsed = parsePhoneNumberFromString(raw, { defaultCountry: countryOf(country), extract: false });
  return parsed?.isPossible() ? parsed.number : raw.replace(/[^+0-9]/g, '');
}

export function checkNumber(raw: string, policy: OutboundPolicy, country: string): DialCheck {
  const number = normaliseNumber(raw, country);
  if (!/^\+?[0-9]{2,15}$/.test(number)) return { allowed: false, number, reason: 'not-a-number' };
  if (number.startsWith('+')) {
    const parsed = parsePhoneNumberFromString(number);
    // An impossible number under an allowed country code, e.g. of a range sold for fraud, is not somebody's telephone.
    if (!parsed?.isValid()) return { allowed: false, number, reason: 'not-a-number' };
    if (!policy.premium && PREMIUM_TYPES.includes(parsed.getType() ?? '')) {
      return { allowed: false, number, reason: 'premium-rate' };
    }
  }
  const allowed = longestPrefix(number, policy.allowedPrefixes);
  if (allowed === undefined) return { allowed: false, number, reason: 'not-on-allow-list' };
  const denied = longestPrefix(number, policy.deniedPrefixes);
  if (denied !== undefined && denied.length >= allowed.length)
    return { allowed: false, number, reason: 'denied-prefix' };
  return { allowed: true, number };
}

/** Counts are those of the running hour, this call included. undefined = within the limits. */
export function exceededCap(
  policy: OutboundPolicy,
  counts: { readonly total: number; readonly toDestination: number },
): DialRefusal | undefined {
  if (counts.toDestination > policy.maxPerDestinationPerHour) return 'destination-limit';
  return counts.total > policy.maxPerHour ? 'hourly-limit' : undefined;
}

function longestPrefix(number: string, prefixes: readonly string[]): string | undefined {
  return prefixes.filter((prefix) => number.startsWith(prefix)).toSorted((a, b) => b.length - a.length)[0];
}

type CountryCode = NonNullable<
  Exclude<Parameters<typeof parsePhoneNumberFromString>[1], string | undefined>['defaultCountry']
>;

function countryOf(country: string): CountryCode {
  // The centre's country was checked when its file was compiled.
  return country as CountryCode;
}
