// A test message, by a real SMS channel: who may be written to, how often, and what is told when it does not go.
import { expect, test } from 'vitest';
import type { AuditNote } from '../../src/app/audit.js';
import type { Messenger } from '../../src/app/message/messenger.js';
import { ChannelTrials, TRIALS_AN_HOUR, type Trial } from '../../src/app/message/trial.js';
import type { OutboundPolicy } from '../../src/core/routing/centre.js';
import { FakeClock } from '../../src/lib/clock.js';
import { seededIds, seededRandom } from '../../src/lib/ids.js';
import { FakeMessenger } from '../support/fakes/messenger.js';
import { ANA, smsBench } from './sms/bench.js';
import { shown } from './sms/smsc.js';

const { openBound } = smsBench();

const OUTBOUND: OutboundPolicy = {
  ...{ allowedPrefixes: ['+34'], deniedPrefixes: ['+34900'], premium: false },
  ...{ maxPerHour: 100, maxPerDestinationPerHour: 10 },
};
const TO_ANA: Trial = { channel: 'sms', to: '600 111 222', language: 'es', by: 'admin' };

function trialsOn({ sms, clock }: { readonly sms: Messenger; readonly clock: FakeClock }) {
  const notes: AuditNote[] = [];
  const trials = new ChannelTrials({
    ...{ messengers: [sms], clock, ids: seededIds(seededRandom(2)) },
    audit: { note: async (note) => void notes.push(note) },
    centre: () => ({ outbound: OUTBOUND, country: 'ES' }),
  });
  return { trials, notes };
}

test('it goes to the number as the centre writes it, and the audit has it', async () => {
  const bench = await openBound();
  const { trials, notes } = trialsOn(bench);
  expect(await trials.send(TO_ANA)).toEqual({ number: ANA, providerId: '1' });
  expect(shown(bench.smsc.submitted)).toBe('Mensaje de prueba de Hilo: este canal funciona.');
  expect(notes).toEqual([{ by: 'admin', act: 'channel-tried', on: 'sms', detail: { to: ANA } }]);
});

test.each([
  ['hello', 'not-a-number'],
  ['+1 202 555 0143', 'prefix-not-allowed'],
  ['+34 900 123 456', 'prefix-denied'],
])('%s is not written to: %s', async (to, reason) => {
  const bench = await openBound();
  const { trials, notes } = trialsOn(bench);
  await expect(trials.send({ ...TO_ANA, to })).rejects.toMatchObject({ code: 'invalid-input', why: { reason } });
  expect(notes).toEqual([]);
});

test('a channel that is not set up, and a provider that is away, say so', async () => {
  const bench = await openBound();
  const { trials } = trialsOn(bench);
  await expect(trials.send({ ...TO_ANA, channel: 'whatsapp' })).rejects.toMatchObject({ code: 'not-found' });
  bench.smsc.kick();
  await bench.lost();
  await expect(trials.send(TO_ANA)).rejects.toMatchObject({ code: 'message-not-sent' });
});

test('only so many go within an hour', async () => {
  const clock = new FakeClock();
  const { trials, notes } = trialsOn({ sms: new FakeMessenger(clock), clock });
  const send = () => trials.send({ ...TO_ANA, channel: 'sandbox' });
  for (let count = 0; count < TRIALS_AN_HOUR; count += 1) await send();
  await expect(send()).rejects.toMatchObject({ code: 'too-many-requests' });
  expect(notes).toHaveLength(TRIALS_AN_HOUR);
  clock.advance(3_600_000);
  expect(await send()).toMatchObject({ number: ANA });
});
