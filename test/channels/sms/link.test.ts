import { describe, expect, test } from 'vitest';
import { ENQUIRE_INTERVAL_MS, OPEN_LIMIT_MS, RESPONSE_LIMIT_MS } from '../../../src/channels/sms/connection.js';
import { FIRST_PAUSE_MS, LONGEST_PAUSE_MS } from '../../../src/channels/sms/link.js';
import { openSms } from '../../../src/channels/sms/sms.js';
import { FakeClock } from '../../../src/lib/clock.js';
import { seededIds, seededRandom } from '../../../src/lib/ids.js';
import { silentLog } from '../../../src/lib/log.js';
import { LONG, outgoing, smsBench } from './bench.js';
import { shown } from './smsc.js';

const { open, openBound } = smsBench();

describe('the connection', () => {
  test('SMSC away: not sent; back again: sent, after a pause', async () => {
    const bench = await openBound();
    const { clock, sms, smsc } = bench;
    smsc.kick();
    await bench.lost();
    await expect(sms.send(outgoing('hola'))).rejects.toMatchObject({ code: 'message-not-sent' });
    clock.advance(FIRST_PAUSE_MS);
    await bench.bound();
    expect(await sms.send(outgoing('hola'))).toEqual({ providerId: '1' });
    expect(smsc.binds).toHaveLength(2);
  });

  test('pauses grow while nobody answers', async () => {
    const bench = await openBound();
    const { clock, smsc } = bench;
    await smsc.stop();
    const pauses: number[] = [];
    for (let tries = 0; tries < 4; tries += 1) {
      await bench.lost();
      let ms = 0;
      for (; bench.snapshot.state === 'paused'; ms += 500) clock.advance(500);
      pauses.push(ms);
    }
    expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000]);
  });

  test('killed in the middle of a long text: only what was not taken is sent again', async () => {
    const bench = await openBound();
    const { clock, sms, smsc } = bench;
    smsc.answer = (_, count) => {
      if (count < 3) return { status: 0, id: `${count}` };
      setImmediate(() => smsc.kick());
      return undefined;
    };
    await expect(sms.send(outgoing(LONG))).rejects.toMatchObject({ code: 'message-not-sent' });
    const [first, second, ...lost] = smsc.submitted;
    await bench.lost();
    clock.advance(FIRST_PAUSE_MS);
    await bench.bound();
    smsc.submitted.splice(0);
    smsc.answer = (_, count) => ({ status: 0, id: `again-${count}` });
    expect(await sms.send(outgoing(LONG))).toEqual({ providerId: '1' });
    expect(smsc.submitted).toHaveLength(Math.ceil(LONG.length / 153) - 2);
    expect(smsc.submitted).toEqual(expect.arrayContaining(lost));
    expect(shown([first, second, ...smsc.submitted].flatMap((one) => one ?? []))).toBe(LONG);
  });

  test('wrong password: asked again after the longest pause only', async () => {
    const bench = open((server) => {
      server.bindStatus = 0x0e;
    });
    const { smsc, clock } = bench;
    await bench.lost();
    clock.advance(LONGEST_PAUSE_MS - 1);
    expect(bench.snapshot.state).toBe('paused');
    smsc.bindStatus = 0;
    clock.advance(1);
    await bench.bound();
  });

  test('an SMSC that accepts but never answers the bind is left', async () => {
    const bench = open((server) => server.deafTo.add('bind_transceiver'));
    const { smsc, clock } = bench;
    await smsc.until(() => smsc.commands.length === 1);
    clock.advance(OPEN_LIMIT_MS);
    expect(bench.snapshot.state).toBe('paused');
  });

  test('signs of life are asked for, and a dead link is given up', async () => {
    const bench = await openBound();
    const { clock, smsc } = bench;
    clock.advance(ENQUIRE_INTERVAL_MS);
    await smsc.until(() => smsc.commands.includes('enquire_link'));
    // Read after the answer to the enquiry, on the same connection.
    await smsc.deliver({ short_message: Buffer.from('1') });
    expect(bench.snapshot.state).toBe('bound');
    smsc.deafTo.add('enquire_link');
    clock.advance(ENQUIRE_INTERVAL_MS);
    await smsc.until(() => smsc.commands.filter((command) => command === 'enquire_link').length === 2);
    clock.advance(RESPONSE_LIMIT_MS);
    expect(bench.snapshot.state).toBe('paused');
  });

  test('a submit without an answer is given up with the connection', async () => {
    const bench = await openBound();
    const { clock, sms, smsc } = bench;
    smsc.answer = () => undefined;
    const sent = sms.send(outgoing('hola'));
    await smsc.until(() => smsc.submitted.length === 1);
    clock.advance(RESPONSE_LIMIT_MS);
    await expect(sent).rejects.toMatchObject({ code: 'message-not-sent' });
    expect(bench.snapshot.state).toBe('paused');
  });

  test('asked for a sign of life, to unbind, or for what nobody knows, it answers', async () => {
    const bench = await openBound();
    const { smsc } = bench;
    const session = smsc.sessions[0];
    if (session === undefined) throw new Error('not bound');
    const answers: string[] = [];
    session.on('pdu', (pdu) => void answers.push(pdu.command));
    session.socket.write(Buffer.from('00000010 00000015 00000000 00000001'.replaceAll(' ', ''), 'hex'));
    session.socket.write(Buffer.from('00000010 00000777 00000000 00000002'.replaceAll(' ', ''), 'hex'));
    session.socket.write(Buffer.from('00000010 00000006 00000000 00000003'.replaceAll(' ', ''), 'hex'));
    await bench.lost();
    await smsc.until(() => smsc.sessions.length === 0);
    expect(answers).toEqual(['enquire_link_resp', 'generic_nack', 'unbind_resp']);
  });

  test.each([
    ['a length beyond reason', 'ffffffff000000050000000000000001'],
    ['a length below reason', '0000000800000005'],
    ['a packet cut short', `00000025000000050000000000000001${'00'.repeat(17)}02040002`],
    ['no SMPP at all', Buffer.from('GET / HTTP/1.1\r\n\r\n').toString('hex')],
  ])('%s: the connection is given up and made anew', async (_case, hex) => {
    const bench = await openBound();
    const { clock, smsc } = bench;
    smsc.sessions[0]?.socket.write(Buffer.from(hex, 'hex'));
    await bench.lost();
    clock.advance(FIRST_PAUSE_MS);
    await bench.bound();
    expect(await smsc.deliver({ short_message: Buffer.from('1') })).toBe(0);
  });

  test('it takes its leave, and leaves no timer behind', async () => {
    const { clock, sms, smsc } = await openBound();
    await sms.close();
    await smsc.until(() => smsc.commands.includes('unbind') && smsc.sessions.length === 0);
    expect(clock.pending).toBe(0);
    await expect(sms.send(outgoing('hola'))).rejects.toMatchObject({ code: 'message-not-sent' });
  });
});

test.each(['http://host', 'smpp://', 'nonsense'])('the URL %s is refused at start', (url) => {
  const ports = { clock: new FakeClock(), ids: seededIds(seededRandom(1)), log: silentLog };
  expect(() => openSms({ ...ports, url, source: 'Hilo' })).toThrow('SMPP_URL');
});
