// What an agent is told will happen next.
import { expect, test } from 'vitest';
import type { WireAgent } from '../../src/contract/agent.js';
import { nextText, reasonText } from '../../src/web/agent/next.js';
import { deskTexts } from '../../src/web/agent/texts.js';

const NOW_MS = Date.parse('2026-11-23T10:00:00.000Z');
const at = (seconds: number): string => new Date(NOW_MS + seconds * 1_000).toISOString();
const ANA: WireAgent = {
  ...{ id: 'ana', title: 'Ana', role: 'agent', skills: {}, state: 'available', since: at(-60), idleSince: at(-60) },
  devices: [{ name: 'ana-desk', registered: true }],
};

test.each<[Partial<WireAgent>, string]>([
  [{}, 'The next call is yours as soon as it is your turn.'],
  [{ backOffUntil: at(65) }, 'You rest from calls for 1:05 still.'],
  [{ backOffUntil: at(-1) }, 'The next call is yours as soon as it is your turn.'],
  [{ state: 'break', reason: 'lunch' }, 'No calls come to you until you are available again.'],
  [{ state: 'offline' }, 'No calls come to you.'],
  [
    { state: 'offline', devices: [{ name: 'ana-desk', registered: false }] },
    'None of your phones is connected: without one you cannot be available.',
  ],
  [{ state: 'ringing', until: at(12) }, 'Rings for 0:12 more; then it goes to somebody else.'],
  [{ state: 'busy', afterwards: { state: 'break', reason: 'lunch' } }, 'After the call: Break.'],
  [{ state: 'wrap-up', until: at(30), afterwards: { state: 'available' } }, 'Ends by itself in 0:30; then: Available.'],
])('%j', (what, sentence) => {
  expect(nextText({ ...ANA, ...what }, NOW_MS, deskTexts.en)).toBe(sentence);
});

test('a reason is told in the words of the centre, in Hilo’s, or as it is', () => {
  const breaks = [{ name: 'lunch', title: { es: 'Comida', en: 'Lunch' } }];
  expect(reasonText('lunch', breaks, 'es', deskTexts.es)).toBe('Comida');
  expect(reasonText('own-call', breaks, 'es', deskTexts.es)).toBe('llamada propia');
  expect(reasonText('dentist', breaks, 'es', deskTexts.es)).toBe('dentist');
});
