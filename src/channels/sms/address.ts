// Numbers and names as SMPP carries them: type of number beside the digits, no plus sign.
import { NPI, type SmppAddress, TON } from './pdu.js';

const INTERNATIONAL = /^\+\d{5,15}$/;
const DIGITS = /^\d{3,15}$/;
/** 3GPP TS 23.040 §9.1.2.5: eleven characters of the GSM alphabet fit. */
const NAME = /^[A-Za-z0-9 ._&-]{1,11}$/;

/** Undefined when nobody can be reached there. */
export function destinationOf(number: string): SmppAddress | undefined {
  if (INTERNATIONAL.test(number)) return { ton: TON.international, npi: NPI.isdn, address: number.slice(1) };
  return DIGITS.test(number) ? { ton: TON.unknown, npi: NPI.isdn, address: number } : undefined;
}

/** A number in international form, a short code, or a name; customers can answer the first two only. */
export function sourceOf(source: string): SmppAddress {
  const number = destinationOf(source);
  if (number !== undefined) return number;
  if (NAME.test(source)) return { ton: TON.alphanumeric, npi: NPI.unknown, address: source };
  throw new Error(
    `SMPP_SOURCE: "${source}" is neither a number (+34600111222, 5432) nor a name of at most 11 characters`,
  );
}

/** Who wrote: in international form where the network says that it is. */
export function senderOf(address: string, ton: number): string {
  return ton === TON.international && /^\d+$/.test(address) ? `+${address}` : address;
}
