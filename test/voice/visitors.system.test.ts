// Somebody who tries the centre out, on a real switch: rung at a phone of their own or not at all, and a customer when they call.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DialOutcome, Leg } from '../../src/app/ports.js';
import type { PhoneCall } from '../../src/sim/phone/call.js';
import { eventually } from '../support/servers.js';
import { ALL_TONES, type Bench, openBench, TONES, VISITOR } from './bench.js';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench?.close());

function dial(): Promise<DialOutcome> {
  return bench.telephony.dial({
    targets: [{ kind: 'number', number: VISITOR, trunk: 'lab' }],
    order: 'together',
    ringMs: 5000,
    from: { number: '5551234', name: '' },
    headers: {},
    signal: new AbortController().signal,
  });
}

async function answered(): Promise<Leg> {
  const result = await dial();
  if (result.kind !== 'answered') throw new Error(`not answered: ${JSON.stringify(result)}`);
  return result.leg;
}

describe('somebody who tries the centre out', () => {
  it('without a phone is not reached, and nobody else is rung over the trunk', async () => {
    const rung: PhoneCall[] = [];
    bench.gateway.onCall = (call) => rung.push(call);
    expect(await dial()).toMatchObject({ kind: 'failed', reason: 'unreachable' });
    expect(rung).toEqual([]);
  });

  it('is rung at the phone of that name, and talks', async () => {
    const visitor = await bench.agent(VISITOR);
    const rung = new Promise<PhoneCall>((resolve) => {
      visitor.onCall = (call) => {
        call.answer();
        resolve(call);
      };
    });
    const leg = await answered();
    await leg.startMusic('moh');
    const call = await rung;
    await eventually('the music', () => call.audio.tone(ALL_TONES) === TONES.music, 4000);
    await leg.hangUp({ by: 'hilo', reason: 'test over' });
    await visitor.register({ expires: 0 });
  });

  it('calls as a customer of the trunk, when the password is right', async () => {
    const visitor = await bench.agent(VISITOR);
    const arrived = bench.nextCall();
    await visitor.inviteWithPassword('5551000');
    const call = await arrived;
    expect(call).toMatchObject({ from: VISITOR, origin: { kind: 'trunk', trunk: 'lab' } });
    call.reject(486);
    await visitor.register({ expires: 0 });
  });
});
