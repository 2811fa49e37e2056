// Customers who cannot be taken, or do not want to wait: overflow, exit key, voicemail, self-service.
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { readWav } from '../../src/core/sound/wav-reading.js';
import { toneOf } from '../../src/sim/phone/audio.js';
import type { PhoneCall } from '../../src/sim/phone/call.js';
import { ALL_TONES, TONES } from '../support/hilo/centre.js';
import { answering, hears, hearsSpeech } from '../support/hilo/scene.js';
import { onStage } from '../support/hilo/stage.js';

const SPEECH_MS = 2_000;
const WINDOW_S = 0.1;

const scene = onStage();

describe('overflow', () => {
  test('a queue that takes nobody: told at once that a message is on its way', async () => {
    const { number, phone } = await scene.customer();
    const call = await phone.invite('1003');
    await hears(call, TONES['message-promised'], 3_000);
    // It was stored before it was said.
    expect((await scene.matters.of(number))[0]?.has('message-queued')).toBe(true);
    await call.byeReceived.seen;
    const matter = await scene.matters.untilOver(number);
    expect(matter.last('overflowed')).toMatchObject({ queue: 'full', to: 'message', cause: 'queue-full' });
    expect(matter.last('call-ended')).toMatchObject({ by: 'hilo', result: 'message-sent' });
    expect(await scene.api.messagesTo(number)).toHaveLength(1);
  });

  test('nobody comes: after the longest wait the same', async () => {
    const { number, phone } = await scene.customer();
    const call = await phone.invite('1002');
    await hears(call, TONES.music);
    await hears(call, TONES['message-promised']);
    await call.byeReceived.seen;
    const matter = await scene.matters.untilOver(number);
    expect(matter.last('left-queue')).toMatchObject({ queue: 'nobody', reason: 'max-wait' });
    expect(matter.last('left-queue').waitedMs).toBeGreaterThanOrEqual(2_900);
    expect(matter.last('call-ended')).toMatchObject({ by: 'hilo', result: 'message-sent', reason: 'max-wait' });
  });

  test('a caller without a number cannot be written to: told that nobody is free', async () => {
    const { phone } = await scene.customer('anonymous');
    const call = await phone.invite('1003');
    await hears(call, TONES['nobody-free'], 3_000);
    await call.byeReceived.seen;
  });

  test('the exit key leads out of the queue, to the one it overflows to', async () => {
    const { number, phone } = await scene.customer();
    const call = await phone.invite('1005');
    await hears(call, TONES.music);
    await call.audio.press('*');
    await scene.matters.until(number, (matter) => matter.all('queued').length === 2);
    answering(await scene.agent('agent001'), TONES.agent);
    await hears(call, TONES.agent);
    call.bye();
    const matter = await scene.matters.untilOver(number);
    expect(matter.all('left-queue').map(({ queue, reason }) => [queue, reason])).toEqual([
      ['sales', 'exit-key'],
      ['support', 'connected'],
    ]);
    const [first, second] = matter.all('queued');
    expect(second?.seniorityMs).toBe(first?.seniorityMs);
  });
});

describe('voicemail', () => {
  test('what the customer said is in the recording', async () => {
    const { number, phone } = await scene.customer();
    const call = await phone.invite('1000');
    await call.final.seen;
    await call.audio.press('4');
    await speakAfterTone(call);
    call.audio.say(0);
    await call.audio.press('#');
    await hearsSpeech(call);
    await call.byeReceived.seen;
    const matter = await scene.matters.untilOver(number);
    expect(matter.last('call-ended')).toMatchObject({ by: 'hilo', result: 'voicemail' });
    const { path, durationMs, queue } = matter.last('voicemail-left');
    expect(queue).toBe('support');
    expect(durationMs).toBeGreaterThan(1_500);
    const { samples, rate } = readWav(await readFile(path));
    expect(samples.length / rate).toBeCloseTo(durationMs / 1_000, 0);
    expect(secondsOf(TONES.caller, samples, rate)).toBeGreaterThan(1);
  });

  test('hanging up after the message keeps it', async () => {
    const { number, phone } = await scene.customer();
    const call = await phone.invite('1000');
    await call.final.seen;
    await call.audio.press('4');
    await speakAfterTone(call);
    call.bye();
    const matter = await scene.matters.untilOver(number);
    expect(matter.last('call-ended')).toMatchObject({ by: 'customer', result: 'voicemail' });
    expect(await scene.api.messagesTo(number)).toEqual([]);
  });
});

test('opening hours are told without a person: served, no message', async () => {
  const { number, phone } = await scene.customer();
  const call = await phone.invite('1000');
  await call.final.seen;
  await call.audio.press('3');
  await scene.matters.until(number, (matter) => matter.all('flow-step').some(({ step }) => step === 'main/told'));
  await hearsSpeech(call);
  call.bye();
  const matter = await scene.matters.untilOver(number);
  expect(matter.last('call-ended')).toMatchObject({ by: 'customer', result: 'served' });
  expect(matter.outcomes).toMatchObject([{ outcome: 'self-served' }]);
  expect(matter.has('queued')).toBe(false);
  expect(await scene.api.messagesTo(number)).toEqual([]);
});

/** How long the tone is heard in a recording. */
function secondsOf(hertz: number, samples: Float32Array, rate: number): number {
  const windows = Math.floor(samples.length / (WINDOW_S * rate));
  const starts = Array.from({ length: windows }, (_, at) => at * WINDOW_S * rate);
  const heard = starts.filter((start) => toneOf(samples.subarray(start, start + WINDOW_S * rate), ALL_TONES) === hertz);
  return heard.length * WINDOW_S;
}

async function speakAfterTone(call: PhoneCall): Promise<void> {
  await hears(call, TONES.record, 20_000);
  await hears(call, 0);
  call.audio.say(TONES.caller);
  await new Promise((resolve) => setTimeout(resolve, SPEECH_MS));
}
