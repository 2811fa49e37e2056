// A customer who cannot hear writes on the call, and is read and answered.
import { afterEach, describe, expect, test } from 'vitest';
import { PhoneText } from '../../src/sim/phone/text.js';
import { TONES } from '../support/hilo/centre.js';
import { answering, hears } from '../support/hilo/scene.js';
import { onStage } from '../support/hilo/stage.js';

const scene = onStage();
const texts: PhoneText[] = [];
afterEach(() => {
  for (const text of texts.splice(0)) text.close();
});

async function writer(number: string) {
  const text = await PhoneText.open();
  texts.push(text);
  const customer = await scene.customer();
  const call = await customer.phone.invite(number, { changeSdp: (sdp) => sdp + text.sdp });
  text.connect((await call.final.seen).body);
  return { text, call, number: customer.number };
}

describe('a call with real-time text', () => {
  test('the menu is read, answered by a typed digit; the agent answers by the API; all of it is in the record', async () => {
    const agent = await scene.agent('ana-desk');
    answering(agent, TONES.agent);
    const { text, call, number } = await writer('1000');
    expect(text.connected).toBe(true);
    await expect.poll(() => text.read.length, { timeout: 15_000 }).toBeGreaterThan(20);
    text.type('1');
    await hears(call, TONES.agent);
    expect(agent.calls.at(-1)?.invite.body).toMatch(/^m=text [1-9]/m);

    text.type('No oigo bien 😀\u2028');
    const { id } = await scene.matters.until(number, (matter) =>
      matter.all('text-written').some(({ text: line }) => line === 'No oigo bien 😀'),
    );
    await scene.api.post(`/api/calls/${id}/text`, { text: 'Le escribo, no se preocupe.' });
    await expect.poll(() => text.read, { timeout: 15_000 }).toContain('Le escribo, no se preocupe.\u2028');

    call.bye();
    const matter = await scene.matters.untilOver(number);
    expect(matter.all('text-written').slice(-2)).toMatchObject([
      { by: 'customer', text: 'No oigo bien 😀' },
      { by: 'agent', name: 'admin', text: 'Le escribo, no se preocupe.' },
    ]);
    // How both lines sounded is told after the end, asked of the media server as it hangs up.
    const judged = await scene.matters.until(number, (one) => one.all('leg-quality').length === 2);
    const qualities = judged.all('leg-quality');
    expect(new Set(qualities.map(({ party }) => party))).toEqual(new Set(['customer', 'other-side']));
    expect(qualities.every(({ packets, opinion }) => packets > 10 && opinion > 1)).toBe(true);
  });
});
