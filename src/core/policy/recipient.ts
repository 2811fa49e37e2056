// Who may be written to, and at which address.
import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import type { ChannelName } from '../interaction/event.js';

export interface Recipient {
  /** Number as the trunk gave it; '' when withheld. */
  readonly number: string;
  readonly consent: 'unknown' | 'given' | 'withdrawn';
  /** Last message we sent to this customer, whatever the matter. */
  readonly lastMessageAtMs?: number;
  readonly language: string;
}

/** Types of number that can take a text message. */
const MOBILE: ReadonlySet<string | undefined> = new Set(['MOBILE', 'FIXED_LINE_OR_MOBILE']);
/** What trunks put where the caller withholds the number. */
const WITHHELD: ReadonlySet<string> = new Set(['', 'anonymous', 'unavailable', 'restricted', 'unknown', 'private']);

export function isWithheld(number: string): boolean {
  return WITHHELD.has(number.trim().toLowerCase());
}

/** E.164 of a number as dialled in `country` (ISO 3166 alpha-2), or undefined when it is none. */
export function e164(number: string, country: string): string | undefined {
  const parsed = parsePhoneNumberFromString(number, knownCountry(country));
  return parsed?.isValid() ? parsed.number : undefined;
}

/** The address of that number in a channel, or undefined when it cannot be written to there. */
export function messageAddress(
  number: string,
  channel: Exclude<ChannelName, 'voice'>,
  country: string,
): string | undefined {
  if (isWithheld(number)) return undefined;
  const parsed = parsePhoneNumberFromString(number, knownCountry(country));
  // The sandbox keeps messages in the house: extensions of a laboratory will do.
  if (channel === 'sandbox') return parsed?.isValid() ? parsed.number : number;
  return parsed?.isValid() && MOBILE.has(parsed.getType()) ? parsed.number : undefined;
}

function knownCountry(country: string): CountryCode | undefined {
  const code = country.toUpperCase();
  return isSupportedCountry(code) ? code : undefined;
}
