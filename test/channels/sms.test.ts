import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { HiloError } from '../../src/app/errors.js';
import type { IncomingMessage, MessageReceipt } from '../../src/app/ports.js';
import {
  ENQUIRE_INTERVAL_MS,
  MAX_IN_HAND,
  OPEN_LIMIT_MS,
  RESPONSE_LIMIT_MS,
} from '../../src/channels/sms/connection.js';
import { alphabetOf, decoded } from '../../src/channels/sms/data-coding.js';
import { STORE_LIMIT_MS } from '../../src/channels/sms/incoming.js';
import { CONGESTION_PAUSE_MS, FIRST_PAUSE_MS, LONGEST_PAUSE_MS, WINDOW } from '../../src/channels/sms/link.js';
import { HOLD_MS, PART_LIFE_MS } from '../../src/channels/sms/reassembly.js';
import { openSms, type SmsMessenger } from '../../src/channels/sms/sms.js';
import { FakeClock } from '../../src/lib/clock.js';
import { seededIds, seededRandom } from '../../src/lib/ids.js';
import { silentLog } from '../../src/lib/log.js';
import { part, Smsc, type Submitted, ucs2 } from './smsc.js';

const ANA = '+34600111222';
const LONG = 'Hemos visto su llamada y nadie pudo atenderle. '.repeat(8);

let smsc: Smsc;
let clock: FakeClock;
let sms: SmsMessenger;
let received: IncomingMessage[];
let receipts: MessageReceipt[];

beforeEach(async () => {
  smsc = await Smsc.start();
  clock = new FakeClock();
  received = [];
  receipts = [];
});

afterEach(async () => {
  // Whatever still waits for an answer of the SMSC gets none: the clock goes on until it is given up.
  const closing = sms.close();
  smsc.deafTo.clear();
  clock.advance(RESPONSE_LIMIT_MS);
  await closing;
  await smsc.stop();
});

function open(): void {
  const ids = seededIds(seededRandom(1));
  const url = `smpp://hilo:s%40fe@127.0.0.1:${smsc.port}`;
  sms = openSms({ url, source: '5432', clock, ids, log: silentLog });
  sms.onMessage(async (message) => void received.push(message));
  sms.onReceipt(async (receipt) => void receipts.push(receipt));
}

async function bound(): Promise<void> {
  await smsc.until(() => smsc.sessions.length === 1);
  // The answer to the bind has still to be read.
  await eventually(() => state() === 'bound');
}

async function openBound(): Promise<void> {
  open();
  await bound();
}

const state = (): unknown => (sms.snapshot() as { state: string }).state;

async function eventually(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

const outgoing = (text: string, message = 'm1', to = ANA) => ({ message, to, text, language: 'es' });

function shown(parts: readonly Submitted[]): string {
  const alphabet = alphabetOf(parts[0]?.dataCoding ?? 4) ?? 'latin1';
  const inOrder = [...parts].sort((a, b) => (a.content[5] ?? 0) - (b.content[5] ?? 0));
  return inOrder
    .map(({ content, esmClass }) => decoded(content.subarray(esmClass === 0x40 ? 6 : 0), alphabet, 0))
    .join('');
}

const delivered = (id: string, state_ = 'DELIVRD') => ({
  esm_class: 0x04,
  short_message: Buffer.from(
    `id:${id} sub:001 dlvrd:001 submit date:2601051000 done date:2601051001 stat:${state_} err:000`,
  ),
});

describe('sending', () => {
  test('binds as transceiver with the credentials of the URL', async () => {
    await openBound();
    expect(smsc.binds).toEqual([{ command: 'bind_transceiver', user: 'hilo', password: 's@fe' }]);
  });

  test('a short text is one message that asks for a receipt', async () => {
    await openBound();
    expect(await sms.send(outgoing('Le llamamos: 1'))).toEqual({ providerId: '1' });
    expect(smsc.submitted).toMatchObject([
      { to: '34600111222', toTon: 1, from: '5432', fromTon: 0, esmClass: 0, dataCoding: 0, registeredDelivery: 1 },
    ]);
    expect(shown(smsc.submitted)).toBe('Le llamamos: 1');
  });

  test.each([
    ['GSM', LONG, 0],
    ['UCS-2', `${LONG} Atención, señoría 😀`, 8],
  ])('a long text in %s goes out in parts and is known by its first', async (_alphabet, text, dataCoding) => {
    await openBound();
    expect(await sms.send(outgoing(text))).toEqual({ providerId: '1' });
    expect(smsc.submitted.length).toBeGreaterThan(2);
    expect(new Set(smsc.submitted.map(({ content }) => content[3])).size).toBe(1);
    expect(smsc.submitted.every((one) => one.esmClass === 0x40 && one.dataCoding === dataCoding)).toBe(true);
    expect(shown(smsc.submitted)).toBe(text);
  });

  test('the same message twice, at once or later, is submitted once', async () => {
    await openBound();
    const ids = await Promise.all([sms.send(outgoing('hola')), sms.send(outgoing('hola'))]);
    ids.push(await sms.send(outgoing('hola')));
    expect(ids.map(({ providerId }) => providerId)).toEqual(['1', '1', '1']);
    expect(smsc.submitted).toHaveLength(1);
  });

  test.each([
    ['to nobody', outgoing('hola', 'm1', 'anonymous')],
    ['empty', outgoing('')],
    ['too long', outgoing('a'.repeat(5_000))],
  ])('%s: refused without asking the SMSC', async (_case, message) => {
    await openBound();
    await expect(sms.send(message)).rejects.toMatchObject({ code: 'message-refused' });
    expect(smsc.submitted).toEqual([]);
  });

  test('a number that the SMSC does not know is refused for good, and the other parts stay here', async () => {
    await openBound();
    smsc.answer = () => ({ status: 0x0b });
    await expect(sms.send(outgoing(LONG))).rejects.toMatchObject({ code: 'message-refused' });
    expect(smsc.submitted).toHaveLength(1);
  });

  test('throttled in the middle of a long text: tried again with what is missing only', async () => {
    await openBound();
    smsc.answer = (_, count) => (count === 2 ? { status: 0x58 } : { status: 0, id: `${count}` });
    await expect(sms.send(outgoing(LONG))).rejects.toMatchObject({ code: 'message-not-sent' });
    const parts = Math.ceil(LONG.length / 153);
    await eventually(() => smsc.submitted.length === parts);
    const again = sms.send(outgoing(LONG));
    clock.advance(CONGESTION_PAUSE_MS);
    expect(await again).toEqual({ providerId: '1' });
    expect(smsc.submitted).toHaveLength(parts + 1);
    const [, refused, ...others] = smsc.submitted;
    expect(others.at(-1)).toEqual(refused);
    expect(shown(smsc.submitted.filter((one) => one !== refused))).toBe(LONG);
  });

  test('throttled: the next messages wait a moment', async () => {
    await openBound();
    smsc.answer = (_, count) => (count === 1 ? { status: 0x14 } : { status: 0, id: `${count}` });
    await expect(sms.send(outgoing('one', 'm1'))).rejects.toMatchObject({ code: 'message-not-sent' });
    const second = sms.send(outgoing('two', 'm2'));
    await new Promise((resolve) => setImmediate(resolve));
    expect(sms.snapshot()).toMatchObject({ waiting: 1, outstanding: 0 });
    clock.advance(CONGESTION_PAUSE_MS);
    expect(await second).toEqual({ providerId: '2' });
  });

  test(`at most ${WINDOW} submits are without an answer`, async () => {
    await openBound();
    let open_ = 0;
    let most = 0;
    smsc.answer = async (_, count) => {
      open_ += 1;
      most = Math.max(most, open_);
      await new Promise((resolve) => setImmediate(resolve));
      open_ -= 1;
      return { status: 0, id: `${count}` };
    };
    await Promise.all(Array.from({ length: 50 }, (_, n) => sms.send(outgoing('hola', `m${n}`))));
    expect(smsc.submitted).toHaveLength(50);
    expect(most).toBeLessThanOrEqual(WINDOW);
    expect(most).toBeGreaterThan(1);
  });

  test('an SMSC that gives no id has taken the message all the same', async () => {
    await openBound();
    smsc.answer = () => ({ status: 0 });
    const { providerId } = await sms.send(outgoing('hola'));
    expect(providerId).toMatch(/^unnamed-/);
  });
});

describe('receipts', () => {
  test('delivered, once', async () => {
    await openBound();
    const { providerId } = await sms.send(outgoing('hola'));
    expect(await smsc.deliver(delivered(providerId))).toBe(0);
    expect(receipts).toEqual([{ channel: 'sms', providerId, status: 'delivered', atMs: clock.nowMs() }]);
  });

  test('a long text is delivered when all its parts are', async () => {
    await openBound();
    const { providerId } = await sms.send(outgoing(LONG));
    const ids = smsc.submitted.map((_, index) => `${index + 1}`);
    for (const id of ids.slice(0, -1)) await smsc.deliver(delivered(id));
    await smsc.deliver(delivered('1'));
    expect(receipts).toEqual([]);
    await smsc.deliver(delivered(ids.at(-1) ?? ''));
    expect(receipts).toMatchObject([{ providerId, status: 'delivered' }]);
  });

  test('one part that is lost makes the message fail', async () => {
    await openBound();
    const { providerId } = await sms.send(outgoing(LONG));
    await smsc.deliver(delivered('1'));
    await smsc.deliver(delivered('2', 'EXPIRED'));
    expect(receipts).toMatchObject([{ providerId, status: 'failed', reason: 'expired' }]);
  });

  test('by TLVs', async () => {
    await openBound();
    const { providerId } = await sms.send(outgoing('hola'));
    await smsc.deliver({
      esm_class: 0x04,
      short_message: Buffer.alloc(0),
      receipted_message_id: '1',
      message_state: 5,
    });
    expect(receipts).toMatchObject([{ providerId, status: 'failed', reason: 'undeliv' }]);
  });

  test('quicker than the answer to the submit', async () => {
    await openBound();
    let told: Promise<number> | undefined;
    smsc.answer = async (_, count) => {
      told ??= smsc.deliver(delivered('2'));
      return { status: 0, id: `${count}` };
    };
    const { providerId } = await sms.send(outgoing(LONG));
    expect(await told).toBe(0);
    expect(receipts).toEqual([]);
    for (const [index] of smsc.submitted.entries()) await smsc.deliver(delivered(`${index + 1}`));
    expect(receipts).toMatchObject([{ providerId, status: 'delivered' }]);
  });

  test('on its way: nothing to tell', async () => {
    await openBound();
    await sms.send(outgoing('hola'));
    expect(await smsc.deliver(delivered('1', 'ENROUTE'))).toBe(0);
    expect(receipts).toEqual([]);
  });

  test('of a run before this one: told by the id of the SMSC', async () => {
    await openBound();
    await smsc.deliver(delivered('old-7'));
    expect(receipts).toMatchObject([{ providerId: 'old-7', status: 'delivered' }]);
  });
});

describe('customers write', () => {
  test.each([
    ['GSM', { data_coding: 0, short_message: Buffer.from('53 7d 1b65'.replaceAll(' ', ''), 'hex') }, 'Sñ€'],
    ['ASCII', { data_coding: 1, short_message: Buffer.from('yes') }, 'yes'],
    ['Latin-1', { data_coding: 3, short_message: Buffer.from('Sí', 'latin1') }, 'Sí'],
    ['UCS-2', { data_coding: 8, short_message: ucs2('Sí 😀') }, 'Sí 😀'],
    ['payload TLV', { data_coding: 8, short_message: Buffer.alloc(0), message_payload: ucs2(LONG) }, LONG],
  ])('%s', async (_case, fields, text) => {
    await openBound();
    expect(await smsc.deliver(fields)).toBe(0);
    expect(received).toMatchObject([{ channel: 'sms', from: ANA, text, atMs: clock.nowMs() }]);
  });

  test('by data_sm', async () => {
    await openBound();
    expect(await smsc.deliver({ message_payload: Buffer.from('1') }, 'data_sm')).toBe(0);
    expect(received).toMatchObject([{ text: '1' }]);
  });

  test.each([
    ['binary', { data_coding: 4, short_message: Buffer.from([1, 2]) }],
    ['a header that does not fit', { esm_class: 0x40, short_message: Buffer.from([200, 0, 3]) }],
    ['from nobody', { source_addr: '', short_message: Buffer.from('1') }],
  ])('%s: refused, and nothing breaks', async (_case, fields) => {
    await openBound();
    expect(await smsc.deliver(fields)).toBe(0x66);
    expect(await smsc.deliver({ short_message: Buffer.from('1') })).toBe(0);
    expect(received).toMatchObject([{ text: '1' }]);
  });

  test('what looks like a receipt is a text', async () => {
    await openBound();
    await sms.send(outgoing('hola'));
    await smsc.deliver({ short_message: Buffer.from('id:1 stat:DELIVRD') });
    expect(receipts).toEqual([]);
    expect(received).toMatchObject([{ text: 'id:1 stat:DELIVRD' }]);
  });

  test('while the record is away the SMSC is asked to send again; then it is the same message', async () => {
    await openBound();
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
    await openBound();
    sms.onMessage(() => new Promise(() => undefined));
    const status = smsc.deliver({ short_message: Buffer.from('1') });
    await eventually(() => (sms.snapshot() as { unacknowledged: number }).unacknowledged === 1);
    clock.advance(STORE_LIMIT_MS);
    expect(await status).toBe(0x64);
  });

  test(`more than ${MAX_IN_HAND} at once: the SMSC is told to wait`, async () => {
    await openBound();
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
    await openBound();
    const statuses = [3, 1, 4, 2].map((n) => smsc.deliver(message(n)));
    expect(await Promise.all(statuses)).toEqual([0, 0, 0, 0]);
    expect(received).toMatchObject([{ from: ANA, text }]);
  });

  test('numbered by TLVs', async () => {
    await openBound();
    const tlvs = (n: number) => ({ sar_msg_ref_num: 5, sar_total_segments: 2, sar_segment_seqnum: n });
    const first = smsc.deliver({ short_message: Buffer.from('Ho'), ...tlvs(1) });
    await smsc.deliver({ short_message: Buffer.from('la'), ...tlvs(2) });
    expect(await first).toBe(0);
    expect(received).toMatchObject([{ text: 'Hola' }]);
  });

  test('an SMSC that waits for each answer gets it after a moment', async () => {
    await openBound();
    for (const n of [1, 2, 3]) {
      const status = smsc.deliver(message(n));
      await eventually(() => (sms.snapshot() as { partial: number }).partial === 1 && clock.pending >= 3);
      clock.advance(HOLD_MS);
      expect(await status).toBe(0);
      expect(received).toEqual([]);
    }
    expect(await smsc.deliver(message(4))).toBe(0);
    expect(received).toMatchObject([{ text }]);
  });

  test('not stored: no part is answered with yes, and sent again it is the same message', async () => {
    await openBound();
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
    await openBound();
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
    await openBound();
    const status = smsc.deliver(part(9, 2, 1, Buffer.from('uno')));
    await eventually(() => clock.pending >= 3);
    clock.advance(HOLD_MS);
    expect(await status).toBe(0);
    await sms.close();
    expect(received).toMatchObject([{ text: 'uno … ' }]);
  });
});

describe('the connection', () => {
  test('SMSC away: not sent; back again: sent, after a pause', async () => {
    await openBound();
    smsc.kick();
    await eventually(() => state() === 'paused');
    await expect(sms.send(outgoing('hola'))).rejects.toMatchObject({ code: 'message-not-sent' });
    clock.advance(FIRST_PAUSE_MS);
    await bound();
    expect(await sms.send(outgoing('hola'))).toEqual({ providerId: '1' });
    expect(smsc.binds).toHaveLength(2);
  });

  test('pauses grow while nobody answers', async () => {
    await openBound();
    const { port } = smsc;
    await smsc.stop();
    const pauses: number[] = [];
    for (let tries = 0; tries < 4; tries += 1) {
      await eventually(() => state() === 'paused');
      let ms = 0;
      for (; state() === 'paused'; ms += 500) clock.advance(500);
      pauses.push(ms);
    }
    expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000]);
    smsc = await Smsc.start(port);
  });

  test('killed in the middle of a long text: only what was not taken is sent again', async () => {
    await openBound();
    smsc.answer = (_, count) => {
      if (count === 2) return { status: 0, id: '2' };
      if (count === 3) {
        setImmediate(() => smsc.kick());
        return undefined;
      }
      return count < 3 ? { status: 0, id: `${count}` } : undefined;
    };
    await expect(sms.send(outgoing(LONG))).rejects.toMatchObject({ code: 'message-not-sent' });
    const [first, second, ...lost] = smsc.submitted;
    await eventually(() => state() === 'paused');
    clock.advance(FIRST_PAUSE_MS);
    await bound();
    smsc.submitted.splice(0);
    smsc.answer = (_, count) => ({ status: 0, id: `again-${count}` });
    expect(await sms.send(outgoing(LONG))).toEqual({ providerId: '1' });
    expect(smsc.submitted).toHaveLength(Math.ceil(LONG.length / 153) - 2);
    expect(smsc.submitted).toEqual(expect.arrayContaining(lost));
    expect(shown([first, second, ...smsc.submitted].flatMap((one) => one ?? []))).toBe(LONG);
  });

  test('wrong password: asked again after the longest pause only', async () => {
    smsc.bindStatus = 0x0e;
    open();
    await eventually(() => state() === 'paused');
    clock.advance(LONGEST_PAUSE_MS - 1);
    expect(state()).toBe('paused');
    smsc.bindStatus = 0;
    clock.advance(1);
    await bound();
  });

  test('an SMSC that accepts but never answers the bind is left', async () => {
    smsc.deafTo.add('bind_transceiver');
    open();
    await smsc.until(() => smsc.commands.length === 1);
    clock.advance(OPEN_LIMIT_MS);
    expect(state()).toBe('paused');
  });

  test('signs of life are asked for, and a dead link is given up', async () => {
    await openBound();
    clock.advance(ENQUIRE_INTERVAL_MS);
    await smsc.until(() => smsc.commands.includes('enquire_link'));
    // Read after the answer to the enquiry, on the same connection.
    await smsc.deliver({ short_message: Buffer.from('1') });
    expect(state()).toBe('bound');
    smsc.deafTo.add('enquire_link');
    clock.advance(ENQUIRE_INTERVAL_MS);
    await smsc.until(() => smsc.commands.filter((command) => command === 'enquire_link').length === 2);
    clock.advance(RESPONSE_LIMIT_MS);
    expect(state()).toBe('paused');
  });

  test('a submit without an answer is given up with the connection', async () => {
    await openBound();
    smsc.answer = () => undefined;
    const sent = sms.send(outgoing('hola'));
    await smsc.until(() => smsc.submitted.length === 1);
    clock.advance(RESPONSE_LIMIT_MS);
    await expect(sent).rejects.toMatchObject({ code: 'message-not-sent' });
    expect(state()).toBe('paused');
  });

  test('asked for a sign of life, to unbind, or for what nobody knows, it answers', async () => {
    await openBound();
    const session = smsc.sessions[0];
    if (session === undefined) throw new Error('not bound');
    const answers: string[] = [];
    session.on('pdu', (pdu) => void answers.push(pdu.command));
    session.socket.write(Buffer.from('00000010 00000015 00000000 00000001'.replaceAll(' ', ''), 'hex'));
    session.socket.write(Buffer.from('00000010 00000777 00000000 00000002'.replaceAll(' ', ''), 'hex'));
    session.socket.write(Buffer.from('00000010 00000006 00000000 00000003'.replaceAll(' ', ''), 'hex'));
    await eventually(() => state() === 'paused');
    await smsc.until(() => smsc.sessions.length === 0);
    expect(answers).toEqual(['enquire_link_resp', 'generic_nack', 'unbind_resp']);
  });

  test.each([
    ['a length beyond reason', 'ffffffff000000050000000000000001'],
    ['a length below reason', '0000000800000005'],
    ['a packet cut short', `00000025000000050000000000000001${'00'.repeat(17)}02040002`],
    ['no SMPP at all', Buffer.from('GET / HTTP/1.1\r\n\r\n').toString('hex')],
  ])('%s: the connection is given up and made anew', async (_case, hex) => {
    await openBound();
    smsc.sessions[0]?.socket.write(Buffer.from(hex, 'hex'));
    await eventually(() => state() === 'paused');
    clock.advance(FIRST_PAUSE_MS);
    await bound();
    expect(await smsc.deliver({ short_message: Buffer.from('1') })).toBe(0);
  });

  test('it takes its leave, and leaves no timer behind', async () => {
    await openBound();
    await sms.close();
    await smsc.until(() => smsc.commands.includes('unbind') && smsc.sessions.length === 0);
    expect(clock.pending).toBe(0);
    await expect(sms.send(outgoing('hola'))).rejects.toMatchObject({ code: 'message-not-sent' });
  });
});

test.each(['http://host', 'smpp://', 'nonsense'])('the URL %s is refused at start', async (url) => {
  await openBound();
  const ids = seededIds(seededRandom(1));
  expect(() => openSms({ url, source: 'Hilo', clock, ids, log: silentLog })).toThrow('SMPP_URL');
});
