// One telephony on two switches: where calls go, and what becomes of them when one is emptied, killed, or hangs.
import { afterEach, describe, expect, it } from 'vitest';
import type { DialRequest, IncomingCall, Leg } from '../../src/app/ports.js';
import { header, statusOf } from '../../src/sim/phone/message.js';
import { Phone } from '../../src/sim/phone/phone.js';
import type { TelephonyOptions } from '../../src/voice/telephony.js';
import { eventually } from '../support/servers.js';
import { type SwitchProcess, startSwitchProcess } from '../support/switch-process.js';
import { type Bench, openBench } from './bench.js';

const SHARED_SECRET = 'test-secret-of-the-switch';
const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

interface Two {
  readonly bench: Bench;
  readonly second: SwitchProcess;
  /** A caller of that switch who is answered. */
  answered(
    sw: SwitchProcess,
  ): Promise<{ leg: Leg; incoming: IncomingCall; call: Awaited<ReturnType<Phone['invite']>> }>;
  caller(sw: SwitchProcess): Promise<Phone>;
}

async function openTwo(
  change: (first: SwitchProcess, second: SwitchProcess) => Partial<TelephonyOptions>,
): Promise<Two> {
  const second = await startSwitchProcess({ HILO_RTP_PORTS: '44000-45999' });
  open.push(second);
  const bench = await openBench({}, (first) => change(first, second));
  open.push(bench);
  await eventually('both connected', () => connected(bench) === 4, 10_000);
  const caller = async (sw: SwitchProcess): Promise<Phone> => {
    const phone = await Phone.open({ user: '5551234', server: sw.sip, address: '127.0.0.1' });
    open.push(phone);
    return phone;
  };
  return {
    bench,
    second,
    caller,
    async answered(sw) {
      const call = await (await caller(sw)).invite('1000');
      const incoming = await bench.nextCall();
      const leg = await incoming.answer();
      await call.final.seen;
      return { leg, incoming, call };
    },
  };
}

const both = (first: SwitchProcess, second: SwitchProcess): Partial<TelephonyOptions> => ({
  drachtio: [first, second].map(({ drachtio }) => ({ ...drachtio, secret: SHARED_SECRET })),
  freeswitch: [first, second].map(({ eventSocket }) => ({ ...eventSocket, secret: SHARED_SECRET })),
});

function connected({ telephony }: Bench): number {
  const { signalling, media } = telephony.servers();
  return [...signalling, ...media].filter(({ state }) => state === 'up').length;
}

/** Legs per media server. */
function legs({ telephony }: Bench): number[] {
  return telephony.servers().media.map(({ legs: count }) => count);
}

const nameOf = ({ host, port }: { host: string; port: number }): string => `${host}:${port}`;

function toAna(beside: Leg): DialRequest {
  return {
    targets: [{ kind: 'device', agent: 'ana', device: 'ana-desk' }],
    order: 'together',
    ringMs: 5000,
    from: { number: '1', name: '' },
    headers: {},
    signal: new AbortController().signal,
    beside,
  };
}

async function dialled({ telephony }: Bench, request: DialRequest): Promise<Leg> {
  const outcome = await telephony.dial(request);
  if (outcome.kind !== 'answered') throw new Error(`not answered: ${JSON.stringify(outcome)}`);
  return outcome.leg;
}

describe('two switches', () => {
  it('are asked where the network reaches them; what they say is told', async () => {
    const { bench, second } = await openTwo(both);
    const told = [bench.switch, second].map(({ sip }) => nameOf(sip));
    expect(bench.telephony.sipAddresses()).toEqual(told);
  });

  it('a supervisor is put on the media server of the conversation, whichever it is, and hears it', async () => {
    const { bench, second, answered } = await openTwo(both);
    for (const device of ['ana-desk', 'bruno-desk']) {
      const phone = await bench.agent(device);
      phone.onCall = (call) => call.answer();
    }
    const talks = [await answered(bench.switch), await answered(second)];
    expect(legs(bench)).toEqual([1, 1]);
    for (const [server, { leg, call }] of talks.entries()) {
      const agent = await dialled(bench, toAna(leg));
      await leg.bridge(agent);
      const before = legs(bench);
      const ear = await dialled(bench, {
        ...toAna(agent),
        targets: [{ kind: 'device', agent: 'bruno', device: 'bruno-desk' }],
      });
      expect(legs(bench)).toEqual(before.map((count, at) => (at === server ? count + 1 : count)));
      const listening = await ear.listenTo(agent, 'listen');
      await listening.change('whisper'); // refused where the two are not on one server
      const end = { by: 'hilo', reason: 'over' } as const;
      await ear.hangUp(end);
      await listening.over;
      await agent.hangUp(end);
      call.bye();
    }
  });

  it('say which lines and channels are up; a channel that was killed there is missed, another node’s is none of ours', async () => {
    const { bench, second, answered } = await openTwo(both);
    const talks = [await answered(bench.switch), await answered(second)];
    const up = await bench.telephony.holdings();
    expect(up.servers).toEqual(new Set([bench.switch, second].map(({ eventSocket }) => nameOf(eventSocket))));
    expect(new Set(up.legs.map(({ server }) => server))).toEqual(up.servers);
    expect(new Set(up.legs.map(({ channel }) => channel))).toEqual(new Set(up.channels.keys()));
    expect(up.arrived).toEqual(new Set(up.legs.map(({ callId }) => callId)));
    const [line] = up.legs;
    await up.channels.get(line?.channel ?? '')?.();
    await eventually('its leg is over', () => talks[0]?.leg.ended.aborted === true, 10_000);
    await eventually('it is gone', async () => (await bench.telephony.holdings()).channels.size === 1, 10_000);
    await (await bench.telephony.holdings()).legs[0]?.end({ by: 'hilo', reason: 'no-call' });
    expect(talks[1]?.leg.ended.reason).toEqual({ by: 'hilo', reason: 'no-call' });
    expect((await bench.telephony.holdings()).legs).toEqual([]);
  });

  it('share the calls; an agent is reached where the phone is registered, and sits beside the caller', async () => {
    const { bench, second, answered } = await openTwo(both);
    const agent = await bench.agent('ana-desk');
    agent.onCall = (call) => call.answer();
    const callers = [];
    for (let n = 0; n < 4; n += 1) callers.push(await answered(n % 2 === 0 ? bench.switch : second));
    expect(legs(bench)).toEqual([2, 2]);
    for (const { leg } of callers) {
      const before = legs(bench);
      const outcome = await bench.telephony.dial(toAna(leg));
      if (outcome.kind !== 'answered') throw new Error(`not answered: ${JSON.stringify(outcome)}`);
      await leg.bridge(outcome.leg);
      expect(legs(bench).reduce((sum, count) => sum + count, 0)).toBe(before.reduce((sum, count) => sum + count, 1));
      await outcome.leg.hangUp({ by: 'agent', reason: 'test' });
    }
  });

  it('one is emptied: no new calls for it, those on it go on', async () => {
    const { bench, second, answered, caller } = await openTwo(both);
    const before = await answered(second);
    expect(bench.telephony.drain(nameOf(second.drachtio), true)).toBe(true);
    expect(bench.telephony.drain(nameOf(second.eventSocket), true)).toBe(true);
    const refused = await (await caller(second)).invite('1000');
    const answer = await refused.final.seen;
    expect([statusOf(answer), Number(header(answer, 'retry-after'))]).toEqual([503, expect.any(Number)]);
    const [, there = 0] = legs(bench);
    await answered(bench.switch);
    await answered(bench.switch);
    expect(legs(bench)[1]).toBe(there);
    expect(before.leg.ended.aborted).toBe(false);
    expect((await before.leg.play([bench.prompts.short])).outcome).toBe('finished');
    bench.telephony.drain(nameOf(second.drachtio), false);
    bench.telephony.drain(nameOf(second.eventSocket), false);
    await answered(second);
  });

  it('one is killed: its calls end with a cause, the other serves; it is used again when it is back', async () => {
    const { bench, second, answered } = await openTwo(both);
    const [mine, other] = [await answered(second), await answered(bench.switch)];
    await second.kill();
    await eventually('end', () => mine.leg.ended.aborted, 10_000);
    expect(mine.leg.ended.reason).toMatchObject({ by: 'network', reason: expect.stringMatching(/-lost$/) });
    await answered(bench.switch);
    await eventually('all legs on the first', () => legs(bench)[1] === 0, 10_000);
    if (!other.leg.ended.aborted) expect((await other.leg.play([bench.prompts.short])).outcome).toBe('finished');
    await second.restart();
    await eventually('back', () => connected(bench) === 4, 20_000);
    await answered(second);
  });

  it('one hangs: it is left out, then its calls are closed with a cause, and it returns after good checks', async () => {
    const { bench, second, answered } = await openTwo(both);
    const mine = await answered(second);
    // The checks have to have worked once to count.
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    second.signal('SIGSTOP');
    const standing = (): string[] => {
      const { signalling, media } = bench.telephony.servers();
      return [signalling[1]?.standing ?? '', media[1]?.standing ?? ''];
    };
    await eventually('left out', () => !standing().includes('in'), 10_000);
    await answered(bench.switch);
    await eventually('its calls closed', () => mine.leg.ended.aborted, 20_000);
    expect(mine.leg.ended.reason).toMatchObject({ by: 'network', reason: expect.stringMatching(/-lost$/) });
    second.signal('SIGCONT');
    await eventually('back', () => standing().every((one) => one === 'in') && connected(bench) === 4, 30_000);
    await answered(second);
  });
});

describe('overload', () => {
  it('somebody favoured, and an agent, come in where others get 503', async () => {
    const bench = await openBench({ maxSetUps: 0, favoured: ({ to }) => to === '112' });
    open.push(bench);
    const refused = await (await bench.caller()).invite('1000');
    expect(statusOf(await refused.final.seen)).toBe(503);
    const emergency = await (await bench.caller()).invite('112');
    expect((await bench.nextCall()).to).toBe('112');
    expect(emergency.final.happened).toBe(false);
  });
});
