// Octets of a short message as text, by the alphabet its data_coding names.
import smpp from 'smpp';

export type Alphabet = 'gsm' | 'ascii' | 'latin1' | 'ucs2';

/** Undefined: binary, or an alphabet that nobody uses here. SMPP 3.4 §5.2.19 and, from 0x10 on, 3GPP TS 23.038 §4. */
export function alphabetOf(dataCoding: number): Alphabet | undefined {
  switch (dataCoding) {
    case 0x00:
      return 'gsm';
    case 0x01:
      return 'ascii';
    case 0x03:
      return 'latin1';
    case 0x08:
      return 'ucs2';
  }
  // General data coding with a message class, and the data coding/message class group.
  if ((dataCoding & 0xf0) === 0x10) return ({ 0: 'gsm', 8: 'ucs2' } as const)[dataCoding & 0x0c];
  if ((dataCoding & 0xf4) === 0xf0) return 'gsm';
  return undefined;
}

/** `language`: of a national shift table in the user data header, 0 for none. */
export function decoded(octets: Buffer, alphabet: Alphabet, language: number): string {
  switch (alphabet) {
    case 'gsm':
      // An escape before a character that has no second meaning shows that character (3GPP TS 23.038 §6.2.1.1).
      return smpp.gsmCoder.decode(octets, language).replaceAll('\u001b', '');
    case 'ascii':
      return octets.toString('ascii');
    case 'latin1':
      return octets.toString('latin1');
    case 'ucs2':
      return Buffer.from(octets.subarray(0, octets.length & ~1))
        .swap16()
        .toString('utf16le');
  }
}
