import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DialOutcome, DialRequest, DialTarget, Leg } from '../../src/app/ports.js';
import type { PhoneCall } from '../../src/sim/phone/call.js';
import { header, statusOf } from '../../src/sim/phone/message.js';
import type { Phone } from '../../src/sim/phone/phone.js';
import { eventually } from '../support/servers.js';
import { AGENT_ADDRESS, ALL_TONES, type Bench, openBench, SECRETS, TONES } from './bench.js';

let bench: Bench;
let ana: Phone;
let bruno: Phone;
beforeAll(async () => {
  bench = await openBench();
  ana = await bench.agent('ana-desk');
  bruno = await bench.agent('bruno-desk');
});
afterAll(() => bench?.close());
beforeEach(() => {
  for (const phone of [ana, bruno, bench.gateway]) phone.onCall = () => undefined;
});

const device = (name: string): DialTarget => ({ kind: 'device', agent: name.split('-')[0] ?? '', device: name });
const mobile = (acceptKey?: string): DialTarget => ({
  kind: 'number',
  number: '+34600999888',
  trunk: 'lab',
  ...(acceptKey === undefined ? {} : { acceptKey }),
});

function dial(targets: readonly DialTarget[], change: Partial<DialRequest> = {}): Promise<DialOutcome> {
  return bench.telephony.dial({
    targets,
    order: 'together',
    ringMs: 5000,
    from: { number: '5551234', name: 'Eva "x"\r\nX-Evil: 1' },
    headers: { Reference: 'HL-1', 'X-Hilo-Queue': 'support' },
    signal: new AbortController().signal,
    ...change,
  });
}

/** A test that fails must not fail the next one. */
const legs: Leg[] = [];
afterEach(async () => {
  await Promise.all(legs.splice(0).map((leg) => leg.hangUp({ by: 'hilo', reason: 'test over' })));
});

async function answeredCaller() {
  const caller = await bench.answeredCall();
  legs.push(caller.leg);
  return caller;
}

async function answered(outcome: Promise<DialOutcome>): Promise<Leg> {
  const result = await outcome;
  if (result.kind !== 'answered') throw new Error(`not answered: ${JSON.stringify(result)}`);
  legs.push(result.leg);
  return result.leg;
}

/** The next call that reaches the phone, treated as told. */
function next(phone: Phone, act: (call: PhoneCall) => void = () => undefined): Promise<PhoneCall> {
  return new Promise((resolve) => {
    phone.onCall = (call) => {
      act(call);
      resolve(call);
    };
  });
}

const hears = (call: PhoneCall, tone: number): Promise<void> =>
  eventually(`tone ${tone}`, () => call.audio.tone(ALL_TONES) === tone, 4000);
const nothingLeft = (): Promise<void> =>
  eventually('no leg left', () => JSON.stringify(bench.telephony.snapshot()).includes('"legs":[]'));

describe('an agent who answers', () => {
  it('talks with the caller, both ways; who is left alone can be played to', async () => {
    const caller = await answeredCaller();
    await caller.leg.startMusic('moh');
    await hears(caller.call, TONES.music);
    const ringing = next(ana, (call) => {
      call.ring();
      call.answer();
    });
    const leg = await answered(dial([device('ana-desk')]));
    const phone = await ringing;
    expect(header(phone.invite, 'x-hilo-reference')).toBe('HL-1');
    expect(header(phone.invite, 'x-hilo-queue')).toBe('support');
    expect(header(phone.invite, 'from')).toMatch(/^"Eva x X-Evil: 1" <sip:5551234@127\.0\.0\.1/);
    expect(phone.invite.headers.has('x-evil')).toBe(false);

    await caller.leg.bridge(leg);
    caller.call.audio.say(TONES.caller);
    phone.audio.say(TONES.agent);
    await hears(phone, TONES.caller);
    await hears(caller.call, TONES.agent);

    phone.bye();
    await eventually('end', () => leg.ended.aborted);
    expect(leg.ended.reason).toEqual({ by: 'agent', reason: 'hung-up' });
    expect(caller.leg.ended.aborted).toBe(false);
    const played = caller.leg.play([bench.prompts.prompt], { stopKeys: '#' });
    await hears(caller.call, TONES.prompt);
    await caller.call.audio.press('#');
    expect(await played).toEqual({ outcome: 'key', key: '#' });
    caller.call.bye();
    await nothingLeft();
  });

  it('is connected over the media leg that was made when somebody was expected to be dialled', async () => {
    const mediaLegs = (): number => bench.telephony.servers().media.reduce((sum, server) => sum + server.legs, 0);
    const caller = await answeredCaller();
    await eventually('the leg of the caller alone', () => mediaLegs() === 1);
    bench.telephony.expectDial(caller.leg);
    await eventually('a leg is ready', () => mediaLegs() === 2);
    const ringing = next(ana, (call) => call.answer());
    const leg = await answered(dial([device('ana-desk')], { beside: caller.leg }));
    expect(mediaLegs()).toBe(2);
    const phone = await ringing;
    await caller.leg.bridge(leg);
    phone.audio.say(TONES.agent);
    await hears(caller.call, TONES.agent);
    caller.call.bye();
    phone.bye();
    await nothingLeft();
    await eventually('no media leg left', () => mediaLegs() === 0);
  });

  it('is separated and connected again; the caller hangs up, and the agent stays until told', async () => {
    const caller = await answeredCaller();
    const ringing = next(ana, (call) => call.answer());
    const leg = await answered(dial([device('ana-desk')]));
    const phone = await ringing;
    await leg.bridge(caller.leg);
    caller.call.audio.say(TONES.caller);
    await hears(phone, TONES.caller);
    await caller.leg.unbridge();
    await leg.unbridge();
    await caller.leg.startMusic('moh');
    await hears(caller.call, TONES.music);
    await hears(phone, 0);
    await caller.leg.bridge(leg);
    await hears(phone, TONES.caller);
    caller.call.bye();
    await eventually('end', () => caller.leg.ended.aborted);
    expect(leg.ended.aborted).toBe(false);
    await leg.hangUp({ by: 'hilo', reason: 'customer-gone' });
    await phone.byeReceived.seen;
    await nothingLeft();
  });

  it('hears keys of the caller sent as INFO while they talk', async () => {
    const caller = await answeredCaller();
    const ringing = next(ana, (call) => call.answer());
    const leg = await answered(dial([device('ana-desk')]));
    const phone = await ringing;
    await caller.leg.bridge(leg);
    caller.call.info('7');
    await eventually('key', () => phone.audio.keys.includes('7'));
    caller.call.bye();
    phone.bye();
    await nothingLeft();
  });

  it('on one of several devices: the others fall silent', async () => {
    const losing = next(bruno, (call) => call.ring());
    const winning = next(ana, (call) => call.ring());
    const outcome = dial([device('ana-desk'), device('bruno-desk')]);
    const [lost, won] = await Promise.all([losing, winning]);
    won.answer();
    await answered(outcome);
    expect(await outcome).toMatchObject({ target: { device: 'ana-desk' } });
    await lost.cancelled.seen;
    won.bye();
    await nothingLeft();
  });

  it('on two devices at once: one wins, the other gets BYE', async () => {
    const calls = Promise.all([next(ana), next(bruno, (call) => call.ring())]);
    const outcome = dial([device('ana-desk'), device('bruno-desk')]);
    const [first, second] = await calls;
    // Its CANCEL crosses its answer.
    second.onCancel = () => second.answer();
    first.answer();
    const leg = await answered(outcome);
    await second.cancelled.seen;
    await second.acked.seen;
    await second.byeReceived.seen;
    expect(leg.ended.aborted).toBe(false);
    first.bye();
    await nothingLeft();
  });

  it('on the second device, in order', async () => {
    ana.onCall = (call) => call.reject(486);
    const ringing = next(bruno, (call) => call.answer());
    const outcome = await dial([device('ana-desk'), device('bruno-desk')], { order: 'in-order' });
    expect(outcome).toMatchObject({ kind: 'answered', target: { device: 'bruno-desk' } });
    (await ringing).bye();
    await nothingLeft();
  });
});

describe('an agent with a phone on TCP', () => {
  it('is reached over the connection of the registration, and not when that is gone', async () => {
    const carla = await bench.phone('carla-desk', AGENT_ADDRESS, SECRETS['carla-desk'], true);
    expect(statusOf(await carla.register())).toBe(200);
    const ringing = next(carla, (call) => {
      call.ring();
      call.answer();
    });
    const leg = await answered(dial([device('carla-desk')]));
    const call = await ringing;
    void leg.startMusic('moh');
    await hears(call, TONES.music);
    await leg.hangUp({ by: 'hilo', reason: 'test' });
    await call.byeReceived.seen;
    carla.close();
    expect(await dial([device('carla-desk')])).toMatchObject({ kind: 'failed', reason: 'unreachable' });
    const again = await bench.phone('carla-desk', AGENT_ADDRESS, SECRETS['carla-desk']);
    await again.register({ contact: '*', expires: 0 });
  });
});

describe('an agent who does not answer', () => {
  it.each([
    [486, 'busy'],
    [600, 'busy'],
    [603, 'rejected'],
    [480, 'no-answer'],
    [404, 'unreachable'],
    [302, 'rejected'],
    [500, 'unreachable'],
  ])('with %d: %s', async (status, reason) => {
    ana.onCall = (call) => call.reject(status);
    expect(await dial([device('ana-desk')])).toEqual({ kind: 'failed', reason, sipStatus: status });
    await nothingLeft();
  });

  it('declines for all devices with 603', async () => {
    const other = next(bruno, (call) => call.ring());
    ana.onCall = (call) => void other.then(() => call.reject(603));
    expect(await dial([device('ana-desk'), device('bruno-desk')])).toMatchObject({ reason: 'rejected' });
    await (await other).cancelled.seen;
  });

  it('lets it ring: CANCEL after the ring time', async () => {
    const ringing = next(ana, (call) => call.ring());
    expect(await dial([device('ana-desk')], { ringMs: 300 })).toMatchObject({ kind: 'failed', reason: 'no-answer' });
    await (await ringing).cancelled.seen;
    await nothingLeft();
  });

  it('answers after the CANCEL: ACK and BYE, no ghost', async () => {
    const ringing = next(ana, (call) => {
      call.ring();
      call.onCancel = () => call.answer();
    });
    expect(await dial([device('ana-desk')], { ringMs: 300 })).toMatchObject({ reason: 'no-answer' });
    const call = await ringing;
    await call.acked.seen;
    await call.byeReceived.seen;
    await nothingLeft();
  });

  it('is not registered', async () => {
    expect(await dial([device('carla-desk')])).toEqual({ kind: 'failed', reason: 'not-registered' });
    expect(await dial([])).toMatchObject({ kind: 'failed' });
  });

  it('answers with something that is no SDP', async () => {
    const ringing = next(ana, (call) => call.answer(call.audio.sdp.replace(/c=IN IP4 .*/, 'c=IN IP4 224.1.1.1')));
    expect(await dial([device('ana-desk')])).toEqual({ kind: 'failed', reason: 'unreachable' });
    await (await ringing).byeReceived.seen;
    await nothingLeft();
  });

  it('vanished with its registration still there', async () => {
    const carla = await bench.agent('carla-desk');
    carla.close();
    // With or without a 503, as soon as its port is known to be closed.
    expect(await dial([device('carla-desk')], { ringMs: 1000 })).toMatchObject({
      kind: 'failed',
      reason: 'unreachable',
    });
    await nothingLeft();
  });
});

describe('a call that is withdrawn', () => {
  it('while it rings: CANCEL at once', async () => {
    const withdrawal = new AbortController();
    const ringing = next(ana, (call) => call.ring());
    const outcome = dial([device('ana-desk')], { signal: withdrawal.signal });
    const call = await ringing;
    withdrawal.abort();
    expect(await outcome).toEqual({ kind: 'withdrawn' });
    await call.cancelled.seen;
    await nothingLeft();
  });

  it('at any moment up to the answer: nothing is left at the phone', async () => {
    const calls: PhoneCall[] = [];
    ana.onCall = (call) => {
      calls.push(call);
      call.answer();
    };
    for (let n = 0; n < 12; n++) {
      const withdrawal = new AbortController();
      const outcome = dial([device('ana-desk')], { signal: withdrawal.signal });
      await new Promise((resolve) => setTimeout(resolve, n * 4));
      withdrawal.abort();
      const result = await outcome;
      if (result.kind === 'answered') await result.leg.hangUp({ by: 'hilo', reason: 'test' });
    }
    await eventually('every answered call has its BYE', () =>
      calls.every((call) => call.byeReceived.happened || call.cancelled.happened),
    );
    await nothingLeft();
  });

  it('before it began', async () => {
    expect(await dial([device('ana-desk')], { signal: AbortSignal.abort() })).toEqual({ kind: 'withdrawn' });
  });
});

describe('a number over the trunk', () => {
  it('is called at the gateway, and belongs to the customer', async () => {
    const ringing = next(bench.gateway, (call) => call.answer());
    const leg = await answered(dial([mobile()]));
    const call = await ringing;
    expect(call.invite.start).toMatch(/^INVITE sip:\+34600999888@127\.0\.0\.2/);
    call.bye();
    await eventually('end', () => leg.ended.aborted);
    expect(leg.ended.reason).toEqual({ by: 'customer', reason: 'hung-up' });
  });

  it('of an agent is accepted with a key; until then the desk phone rings on', async () => {
    const desk = next(ana, (call) => call.ring());
    const hand = next(bench.gateway, (call) => call.answer());
    const outcome = dial([device('ana-desk'), mobile('1')]);
    const [deskCall, handCall] = await Promise.all([desk, hand]);
    await handCall.acked.seen;
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(deskCall.cancelled.happened).toBe(false);
    await handCall.audio.press('1');
    expect(await outcome).toMatchObject({ kind: 'answered', target: { kind: 'number' } });
    await deskCall.cancelled.seen;
    handCall.bye();
    await nothingLeft();
  });

  it('answered by a voicemail is not accepted', async () => {
    const hand = next(bench.gateway, (call) => call.answer());
    const outcome = dial([mobile('1')]);
    const call = await hand;
    await call.acked.seen;
    await new Promise((resolve) => setTimeout(resolve, 200));
    await call.audio.press('9');
    expect(await outcome).toEqual({ kind: 'failed', reason: 'rejected' });
    await call.byeReceived.seen;
    await nothingLeft();
  });

  it('of a trunk that does not exist is not called', async () => {
    expect(await dial([{ kind: 'number', number: '1', trunk: 'none' }])).toEqual({
      kind: 'failed',
      reason: 'unreachable',
    });
  });
});

describe('an agent who calls', () => {
  it('is let in with the password of the device, and known as agent', async () => {
    const call = await ana.inviteWithPassword('1000');
    const incoming = await bench.nextCall();
    expect(incoming.origin).toEqual({ kind: 'device', agent: 'ana', device: 'ana-desk' });
    const leg = await incoming.answer();
    await call.final.seen;
    call.bye();
    await eventually('end', () => leg.ended.aborted);
    expect(leg.ended.reason).toEqual({ by: 'agent', reason: 'hung-up' });
  });
});
