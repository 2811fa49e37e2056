import { describe, expect, test } from 'vitest';
import { Handovers, MAX_HANDOVERS } from '../../../src/channels/sms/handovers.js';
import { Incoming, MAX_UNACKNOWLEDGED } from '../../../src/channels/sms/incoming.js';
import { MAX_WAITING, WINDOW } from '../../../src/channels/sms/link.js';
import {
  MAX_PART_OCTETS,
  MAX_PARTIAL,
  MAX_PARTS,
  type PartialText,
  Reassembly,
  STORED_LIFE_MS,
  type TextPart,
} from '../../../src/channels/sms/reassembly.js';
import { FakeClock } from '../../../src/lib/clock.js';
import { seededIds, seededRandom } from '../../../src/lib/ids.js';
import { silentLog } from '../../../src/lib/log.js';
import { eventually, outgoing, smsBench } from './bench.js';
import { part } from './smsc.js';

const { openBound } = smsBench();

describe('long texts that arrive', () => {
  const piece = (reference: number, number: number): TextPart => ({
    ...{ from: '+34600111222', to: '5432', reference, total: 2, number },
    alphabet: 'gsm',
    language: 0,
    body: Buffer.from(`${number}`),
  });

  function reassembly() {
    const clock = new FakeClock();
    const stored: PartialText[] = [];
    const texts = new Reassembly({
      ...{ clock, log: silentLog, newId: () => `${stored.length}` },
      store: async (text) => void stored.push(text),
    });
    return { clock, stored, texts };
  }

  test(`beyond ${MAX_PARTIAL} that are not complete, the oldest is taken as it is`, async () => {
    const { stored, texts } = reassembly();
    for (let reference = 0; reference <= MAX_PARTIAL; reference += 1) void texts.add(piece(reference, 1));
    expect(texts.size).toBe(MAX_PARTIAL);
    await eventually(() => stored.length === 1);
    expect(stored[0]?.parts.map((one) => one?.reference)).toEqual([0, undefined]);
  });

  test('a stored one is forgotten after a while, with its timers', async () => {
    const { clock, stored, texts } = reassembly();
    await Promise.all([texts.add(piece(1, 1)), texts.add(piece(1, 2))]);
    expect(stored).toHaveLength(1);
    clock.advance(STORED_LIFE_MS);
    expect(texts.size).toBe(0);
    expect(clock.pending).toBe(0);
  });

  test.each([
    [`of more than ${MAX_PARTS} parts`, part(1, MAX_PARTS + 1, 1, Buffer.from('one'))],
    [`in parts of more than ${MAX_PART_OCTETS} octets`, payload(MAX_PART_OCTETS + 1)],
  ])('%s are taken part by part', async (_case, fields) => {
    const { smsc, received } = await openBound();
    expect(await smsc.deliver(fields)).toBe(0);
    expect(received).toHaveLength(1);
  });

  function payload(octets: number): object {
    const header = Buffer.from([5, 0, 3, 1, 2, 1]);
    const message = Buffer.concat([header, Buffer.alloc(octets, 0x61)]);
    return { esm_class: 0x40, short_message: Buffer.alloc(0), message_payload: message };
  }
});

test(`${MAX_UNACKNOWLEDGED} texts without our answer are remembered`, async () => {
  const incoming = new Incoming({
    ...{ clock: new FakeClock(), ids: seededIds(seededRandom(1)), log: silentLog },
    message: () => Promise.reject(new Error('no database')),
    receipt: () => Promise.resolve(),
  });
  const delivery = { from: '34600111222', fromTon: 1, to: '5432', esmClass: 0, dataCoding: 0 };
  for (let n = 0; n <= MAX_UNACKNOWLEDGED; n += 1) {
    expect((await incoming.take({ ...delivery, content: Buffer.from(`${n}`) })).status).toBe(0x64);
  }
  expect(incoming.snapshot()).toMatchObject({ unacknowledged: MAX_UNACKNOWLEDGED });
});

test(`${MAX_WAITING} submits wait for the SMSC, one more is not taken`, async () => {
  const { sms, smsc, clock } = await openBound();
  smsc.answer = () => undefined;
  const sent = Array.from({ length: WINDOW + MAX_WAITING }, (_, n) => sms.send(outgoing('hola', `m${n}`)));
  await expect(sms.send(outgoing('hola', 'one more'))).rejects.toThrow(`${MAX_WAITING} messages already wait`);
  clock.advance(60_000);
  const outcomes = await Promise.allSettled(sent);
  expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true);
});

test(`${MAX_HANDOVERS} messages are remembered, the oldest that is not on its way is forgotten`, async () => {
  const handovers = new Handovers();
  const segments = () => ({ dataCoding: 0, contents: [Buffer.from('x')] });
  const first = handovers.of('first', segments);
  if (first === undefined) throw new Error('no handover');
  let arrive = (_id: string): void => undefined;
  const running = handovers.run(
    first,
    () =>
      new Promise((resolve) => {
        arrive = resolve;
      }),
  );
  for (let n = 0; n < MAX_HANDOVERS; n += 1) handovers.of(`m${n}`, segments);
  expect(handovers.size).toBe(MAX_HANDOVERS);
  expect(handovers.of('first', segments)).toBe(first);
  arrive('1');
  await running;
});
