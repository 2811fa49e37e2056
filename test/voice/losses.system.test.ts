import { afterEach, describe, expect, it } from 'vitest';
import type { DialRequest } from '../../src/app/ports.js';
import type { PhoneCall } from '../../src/sim/phone/call.js';
import { header, statusOf } from '../../src/sim/phone/message.js';
import { VoiceLeg } from '../../src/voice/call/leg.js';
import { type TelephonyOptions, VoiceTelephony } from '../../src/voice/telephony.js';
import { eventually, LATE_MS } from '../support/servers.js';
import { type SwitchProcess, startSwitchProcess } from '../support/switch-process.js';
import { type Bench, openBench, telephonyOptions } from './bench.js';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

const TO_ANA: DialRequest = {
  targets: [{ kind: 'device', agent: 'ana', device: 'ana-desk' }],
  order: 'together',
  ringMs: 5000,
  from: { number: '1', name: '' },
  headers: {},
  signal: new AbortController().signal,
};

async function benchOf(change: Partial<TelephonyOptions> = {}): Promise<Bench> {
  const bench = await openBench(change);
  open.push(bench);
  return bench;
}

async function telephonyOf(sw: SwitchProcess, change: Partial<TelephonyOptions>): Promise<VoiceTelephony> {
  const telephony = new VoiceTelephony(telephonyOptions(sw, [], change));
  open.push(telephony);
  return telephony;
}

describe('the switch dies', () => {
  it('all legs end with a reason, and calls work again when it is back', async () => {
    const bench = await benchOf();
    const caller = await bench.answeredCall();
    const agent = await bench.agent('ana-desk');
    agent.onCall = (call) => call.answer();
    const dialled = await bench.telephony.dial(TO_ANA);
    if (dialled.kind !== 'answered') throw new Error('not answered');
    await caller.leg.bridge(dialled.leg);
    agent.onCall = (call) => call.ring();
    const ringing = bench.telephony.dial({ ...TO_ANA, ringMs: 60_000 });
    const waiting = await bench.answeredCall();
    const playing = waiting.leg.play([bench.prompts.prompt]);
    playing.catch(() => undefined);
    const unanswered = await (await bench.caller()).invite('1000');
    const incoming = await bench.nextCall();

    await bench.switch.kill();
    expect(await ringing).toMatchObject({ kind: 'failed', reason: 'unreachable' });
    await expect(playing).rejects.toMatchObject({ code: 'leg-ended' });
    for (const leg of [caller.leg, dialled.leg, waiting.leg]) {
      await eventually('end', () => leg.ended.aborted);
      expect(leg.ended.reason).toMatchObject({
        by: 'network',
        reason: expect.stringMatching(/^(signalling|media)-lost$/),
      });
    }
    await eventually('end', () => incoming.ended.aborted);
    await expect(incoming.answer()).rejects.toMatchObject({ code: 'leg-ended' });
    expect(bench.telephony.health()).toEqual({ signalling: false, media: false });
    await eventually('nothing left', () => JSON.stringify(bench.telephony.snapshot()).includes('"legs":[]'));
    expect(unanswered.final.happened).toBe(false);

    await bench.switch.restart();
    await eventually(
      'health',
      () => bench.telephony.health().media && bench.telephony.health().signalling,
      LATE_MS * 3,
    );
    const again = await bench.answeredCall();
    expect(await again.leg.play([bench.prompts.short])).toEqual({ outcome: 'finished', key: '' });
    again.call.bye();
  });

  it('hangs: health says so, and calls are taken again when it goes on', async () => {
    const bench = await benchOf();
    bench.switch.signal('SIGSTOP');
    await eventually('media missed', () => !bench.telephony.health().media, LATE_MS * 3);
    bench.switch.signal('SIGCONT');
    await eventually('media back', () => bench.telephony.health().media, LATE_MS * 3);
    const { leg, call } = await bench.answeredCall();
    expect(leg.ended.aborted).toBe(false);
    call.bye();
  });
});

describe('a party that falls silent', () => {
  it('is hung up by the media server; the end of the leg says why, and how the line sounded until then', async () => {
    const bench = await benchOf();
    const { leg, call } = await bench.answeredCall();
    if (!(leg instanceof VoiceLeg)) expect.unreachable();
    await leg.play([bench.prompts.short]); // meanwhile the caller is heard
    await leg.endpoint.execute('set', 'rtp_timeout_sec=1');
    call.reinvite(call.audio.sdpWith('sendrecv', 2));
    await eventually('answer', () => call.answers.length > 1);
    await eventually(
      'end',
      () => {
        call.audio.connect(''); // sends no more, also after a repeated answer
        return leg.ended.aborted;
      },
      20_000,
    );
    expect(leg.ended.reason).toEqual({ by: 'network', reason: 'media-time-out' });
    await call.byeReceived.seen;
    const quality = await leg.quality();
    expect(quality?.packets).toBeGreaterThan(5);
    expect(quality?.opinion).toBeGreaterThan(3.5);
  });
});

describe('how a line sounded', () => {
  it('is known after the end of the leg, asked before its hang-up', async () => {
    const bench = await benchOf();
    const { leg, call } = await bench.answeredCall();
    await leg.play([bench.prompts.short]);
    call.bye();
    const quality = await leg.quality();
    expect(quality).toMatchObject({ lossPercent: 0, opinion: expect.any(Number) });
    expect(quality?.packets).toBeGreaterThan(5);
    expect(quality?.opinion).toBeGreaterThan(3.5);
  });
});

describe('the telephony is closed', () => {
  it('with callers in every state: each is told', async () => {
    const bench = await benchOf();
    const talking = await bench.answeredCall();
    const ringing = await (await bench.caller()).invite('1000');
    await bench.nextCall();
    const agent = await bench.agent('ana-desk');
    const called = new Promise<PhoneCall>((resolve) => {
      agent.onCall = (call) => {
        call.ring();
        resolve(call);
      };
    });
    const dialled = bench.telephony.dial({ ...TO_ANA, ringMs: 60_000 });
    const atAgent = await called;
    await bench.telephony.close();
    expect(await dialled).toEqual({ kind: 'withdrawn' });
    expect(statusOf(await ringing.final.seen)).toBe(503);
    await talking.call.byeReceived.seen;
    await atAgent.cancelled.seen;
  });
});

describe('overload', () => {
  it('is answered 503 with Retry-After before the media server falls over', async () => {
    const bench = await benchOf({ maxSetUps: 0 });
    const call = await (await bench.caller()).invite('1000');
    const answer = await call.final.seen;
    expect(statusOf(answer)).toBe(503);
    expect(Number(header(answer, 'retry-after'))).toBeGreaterThan(0);
  });
});

describe('a wrong configuration', () => {
  it('is told at the start, once, and not tried again', async () => {
    const sw = await startSwitchProcess();
    open.push(sw);
    const wrongMedia = { freeswitch: [{ ...sw.eventSocket, secret: 'wrong' }] };
    await expect((await telephonyOf(sw, wrongMedia)).start()).rejects.toThrow(
      /no media server: the secret is not accepted/,
    );
    const wrongSip = { drachtio: [{ ...sw.drachtio, secret: 'wrong' }] };
    await expect((await telephonyOf(sw, wrongSip)).start()).rejects.toThrow(
      /no SIP server: the secret is not accepted/,
    );
    const wrongProfile = await telephonyOf(sw, { profile: 'internal' });
    await expect(wrongProfile.start(1000)).rejects.toThrow(/no SIP profile "internal"/);
    expect(wrongProfile.health()).toEqual({ signalling: false, media: false });
  });

  it('with two servers the second is used when the first is not there', async () => {
    const sw = await startSwitchProcess();
    open.push(sw);
    const nobody = { host: '127.0.0.1', port: 1, secret: 'x' };
    const telephony = await telephonyOf(sw, {
      drachtio: [nobody, { ...sw.drachtio, secret: sw.secret }],
      freeswitch: [nobody, { ...sw.eventSocket, secret: sw.secret }],
    });
    await telephony.start();
    expect(telephony.health()).toEqual({ signalling: true, media: true });
  });
});
