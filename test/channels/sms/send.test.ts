import { describe, expect, test } from 'vitest';
import { CONGESTION_PAUSE_MS, WINDOW } from '../../../src/channels/sms/link.js';
import { eventually, LONG, outgoing, receiptFor, smsBench } from './bench.js';
import { shown } from './smsc.js';

const { openBound } = smsBench();

describe('sending', () => {
  test('binds as transceiver with the credentials of the URL', async () => {
    const { smsc } = await openBound();
    expect(smsc.binds).toEqual([{ command: 'bind_transceiver', user: 'hilo', password: 's@fe' }]);
  });

  test('a short text is one message that asks for a receipt', async () => {
    const { sms, smsc } = await openBound();
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
    const { sms, smsc } = await openBound();
    expect(await sms.send(outgoing(text))).toEqual({ providerId: '1' });
    expect(smsc.submitted.length).toBeGreaterThan(2);
    expect(new Set(smsc.submitted.map(({ content }) => content[3])).size).toBe(1);
    expect(smsc.submitted.every((one) => one.esmClass === 0x40 && one.dataCoding === dataCoding)).toBe(true);
    expect(shown(smsc.submitted)).toBe(text);
  });

  test('the same message twice, at once or later, is submitted once', async () => {
    const { sms, smsc } = await openBound();
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
    const { sms, smsc } = await openBound();
    await expect(sms.send(message)).rejects.toMatchObject({ code: 'message-refused' });
    expect(smsc.submitted).toEqual([]);
  });

  test('a number that the SMSC does not know is refused for good, and the other parts stay here', async () => {
    const { sms, smsc } = await openBound();
    smsc.answer = () => ({ status: 0x0b });
    await expect(sms.send(outgoing(LONG))).rejects.toMatchObject({ code: 'message-refused' });
    expect(smsc.submitted).toHaveLength(1);
  });

  test('throttled in the middle of a long text: tried again with what is missing only', async () => {
    const { clock, sms, smsc } = await openBound();
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
    const bench = await openBound();
    const { clock, sms, smsc } = bench;
    smsc.answer = (_, count) => (count === 1 ? { status: 0x14 } : { status: 0, id: `${count}` });
    await expect(sms.send(outgoing('one', 'm1'))).rejects.toMatchObject({ code: 'message-not-sent' });
    const second = sms.send(outgoing('two', 'm2'));
    await new Promise((resolve) => setImmediate(resolve));
    expect(bench.snapshot).toMatchObject({ waiting: 1, outstanding: 0 });
    clock.advance(CONGESTION_PAUSE_MS);
    expect(await second).toEqual({ providerId: '2' });
  });

  test(`at most ${WINDOW} submits are without an answer`, async () => {
    const { sms, smsc } = await openBound();
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
    const { sms, smsc } = await openBound();
    smsc.answer = () => ({ status: 0 });
    const { providerId } = await sms.send(outgoing('hola'));
    expect(providerId).toMatch(/^unnamed-/);
  });
});

describe('receipts', () => {
  test('delivered, once', async () => {
    const { clock, receipts, sms, smsc } = await openBound();
    const { providerId } = await sms.send(outgoing('hola'));
    expect(await smsc.deliver(receiptFor(providerId))).toBe(0);
    expect(receipts).toEqual([{ channel: 'sms', providerId, status: 'delivered', atMs: clock.nowMs() }]);
  });

  test('a long text is delivered when all its parts are', async () => {
    const { receipts, sms, smsc } = await openBound();
    const { providerId } = await sms.send(outgoing(LONG));
    const ids = smsc.submitted.map((_, index) => `${index + 1}`);
    for (const id of ids.slice(0, -1)) await smsc.deliver(receiptFor(id));
    await smsc.deliver(receiptFor('1'));
    expect(receipts).toEqual([]);
    await smsc.deliver(receiptFor(ids.at(-1) ?? ''));
    expect(receipts).toMatchObject([{ providerId, status: 'delivered' }]);
  });

  test('one part that is lost makes the message fail', async () => {
    const { receipts, sms, smsc } = await openBound();
    const { providerId } = await sms.send(outgoing(LONG));
    await smsc.deliver(receiptFor('1'));
    await smsc.deliver(receiptFor('2', 'EXPIRED'));
    expect(receipts).toMatchObject([{ providerId, status: 'failed', reason: 'expired' }]);
  });

  test('by TLVs', async () => {
    const { receipts, sms, smsc } = await openBound();
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
    const { receipts, sms, smsc } = await openBound();
    let told: Promise<number> | undefined;
    smsc.answer = async (_, count) => {
      told ??= smsc.deliver(receiptFor('2'));
      return { status: 0, id: `${count}` };
    };
    const { providerId } = await sms.send(outgoing(LONG));
    expect(await told).toBe(0);
    expect(receipts).toEqual([]);
    for (const [index] of smsc.submitted.entries()) await smsc.deliver(receiptFor(`${index + 1}`));
    expect(receipts).toMatchObject([{ providerId, status: 'delivered' }]);
  });

  test('on its way: nothing to tell', async () => {
    const { receipts, sms, smsc } = await openBound();
    await sms.send(outgoing('hola'));
    expect(await smsc.deliver(receiptFor('1', 'ENROUTE'))).toBe(0);
    expect(receipts).toEqual([]);
  });

  test('of a run before this one: told by the id of the SMSC', async () => {
    const { receipts, smsc } = await openBound();
    await smsc.deliver(receiptFor('old-7'));
    expect(receipts).toMatchObject([{ providerId: 'old-7', status: 'delivered' }]);
  });
});
