import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { destinationOf, senderOf, sourceOf } from '../../../src/channels/sms/address.js';
import { alphabetOf, decoded } from '../../../src/channels/sms/data-coding.js';
import type { Delivery } from '../../../src/channels/sms/pdu.js';
import { isReceipt, parseReceipt } from '../../../src/channels/sms/receipt.js';
import { MAX_SEGMENTS, type Segments, segmentsOf } from '../../../src/channels/sms/segments.js';
import { submitError } from '../../../src/channels/sms/submit-status.js';
import { parseUserData } from '../../../src/channels/sms/user-data-header.js';

/** As a phone reads it: headers in order, bodies joined. */
function read({ dataCoding, contents }: Segments): string {
  const alphabet = alphabetOf(dataCoding) ?? 'latin1';
  if (contents.length === 1) return decoded(contents[0] ?? Buffer.alloc(0), alphabet, 0);
  const bodies = contents.map((content, index) => {
    const data = parseUserData(content);
    expect(data?.part).toEqual({ reference: 7, total: contents.length, number: index + 1 });
    return data?.body ?? Buffer.alloc(0);
  });
  // Each part has to be readable alone, as phones without reassembly show it.
  return bodies.map((body) => decoded(body, alphabet, 0)).join('');
}

function segments(text: string): Segments {
  const cut = segmentsOf(text, 7);
  if (cut === undefined) throw new Error('too long');
  return cut;
}

const sizes = (text: string) => segments(text).contents.map(({ length }) => length);

describe('a text becomes short messages', () => {
  test.each([
    ['160 characters of the GSM alphabet are one', 'a'.repeat(160), 0, [160]],
    ['161 are two of at most 153', 'a'.repeat(161), 0, [6 + 153, 6 + 8]],
    ['accents of the alphabet cost nothing', 'ñ¡¿éÑ'.repeat(32), 0, [160]],
    ['euro and brackets count twice', '€'.repeat(80), 0, [160]],
    ['an escape stays with its character', `${'a'.repeat(152)}€${'b'.repeat(10)}`, 0, [6 + 152, 6 + 12]],
    ['70 characters of UCS-2 are one', 'í'.repeat(70), 8, [140]],
    ['71 are two of at most 67', 'í'.repeat(71), 8, [6 + 134, 6 + 8]],
    ['the two halves of an emoji stay together', `${'í'.repeat(66)}😀${'í'.repeat(9)}`, 8, [6 + 132, 6 + 22]],
    ['a family of emojis stays together', `${'í'.repeat(60)}👨‍👩‍👧‍👦${'í'.repeat(9)}`, 8, [6 + 120, 6 + 40]],
    ['windows line ends are one character', 'a\r\nb', 0, [3]],
  ])('%s', (_case, text, dataCoding, expected) => {
    const cut = segments(text);
    expect(cut.dataCoding).toBe(dataCoding);
    expect(cut.contents.map(({ length }) => length)).toEqual(expected);
    expect(read(cut)).toBe(text.replaceAll('\r\n', '\n'));
  });

  test('a keycap, which begins with a digit, arrives whole', () => {
    expect(read(segments('Pulse 1️⃣'))).toBe('Pulse 1️⃣');
  });

  test('a character piled up higher than a part is cut between its pieces', () => {
    const pile = `á${'\u0301'.repeat(200)}`;
    expect(sizes(pile).every((size) => size <= 140)).toBe(true);
    expect(read(segments(pile))).toBe(pile);
  });

  test('half a surrogate pair becomes the replacement character', () => {
    expect(read(segments('a\ud83db'))).toBe('a\ufffdb');
  });

  test(`more than ${MAX_SEGMENTS} parts are refused`, () => {
    expect(segments('a'.repeat(153 * MAX_SEGMENTS)).contents).toHaveLength(MAX_SEGMENTS);
    expect(segmentsOf('a'.repeat(153 * MAX_SEGMENTS + 1), 7)).toBeUndefined();
  });

  test('any text comes out as it went in, in parts that fit', () => {
    const gsm = fc.string({ unit: fc.constantFrom(...'aZ0 @£$Δ_ñÑüà\n^{}\\[~]|€'), maxLength: 600 });
    const any = fc.string({ unit: 'grapheme', maxLength: 250 });
    fc.assert(
      fc.property(fc.oneof(gsm, any), (text) => {
        const cut = segmentsOf(text, 7);
        if (cut === undefined) return;
        for (const content of cut.contents)
          expect(content.length).toBeLessThanOrEqual(cut.dataCoding === 8 ? 140 : 160);
        expect(read(cut)).toBe(text.replaceAll('\r\n', '\n'));
      }),
    );
  });
});

describe('octets become a text', () => {
  test.each([
    [0x00, 'gsm', '1b65', '€'],
    [0x00, 'gsm', '001b3d7d7e', '@~ñü'],
    [0x01, 'ascii', '53690a', 'Si\n'],
    [0x03, 'latin1', '53ed', 'Sí'],
    [0x08, 'ucs2', '005300ed', 'Sí'],
    [0x08, 'ucs2', '0053ed', 'S'],
    [0x18, 'ucs2', '00ed', 'í'],
    [0x11, 'gsm', '53', 'S'],
    [0xf1, 'gsm', '53', 'S'],
  ])('data coding %i (%s) %s', (dataCoding, alphabet, hex, text) => {
    expect(alphabetOf(dataCoding)).toBe(alphabet);
    expect(decoded(Buffer.from(hex, 'hex'), alphabet as 'gsm', 0)).toBe(text);
  });

  test('accents of Spanish phones come by the national shift table of the header', () => {
    const data = parseUserData(Buffer.from('0324010253 1b69'.replace(' ', ''), 'hex'));
    expect(data?.language).toBe(2);
    expect(decoded(data?.body ?? Buffer.alloc(0), 'gsm', data?.language ?? 0)).toBe('Sí');
  });

  test.each([2, 4, 5, 0x14, 0xf5])('data coding %i is no text', (dataCoding) => {
    expect(alphabetOf(dataCoding)).toBeUndefined();
  });
});

describe('user data header', () => {
  test.each([
    ['8-bit reference', '050003ff020141', { reference: 255, total: 2, number: 1 }],
    ['16-bit reference', '0608041234030241', { reference: 0x1234, total: 3, number: 2 }],
    ['after another element', '0b05040100050000032a020241', { reference: 42, total: 2, number: 2 }],
    ['part 3 of 2 is none', '050003ff020341', undefined],
    ['part 0 is none', '050003ff020041', undefined],
    ['one of one is none', '050003ff010141', undefined],
  ])('%s', (_case, hex, part) => {
    const bytes = Buffer.from(hex, 'hex');
    expect(parseUserData(bytes)?.part).toEqual(part);
  });

  test('lengths that do not fit, and any other octets, are no crash', () => {
    expect(parseUserData(Buffer.from('0600030102', 'hex'))).toBeUndefined();
    expect(parseUserData(Buffer.from('0300090102', 'hex'))).toBeUndefined();
    expect(parseUserData(Buffer.alloc(0))).toBeUndefined();
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (octets) => void parseUserData(Buffer.from(octets))));
  });
});

describe('receipts', () => {
  const delivery = (text: string, more: Partial<Delivery> = {}): Delivery => ({
    ...{ from: '34600111222', fromTon: 1, to: '5432', esmClass: 0x04, dataCoding: 0 },
    content: Buffer.from(text),
    ...more,
  });
  const about = 'sub:001 dlvrd:001 submit date:2601051000 done date:2601051001';

  test.each([
    ['delivered', delivery(`id:ab-12 ${about} stat:DELIVRD err:000 text:hola`), 'ab-12', 'delivered', 'delivrd'],
    ['expired', delivery(`id:1 ${about} stat:EXPIRED err:000 Text:`), '1', 'failed', 'expired'],
    ['undeliverable, with its error', delivery(`id:1 ${about} stat:UNDELIV err:27`), '1', 'failed', 'undeliv-27'],
    ['rejected', delivery('id:1 stat:REJECTD err:000'), '1', 'failed', 'rejectd'],
    ['on its way', delivery('id:1 stat:ENROUTE err:000'), '1', undefined, 'enroute'],
    ['accepted', delivery('id:1 stat:ACCEPTD err:000'), '1', undefined, 'acceptd'],
    ['by TLVs, whatever the text', delivery('', { receiptedId: 'x9', messageState: 2 }), 'x9', 'delivered', 'delivrd'],
    ['id by TLV, state by text', delivery('id:1 stat:DELIVRD', { receiptedId: 'x9' }), 'x9', 'delivered', 'delivrd'],
    ['a state nobody knows', delivery('id:1', { messageState: 99 }), '1', undefined, 'unknown'],
  ])('%s', (_case, received, id, status, reason) => {
    expect(isReceipt(received)).toBe(true);
    expect(parseReceipt(received)).toEqual({ id, status, reason });
  });

  test('a customer who writes like an SMSC is still a customer', () => {
    expect(isReceipt(delivery('id:1 stat:DELIVRD err:000', { esmClass: 0 }))).toBe(false);
  });

  test('without an id there is nothing to say', () => {
    expect(parseReceipt(delivery('stat:DELIVRD'))).toBeUndefined();
  });
});

describe('addresses', () => {
  test.each([
    ['+34600111222', { ton: 1, npi: 1, address: '34600111222' }],
    ['5432', { ton: 0, npi: 1, address: '5432' }],
    ['anonymous', undefined],
    ['', undefined],
    ['+34 600', undefined],
  ])('to %s', (number, address) => {
    expect(destinationOf(number)).toEqual(address);
  });

  test('from a name, from nobody, from an international number', () => {
    expect(sourceOf('Hilo')).toEqual({ ton: 5, npi: 0, address: 'Hilo' });
    expect(() => sourceOf('A name that is too long')).toThrow('SMPP_SOURCE');
    expect(senderOf('34600111222', 1)).toBe('+34600111222');
    expect(senderOf('600111222', 2)).toBe('600111222');
    expect(senderOf('Bank', 5)).toBe('Bank');
  });
});

test.each([
  [0x58, 'message-not-sent'],
  [0x14, 'message-not-sent'],
  [0x08, 'message-not-sent'],
  [0x45, 'message-not-sent'],
  [0x64, 'message-not-sent'],
  [0x0400, 'message-not-sent'],
  [0x0a, 'message-refused'],
  [0x0b, 'message-refused'],
  [0x65, 'message-refused'],
  [0x0101, 'message-refused'],
])('a submit answered with status %i is %s', (status, code) => {
  expect(submitError(status).code).toBe(code);
});
