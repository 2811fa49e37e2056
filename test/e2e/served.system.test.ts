// A customer rings in and is served: menu, key, queue, agent, two-way audio, hang-up from either side.
import { describe, expect, test } from 'vitest';
import { TONES } from '../support/hilo/centre.js';
import { answering, hears, hearsSpeech, nextCall } from '../support/hilo/scene.js';
import { onStage } from '../support/hilo/stage.js';

const scene = onStage();

describe('a served call', () => {
  test('menu, key 1, music, agent: both hear each other, the customer hangs up', async () => {
    const { number, phone } = await scene.customer();
    const call = await phone.invite('1000');
    await call.final.seen;
    call.audio.say(TONES.caller);
    await hearsSpeech(call);
    await call.audio.press('1');
    await hears(call, TONES.music);

    const agent = await scene.agent('ana-desk');
    const ringing = await nextCall(agent);
    await expectStill(call, TONES.music);
    ringing.audio.say(TONES.agent);
    ringing.answer();
    await hears(call, TONES.agent);
    await hears(ringing, TONES.caller);

    call.bye();
    await ringing.byeReceived.seen;
    const matter = await scene.matters.untilOver(number);
    expect(matter.talkedTo).toEqual(['ana']);
    expect(matter.all('flow-step').map(({ step }) => step)).toContain('main/greeting');
    expect(matter.last('queued')).toMatchObject({ queue: 'support', kind: 'call' });
    expect(matter.last('call-ended')).toMatchObject({ by: 'customer', result: 'served' });
    expect(matter.state).toBe('closed');
  });

  test('the agent hangs up: the customer gets BYE, the agent is busy with nothing', async () => {
    const agent = await scene.agent('ana-desk');
    answering(agent, TONES.agent);
    const { number, phone } = await scene.customer();
    const call = await phone.invite('1001');
    await hears(call, TONES.agent);
    agent.calls.at(-1)?.bye();
    await call.byeReceived.seen;
    const matter = await scene.matters.untilOver(number);
    expect(matter.last('call-ended')).toMatchObject({ by: 'agent', result: 'served' });
  });

  test.skipIf(process.getuid?.() !== 0)('SIPp presses 1 by RFC 4733 and talks to a SIPp agent', async () => {
    const agent = await scene.sippAgent('ana-desk', 'answers', { pauseMs: 300 });
    const number = scene.newNumber();
    const caller = await scene.call('caller-presses-1', '1000', number, 2_500);
    await Promise.all([caller.done, agent.done]);
    const matter = await scene.matters.untilOver(number);
    expect(matter.talkedTo).toEqual(['ana']);
    expect(matter.last('call-ended')).toMatchObject({ by: 'customer', result: 'served' });
  });

  test('SIPp agent hangs up first', async () => {
    const agent = await scene.sippAgent('bruno-desk', 'answers-and-hangs-up', { pauseMs: 400 });
    const number = scene.newNumber();
    const caller = await scene.call('caller-stays', '1001', number);
    await Promise.all([caller.done, agent.done]);
    const matter = await scene.matters.untilOver(number);
    expect(matter.last('call-ended')).toMatchObject({ by: 'agent', result: 'served' });
  });
});

async function expectStill(call: Parameters<typeof hears>[0], hertz: number): Promise<void> {
  await hears(call, hertz, 1_000);
}
