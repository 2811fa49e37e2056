// Whether Hilo may dial a number, and how it is written then. Toll fraud is stopped here: nothing is dialled that was not checked.
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import type { OutboundPolicy } from './centre.js';

export type NumberRefusal = 'not-a-number' | 'premium-number' | 'prefix-not-allowed' | 'prefix-denied';

export type NumberCheck =
  /** Dial exactly `number`: it is what was checked. */
  | { readonly ok: true; readonly number: string }
  | { readonly ok: false; readonly number: string; readonly reason: NumberRefusal };

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

export function checkNumber(raw: string, policy: OutboundPolicy, country: string): NumberCheck {
  const number = normaliseNumber(raw, country);
  if (!/^\+?[0-9]{2,15}$/.test(number)) return { ok: false, number, reason: 'not-a-number' };
  if (number.startsWith('+')) {
    const parsed = parsePhoneNumberFromString(number);
    // An impossible number under an allowed country code, e.g. of a range sold for fraud, is not somebody's telephone.
    if (!parsed?.isValid()) return { ok: false, number, reason: 'not-a-number' };
    if (!policy.premium && PREMIUM_TYPES.includes(parsed.getType() ?? '')) {
      return { ok: false, number, reason: 'premium-number' };
    }
  }
  const allowed = longestPrefix(number, policy.allowedPrefixes);
  if (allowed === undefined) return { ok: false, number, reason: 'prefix-not-allowed' };
  const denied = longestPrefix(number, policy.deniedPrefixes);
  if (denied !== undefined && denied.length >= allowed.length) return { ok: false, number, reason: 'prefix-denied' };
  return { ok: true, number };
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
