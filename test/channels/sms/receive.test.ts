import { describe, expect, test } from 'vitest';
import { HiloError } from '../../../src/app/errors.js';
import type { IncomingMessage } from '../../../src/app/message/messenger.js';
import { MAX_IN_HAND } from '../../../src/channels/sms/connection.js';
import { decoded } from '../../../src/channels/sms/data-coding.js';
import { STORE_LIMIT_MS } from '../../../src/channels/sms/incoming.js';
import { HOLD_MS, PART_LIFE_MS } from '../../../src/channels/sms/reassembly.js';
import { ANA, eventually, LONG, outgoing, smsBench } from './bench.js';
import { part, ucs2 } from './smsc.js';

const { openBound } = smsBench();

describe('customers write', () => {
  test.each([
    ['GSM', { data_coding: 0, short_message: Buffer.from('53 7d 1b65'.replaceAll(' ', ''), 'hex') }, 'Sñ€'],
    ['ASCII', { data_coding: 1, short_message: Buffer.from('yes') }, 'yes'],
    ['Latin-1', { data_coding: 3, short_message: Buffer.from('Sí', 'latin1') }, 'Sí'],
    ['UCS-2', { data_coding: 8, short_message: ucs2('Sí 😀') }, 'Sí 😀'],
    ['payload TLV', { data_coding: 8, short_message: Buffer.alloc(0), message_payload: ucs2(LONG) }, LONG],
  ])('%s', async (_case, fields, text) => {
    const { clock, received, smsc } = await openBound();
    expect(await smsc.deliver(fields)).toBe(0);
    expect(received).toMatchObject([{ channel: 'sms', from: ANA, text, atMs: clock.nowMs() }]);
  });

  test('by data_sm', async () => {
    const { received, smsc } = await openBound();
    expect(await smsc.deliver({ message_payload: Buffer.from('1') }, 'data_sm')).toBe(0);
    expect(received).toMatchObject([{ text: '1' }]);
  });

  test.each([
    ['binary', { data_coding: 4, short_message: Buffer.from([1, 2]) }],
    ['a header that does not fit', { esm_class: 0x40, short_message: Buffer.from([200, 0, 3]) }],
    ['from nobody', { source_addr: '', short_message: Buffer.from('1') }],
  ])('%s: refused, and nothing breaks', async (_case, fields) => {
    const { received, smsc } = await openBound();
    expect(await smsc.deliver(fields)).toBe(0x66);
    expect(await smsc.deliver({ short_message: Buffer.from('1') })).toBe(0);
    expect(received).toMatchObject([{ text: '1' }]);
  });

  test('what looks like a receipt is a text', async () => {
    const { received, receipts, sms, smsc } = await openBound();
    await sms.send(outgoing('hola'));
    await smsc.deliver({ short_message: Buffer.from('id:1 stat:DELIVRD') });
    expect(receipts).toEqual([]);
    expect(received).toMatchObject([{ text: 'id:1 stat:DELIVRD' }]);
  });

  test('while the record is away the SMSC is asked to send again; then it is the same message', async () => {
    const { sms, smsc } = await openBound();
    const tries: IncomingMessage[] = [];
    sms.onMessage(async (message) => {
      tries.push(message);
      if (tries.length === 1) throw new HiloError('store-unavailable', 'no database');
    });
    expect(await smsc.deliver({ short_message: Buffer.from('1') })).toBe(0x64);
    expect(await smsc.deliver({ short_message: Buffer.from('1') })).toBe(0);
    expect(tries[1]?.providerId).toBe(tries[0]?.providerId);
    // The same word on another day is another message.
    expect(await smsc.deliver({ short_message: Buffer.from('1') })).toBe(0);
    expect(tries[2]?.providerId).not.toBe(tries[0]?.providerId);
  });

  test('a record that does not answer: the SMSC is asked to send again', async () => {
    const bench = await openBound();
    const { clock, sms, smsc } = bench;
    sms.onMessage(() => new Promise(() => undefined));
    const status = smsc.deliver({ short_message: Buffer.from('1') });
    await eventually(() => bench.snapshot.unacknowledged === 1);
    clock.advance(STORE_LIMIT_MS);
    expect(await status).toBe(0x64);
  });

  test(`more than ${MAX_IN_HAND} at once: the SMSC is told to wait`, async () => {
    const { sms, smsc } = await openBound();
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    sms.onMessage(() => gate);
    const texts = Array.from({ length: MAX_IN_HAND + 1 }, (_, n) =>
      smsc.deliver({ short_message: Buffer.from(`${n}`) }),
    );
    expect(await texts.at(-1)).toBe(0x14);
    release();
    expect(new Set(await Promise.all(texts.slice(0, -1)))).toEqual(new Set([0]));
  });
});

describe('customers write at length', () => {
  const whole = ucs2(`${LONG}😀 fin`);
  /** Cut in the middle of the emoji. */
  const cut = ucs2(LONG).length + 2;
  const pieces = [whole.subarray(0, 200), whole.subarray(200, 400), whole.subarray(400, cut), whole.subarray(cut)];
  const message = (n: number, total = pieces.length, reference = 9) => ({
    data_coding: 8,
    ...part(reference, total, n, (pieces[n - 1] ?? Buffer.alloc(0)).subarray(0, 240)),
  });
  const text = decoded(Buffer.concat(pieces.map((piece) => piece.subarray(0, 240))), 'ucs2', 0);

  test('parts in any order are one text, answered when it is stored', async () => {
    const { received, smsc } = await openBound();
    const statuses = [3, 1, 4, 2].map((n) => smsc.deliver(message(n)));
    expect(await Promise.all(statuses)).toEqual([0, 0, 0, 0]);
    expect(received).toMatchObject([{ from: ANA, text }]);
  });

  test('numbered by TLVs', async () => {
    const { received, smsc } = await openBound();
    const tlvs = (n: number) => ({ sar_msg_ref_num: 5, sar_total_segments: 2, sar_segment_seqnum: n });
    const first = smsc.deliver({ short_message: Buffer.from('Ho'), ...tlvs(1) });
    await smsc.deliver({ short_message: Buffer.from('la'), ...tlvs(2) });
    expect(await first).toBe(0);
    expect(received).toMatchObject([{ text: 'Hola' }]);
  });

  test('an SMSC that waits for each answer gets it after a moment', async () => {
    const bench = await openBound();
    const { clock, received, smsc } = bench;
    for (const n of [1, 2, 3]) {
      const status = smsc.deliver(message(n));
      await eventually(() => bench.snapshot.partial === 1 && clock.pending >= 3);
      clock.advance(HOLD_MS);
      expect(await status).toBe(0);
      expect(received).toEqual([]);
    }
    expect(await smsc.deliver(message(4))).toBe(0);
    expect(received).toMatchObject([{ text }]);
  });

  test('not stored: no part is answered with yes, and sent again it is the same message', async () => {
    const { sms, smsc } = await openBound();
    const tries: IncomingMessage[] = [];
    sms.onMessage(async (one) => {
      tries.push(one);
      if (tries.length === 1) throw new HiloError('store-unavailable', 'no database');
    });
    expect(await Promise.all([1, 2, 3, 4].map((n) => smsc.deliver(message(n))))).toEqual([0x64, 0x64, 0x64, 0x64]);
    expect(await Promise.all([1, 2, 3, 4].map((n) => smsc.deliver(message(n))))).toEqual([0, 0, 0, 0]);
    expect(tries.map((one) => one.text)).toEqual([text, text]);
    expect(tries[1]?.providerId).toBe(tries[0]?.providerId);
    // Our answer may have been lost: a part once more changes nothing.
    expect(await smsc.deliver(message(2))).toBe(0);
    expect(tries).toHaveLength(2);
  });

  test('a part that never comes leaves a gap, and two texts with one number are two', async () => {
    const { clock, received, smsc } = await openBound();
    const first = smsc.deliver({ ...part(9, 3, 1, Buffer.from('uno')) });
    const third = smsc.deliver({ ...part(9, 3, 3, Buffer.from('tres')) });
    await eventually(() => clock.pending >= 4);
    clock.advance(HOLD_MS);
    expect(await Promise.all([first, third])).toEqual([0, 0]);
    const other = smsc.deliver({ ...part(9, 3, 1, Buffer.from('otro')) });
    await eventually(() => received.length === 1);
    expect(received).toMatchObject([{ text: 'uno … tres' }]);
    clock.advance(HOLD_MS);
    expect(await other).toBe(0);
    clock.advance(PART_LIFE_MS);
    await eventually(() => received.length === 2);
    expect(received.map((one) => one.text)).toEqual(['uno … tres', 'otro … ']);
  });

  test('when we stop, what was answered for is handed on', async () => {
    const { clock, received, sms, smsc } = await openBound();
    const status = smsc.deliver(part(9, 2, 1, Buffer.from('uno')));
    await eventually(() => clock.pending >= 3);
    clock.advance(HOLD_MS);
    expect(await status).toBe(0);
    await sms.close();
    expect(received).toMatchObject([{ text: 'uno … ' }]);
  });
});
