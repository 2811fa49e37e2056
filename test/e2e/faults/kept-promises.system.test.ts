// A call-back is promised, and what Hilo stands on is killed in every stage of it: it is made, and it is made once.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { PhoneCall } from '../../../src/sim/phone/call.js';
import type { Phone } from '../../../src/sim/phone/phone.js';
import { changeCentre, TONES } from '../../support/hilo/centre.js';
import { answering, hears, nextCall, Scene } from '../../support/hilo/scene.js';
import { type Hilo, type Part, startHilo } from '../../support/hilo/server.js';
import { eventually } from '../../support/servers.js';

/** The reconciler looks every 30 s. */
const MENDED_MS = 75_000;

let hilo: Hilo;
let scene: Scene;
beforeAll(async () => {
  hilo = await startHilo({ HILO_RTP_PORTS: '26000-28999' });
  await changeCentre(hilo.flowsFolder, (centre) => {
    centre.setIn(['queues', 'support', 'ring'], '20s');
    centre.setIn(['queues', 'support', 'callback-share'], 100);
    centre.setIn(['recovery', 'attempts'], ['0s', '2s', '4s']);
  });
  const api = new Scene(hilo).api;
  await eventually('the rules are in force', async () => (await api.flow('centre')).includes('4s'));
});
afterAll(() => hilo?.close());
beforeEach(() => {
  scene = new Scene(hilo);
});
afterEach(() => scene?.close());

type Victim = Part | 'application';

/** Brings a call-back so far; what is left to do for it to come to a talk. */
const STAGES = {
  'it waits for an agent': async (wish: Wish): Promise<void> => {
    await scene.matters.until(wish.number, (matter) => matter.has('queued'));
  },
  'the agent’s phone rings': async (wish: Wish): Promise<void> => {
    await nextCall(await wish.agentComes());
  },
  'the customer’s phone rings': async (wish: Wish): Promise<void> => {
    answering(await wish.agentComes(), TONES.agent);
    await nextCall(wish.outside);
  },
  'they talk': async (wish: Wish): Promise<void> => {
    answering(wish.outside, TONES.caller);
    answering(await wish.agentComes(), TONES.agent);
    await hears(await nextCall(wish.outside), TONES.agent);
  },
} as const;
type Stage = keyof typeof STAGES;
/** The stage in which most can go wrong; `HILO_STAGES=all` walks the others too, in four minutes. */
const WALKED: readonly Stage[] =
  process.env['HILO_STAGES'] === 'all' ? (Object.keys(STAGES) as Stage[]) : ['the customer’s phone rings'];

interface Wish {
  readonly number: string;
  readonly outside: Phone;
  agentComes(): Promise<Phone>;
}

async function wanted(queue: string, desk: string): Promise<Wish> {
  const number = scene.newNumber();
  const outside = await scene.outside();
  outside.onCall = (call) => call.ring();
  await scene.api.post('/api/callbacks', { number, queue });
  let agent: Promise<Phone> | undefined;
  const agentComes = (): Promise<Phone> => {
    agent ??= scene.agent(desk).then((phone) => {
      phone.onCall = (call) => call.ring();
      return phone;
    });
    return agent;
  };
  return { number, outside, agentComes };
}

async function kill(victim: Victim): Promise<void> {
  if (victim === 'application') {
    process.kill(hilo.pid, 'SIGKILL');
    await hilo.ended();
    await hilo.start();
  } else {
    const pid = hilo.pidOf(victim);
    process.kill(pid, 'SIGKILL');
    await eventually(`${victim} is back`, () => (hilo.find(victim) ?? pid) !== pid, 20_000);
  }
  await eventually(
    'it serves again',
    async () => {
      const { status } = await fetch(`${hilo.http}/health/ready`, { signal: AbortSignal.timeout(2_000) });
      return status === 200;
    },
    20_000,
  );
}

function openCalls(phone: Phone): PhoneCall[] {
  return phone.calls.filter(
    ({ byeReceived, hungUp, cancelled }) => !byeReceived.happened && !hungUp && !cancelled.happened,
  );
}

function pickUp(phone: Phone, tone: number, alsoRinging: boolean): void {
  answering(phone, tone);
  if (!alsoRinging) return;
  for (const call of openCalls(phone)) if (!call.acked.happened) phone.onCall?.(call);
}

describe.each<[Victim]>([['application'], ['redis-server'], ['postgres']])('kill -9: %s', (victim) => {
  test.each(WALKED)('%s', async (stage) => {
    const wish = await wanted('support', `agent00${1 + Object.keys(STAGES).indexOf(stage)}`);
    await STAGES[stage](wish);
    await kill(victim);
    // What rang for a dead application nobody picks up.
    pickUp(wish.outside, TONES.caller, victim !== 'application');
    pickUp(await wish.agentComes(), TONES.agent, victim !== 'application');
    await scene.matters.until(wish.number, (matter) => matter.has('callback-ended'), MENDED_MS);
    await eventually(
      'they hear each other',
      () => openCalls(wish.outside).some((call) => call.audio.tone(Object.values(TONES)) === TONES.agent),
      20_000,
    );
    if (victim === 'application' && stage === 'they talk')
      await scene.matters.until(wish.number, (matter) => matter.has('call-taken-over'), 20_000);
    for (const call of openCalls(wish.outside)) call.bye();
    const over = await scene.matters.until(wish.number, (matter) => matter.state === 'closed', 20_000);
    expect(over.all('callback-requested')).toHaveLength(1);
    expect(over.all('callback-ended')).toMatchObject([{ result: 'connected' }]);
    expect(over.talkedTo).toHaveLength(1);
    expect(wish.outside.calls.filter(({ acked, cancelled }) => acked.happened && !cancelled.happened)).toHaveLength(1);
  });
});
