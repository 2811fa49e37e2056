import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import esl from 'drachtio-modesl';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { CollectRequest } from '../../src/app/ports.js';
import { readWav } from '../../src/core/sound/wav-reading.js';
import { header, statusOf } from '../../src/sim/phone/message.js';
import type { Phone } from '../../src/sim/phone/phone.js';
import { eventually, LATE_MS } from '../support/servers.js';
import { ALL_TONES, type Bench, openBench, TONES } from './bench.js';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench?.close());

type Call = Awaited<ReturnType<Phone['invite']>>;
const hears = (call: Call, tone: number, limitMs = LATE_MS): Promise<void> =>
  eventually(`tone ${tone}`, () => call.audio.tone(ALL_TONES) === tone, limitMs);

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Of each tenth of a second of a recording. */
function loudness(path: string): ('loud' | 'silent')[] {
  if (statSync(path, { throwIfNoEntry: false }) === undefined) return [];
  const { samples, rate } = readWav(readFileSync(path));
  const size = rate / 10;
  return Array.from({ length: Math.floor(samples.length / size) }, (_, index) => {
    const part = samples.subarray(index * size, (index + 1) * size);
    return part.some((sample) => Math.abs(sample) > 0.02) ? 'loud' : 'silent';
  });
}

const menu = (change: Partial<CollectRequest> = {}): CollectRequest => ({
  prompts: [bench.prompts.prompt],
  min: 1,
  max: 1,
  terminators: '',
  firstDigitMs: LATE_MS,
  interDigitMs: LATE_MS,
  bargeIn: true,
  ...change,
});

describe('an answered caller', () => {
  it('hears prompts one after the other, and a key stops them', async () => {
    const { leg, call } = await bench.answeredCall();
    const played = leg.play([bench.prompts.short, bench.prompts.second], { stopKeys: '1' });
    await hears(call, TONES.prompt);
    await hears(call, TONES.second);
    await call.audio.press('2');
    await call.audio.press('1');
    expect(await played).toEqual({ outcome: 'key', key: '1' });
    await hears(call, 0);
    expect(await leg.play([bench.prompts.short])).toEqual({ outcome: 'finished', key: '' });
    expect(await leg.play([join(bench.folder, 'missing.wav')])).toEqual({ outcome: 'failed', key: '' });
    await leg.hangUp({ by: 'hilo', reason: 'flow-finished' });
    await call.byeReceived.seen;
  });

  it('types keys: barge-in, several keys, typed ahead, as SIP INFO', async () => {
    const { leg, call } = await bench.answeredCall();
    const choice = leg.collect(menu());
    await hears(call, TONES.prompt);
    await call.audio.press('1');
    expect(await choice).toEqual({ outcome: 'digits', digits: '1', terminator: '' });
    await hears(call, 0);

    const pin = leg.collect(menu({ max: 8, terminators: '#' }));
    for (const key of '4071#') await call.audio.press(key);
    expect(await pin).toEqual({ outcome: 'digits', digits: '4071', terminator: '#' });

    const playing = leg.play([bench.prompts.short]);
    await call.audio.press('7');
    await playing;
    expect(await leg.collect(menu())).toMatchObject({ digits: '7' });

    const byInfo = leg.collect(menu({ prompts: [] }));
    call.info('5');
    expect(await byInfo).toMatchObject({ digits: '5' });
    call.bye();
  });

  it('costs no events that nobody listens to', async () => {
    const told = vi.spyOn(esl.Connection.prototype, 'emit');
    try {
      const { leg, call } = await bench.answeredCall();
      await leg.play([bench.prompts.short]);
      call.bye();
      const events = told.mock.calls.map(([event]) => /^esl::event::([A-Z_]+)::/.exec(String(event))?.[1]);
      expect(events).toContain('CHANNEL_EXECUTE_COMPLETE');
      expect(events).not.toContain('PLAYBACK_START');
      expect(events).not.toContain('PLAYBACK_STOP');
    } finally {
      told.mockRestore();
    }
  });

  it('types nothing', async () => {
    const { leg, call } = await bench.answeredCall();
    const request = menu({ prompts: [bench.prompts.short], firstDigitMs: 300 });
    expect(await leg.collect(request)).toEqual({ outcome: 'time-out', digits: '' });
    call.bye();
  });

  it('hears music until it is replaced or silenced, and heard keys reach the listener', async () => {
    const { leg, call } = await bench.answeredCall();
    const keys: string[] = [];
    leg.onKey((key) => keys.push(key));
    await leg.startMusic('moh');
    await hears(call, TONES.music);
    await leg.startMusic('moh');
    const played = leg.play([bench.prompts.prompt]);
    await hears(call, TONES.prompt);
    await call.audio.press('*');
    await leg.silence();
    expect(await played).toEqual({ outcome: 'stopped', key: '' });
    await hears(call, 0);
    await leg.silence();
    expect(keys).toEqual(['*']);
    call.bye();
  });

  it('leaves a recording, ended by a key or by hanging up', async () => {
    const { leg, call } = await bench.answeredCall();
    const path = join(bench.folder, 'voicemail.wav');
    const startMs = performance.now();
    const recorded = leg.record(path, { maxMs: 10_000, silenceMs: 5000, terminators: '#' });
    await hears(call, TONES.record);
    await hears(call, 0);
    call.audio.say(TONES.caller);
    await pause(1_000);
    await call.audio.press('#');
    const { durationMs } = await recorded;
    expect(durationMs).toBeGreaterThan(800);
    expect(durationMs).toBeLessThanOrEqual(performance.now() - startMs);
    const sound = readWav(readFileSync(path));
    expect(sound.samples.length / sound.rate).toBeGreaterThan(0.8);

    const second = join(bench.folder, 'voicemail-2.wav');
    const cut = leg.record(second, { maxMs: 10_000, silenceMs: 5000, terminators: '#' });
    await hears(call, TONES.record);
    await hears(call, 0);
    await pause(700);
    call.bye();
    expect((await cut).durationMs).toBeGreaterThan(500);
    await eventually('the file', () => statSync(second, { throwIfNoEntry: false }) !== undefined);
  });

  it('is not in the recording while typing in secret, and is before and after it', async () => {
    const { leg, call } = await bench.answeredCall();
    const path = join(bench.folder, 'secret.wav');
    await leg.recordCall(path);
    call.audio.say(TONES.caller);
    await pause(600);
    const pin = leg.collect(menu({ prompts: [], max: 4, terminators: '#', secure: true }));
    await pause(900);
    for (const key of '4071') await call.audio.press(key);
    expect(await pin).toMatchObject({ digits: '4071' });
    call.audio.say(TONES.caller);
    await call.audio.press('8');
    await pause(600);
    expect(await leg.collect(menu({ prompts: [], firstDigitMs: 300 }))).toMatchObject({ digits: '' });
    call.bye();
    await eventually('the recording is silent in the middle only', () => {
      const levels = loudness(path);
      const [first, last] = [levels.indexOf('silent', levels.indexOf('loud')), levels.lastIndexOf('loud')];
      const silent = levels.slice(first, last).filter((level) => level === 'silent').length;
      return levels.indexOf('loud') >= 0 && first > 0 && last > first && silent >= 7;
    });
  });

  it('who hangs up ends everything that goes on, with one reason', async () => {
    const { leg, call, incoming } = await bench.answeredCall();
    const playing = leg.play([bench.prompts.prompt]);
    await hears(call, TONES.prompt);
    call.bye();
    await expect(playing).rejects.toMatchObject({ code: 'leg-ended', cause: { by: 'customer', reason: 'hung-up' } });
    await expect(leg.collect(menu())).rejects.toMatchObject({ code: 'leg-ended' });
    await expect(leg.startMusic('moh')).rejects.toMatchObject({ code: 'leg-ended' });
    expect(leg.ended.reason).toEqual({ by: 'customer', reason: 'hung-up' });
    expect(incoming.ended.reason).toEqual(leg.ended.reason);
    await leg.hangUp({ by: 'hilo', reason: 'too late' });
    expect(leg.ended.reason).toEqual({ by: 'customer', reason: 'hung-up' });
  });

  it('puts us on hold and comes back, and changes its port', async () => {
    const { leg, call } = await bench.answeredCall();
    void leg.startMusic('moh');
    await hears(call, TONES.music);
    call.reinvite(call.audio.sdpWith('sendonly', 2));
    await eventually('answer', () => call.answers.some((one) => /a=recvonly/.test(one.body)));
    call.reinvite(call.audio.sdpWith('sendrecv', 3));
    await eventually('answer', () => call.answers.filter((one) => /CSeq: 3|a=sendrecv/.test(one.body)).length >= 2);
    call.audio.forget();
    await hears(call, TONES.music);
    call.reinvite(call.audio.sdp.replace(/c=IN IP4 .*/, 'c=IN IP4 239.1.1.1'));
    await eventually('refusal', () => call.answers.some((one) => statusOf(one) === 488));
    expect(leg.ended.aborted).toBe(false);
    call.bye();
  });

  it('may come without an offer: ours is in the 200, the answer in the ACK', async () => {
    const phone = await bench.caller();
    const call = await phone.invite('1000', { changeSdp: () => '' });
    call.answerInAck = true;
    const incoming = await bench.nextCall();
    const leg = await incoming.answer();
    await call.final.seen;
    void leg.startMusic('moh');
    await hears(call, TONES.music);
    call.bye();
  });
});

describe('a caller who is not answered', () => {
  it('cancels while ringing', async () => {
    const phone = await bench.caller();
    const call = await phone.invite('1000', { headers: { 'P-Asserted-Identity': '"Eva" <sip:+34600111222@carrier>' } });
    const incoming = await bench.nextCall();
    expect(incoming).toMatchObject({ from: '+34600111222', to: '1000', origin: { kind: 'trunk', trunk: 'lab' } });
    incoming.ring();
    await eventually('180', () => call.provisional.includes(180));
    call.cancel();
    expect(statusOf(await call.final.seen)).toBe(487);
    await eventually('end', () => incoming.ended.aborted);
    expect(incoming.ended.reason).toMatchObject({ by: 'customer', reason: 'cancelled' });
    await expect(incoming.answer()).rejects.toMatchObject({ code: 'leg-ended' });
  });

  it('cancels while being answered: whatever wins, nothing is left', async () => {
    for (let n = 0; n < 10; n++) {
      const phone = await bench.caller();
      const call = await phone.invite('1000');
      const incoming = await bench.nextCall();
      const answered = incoming.answer().then(
        (leg) => leg,
        () => undefined,
      );
      await new Promise((resolve) => setTimeout(resolve, n * 3));
      call.cancel();
      const leg = await answered;
      const status = statusOf(await call.final.seen);
      expect([200, 487]).toContain(status);
      // RFC 3261 §9.1: a 200 that comes after all is ended by the caller.
      if (status === 200) call.bye();
      await eventually('end', () => incoming.ended.aborted);
      if (leg !== undefined) expect(leg.ended.reason).toEqual(incoming.ended.reason);
    }
    await eventually('nothing left', () => JSON.stringify(bench.telephony.snapshot()).includes('"legs":[]'));
  });

  it('is refused with a status, a reason and a time', async () => {
    const phone = await bench.caller();
    const call = await phone.invite('1000');
    (await bench.nextCall()).reject(486, { reason: 'queue "full"\r\nX: y', retryAfterS: 30 });
    const answer = await call.final.seen;
    expect(statusOf(answer)).toBe(486);
    expect(header(answer, 'retry-after')).toBe('30');
    expect(header(answer, 'reason')).toBe('SIP;cause=486;text="queue full X: y"');
    expect(answer.headers.has('x')).toBe(false);
  });

  it.each([
    ['multicast', (sdp: string) => sdp.replace(/c=IN IP4 .*/, 'c=IN IP4 224.1.1.1')],
    ['500 media lines', (sdp: string) => sdp + 'm=audio 5000 RTP/AVP 0\r\n'.repeat(500)],
  ])('sends an offer of no use: %s', async (_what, change) => {
    const phone = await bench.caller();
    const call = await phone.invite('1000', { changeSdp: change });
    expect(statusOf(await call.final.seen)).toBe(488);
  });

  it('has no codec that we have', async () => {
    const phone = await bench.caller();
    const gsm = (sdp: string): string => sdp.replace('RTP/AVP 0 101', 'RTP/AVP 3').replace(/a=rtpmap.*\r\n/g, '');
    const call = await phone.invite('1000', { changeSdp: gsm });
    const incoming = await bench.nextCall();
    await expect(incoming.answer()).rejects.toMatchObject({ code: 'telephony-unavailable' });
    expect(statusOf(await call.final.seen)).toBe(488);
  });
});
