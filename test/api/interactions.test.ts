// The record as the API tells it: one matter through two channels, found by id, by reference, by number and by time.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { InteractionEvent } from '../../src/core/interaction/event.js';
import { REFERENCE_BYTES, referenceFrom } from '../../src/core/interaction/reference.js';
import { type ApiScene, openApiScene } from '../support/api-scene.js';
import { abandonedWithOffer, at, opened, record, recovered } from '../support/record.js';

const REFERENCE = 'H-7K3Q-X2PD';

let scene: ApiScene;
beforeEach(async () => {
  scene = await openApiScene();
  scene.records.interactions.set('i1', record(recovered));
});
afterEach(() => scene?.close());

const get = (url: string, headers: Record<string, string> = {}) => scene.ask('GET', url, { as: 'sofia', headers });

describe('one interaction', () => {
  test('is the call, the message, the answer and the call-back in one', async () => {
    const interaction = (await get('/api/interactions/i1')).json();
    expect(interaction).toMatchObject({
      id: 'i1',
      state: 'closed',
      contact: 'c1',
      address: { channel: 'voice', value: '+34600123456' },
      openedAt: new Date(at(0)).toISOString(),
      closed: { reason: 'served', at: new Date(at(211)).toISOString() },
      callback: { id: 'cb1', state: 'ended', result: 'connected' },
      outcomes: [{ segment: 's1', outcome: 'abandoned', reason: 'caller-hung-up' }],
    });
    expect(interaction.segments).toMatchObject([
      { kind: 'call', id: 's1', direction: 'in', state: 'ended', result: 'abandoned', waitedMs: 45_000 },
      { kind: 'message', id: 'm1', direction: 'out', status: 'delivered', channel: 'sandbox' },
      { kind: 'message', id: 'm2', direction: 'in', status: 'received', text: '1' },
      { kind: 'call', id: 's2', direction: 'out', state: 'ended', result: 'served', talkedMs: 60_000 },
    ]);
    expect(interaction.waits).toMatchObject([
      { entry: 'e1', state: 'over', reason: 'caller-hung-up', waitedMs: 45_000 },
      { entry: 'e2', kind: 'callback', state: 'over', reason: 'connected' },
    ]);
  });

  test('shows what the customer answered when asked, and tells it in both languages', async () => {
    const asked: InteractionEvent[] = [
      { type: 'survey-answered', data: { segment: 's1', survey: 'nps', score: 9, name: 'recommend' } },
      { type: 'survey-answered', data: { segment: 's1', survey: 'fcr', score: 0, name: 'settled' } },
      { type: 'emergency-heard', data: { segment: 's1', emergency: 'x', afterwards: 'queue', queue: 'support' } },
    ];
    scene.records.interactions.set('i1', record([...recovered, ...asked.map((event) => [300, event] as const)]));
    const { surveys, timeline } = (await get('/api/interactions/i1', { 'accept-language': 'en' })).json();
    const time = new Date(at(300)).toISOString();
    expect(surveys).toEqual([
      { survey: 'nps', score: 9, name: 'recommend', at: time },
      { survey: 'fcr', score: 0, name: 'settled', at: time },
    ]);
    const texts = (lines: { text: string }[]) => lines.slice(-3).map(({ text }) => text);
    expect(texts(timeline)).toEqual([
      'Would recommend us: 9 / 10.',
      'Settled by this contact: no.',
      'Heard the emergency message, then sent to the queue support.',
    ]);
    const spanish = (await get('/api/interactions/i1', { 'accept-language': 'es' })).json();
    expect(texts(spanish.timeline)).toEqual([
      'Nos recomendaría: 9 / 10.',
      'Resuelto en este contacto: no.',
      'Oyó el mensaje de emergencia, y pasó a la cola support.',
    ]);
  });

  test('holds every event as it was recorded, and a sentence for each', async () => {
    const { events, timeline } = (await get('/api/interactions/i1')).json();
    expect(events).toEqual(
      record(recovered).map(({ version, atMs, event }) => ({
        version,
        type: event.type,
        at: new Date(atMs).toISOString(),
        data: event.data,
      })),
    );
    expect(timeline.map(({ version }: { version: number }) => version)).toEqual(
      events.map((_: unknown, i: number) => i + 1),
    );
    for (const line of timeline) expect(line.text).toMatch(/\S/);
  });

  test.each([
    [undefined, 'es'],
    ['en', 'en'],
    ['en-GB,en;q=0.9,es;q=0.8', 'en'],
    ['fr, en;q=0.2, es;q=0.7', 'es'],
    ['fr', 'es'],
  ])('Accept-Language %s is told in %s', async (accepted, language) => {
    const headers: Record<string, string> = accepted === undefined ? {} : { 'accept-language': accepted };
    const response = await get('/api/interactions/i1', headers);
    expect(response.headers).toMatchObject({ 'content-language': language, vary: 'accept-language' });
    const spanish = (await get('/api/interactions/i1', { 'accept-language': 'es' })).json().timeline;
    expect(response.json().timeline).toHaveLength(spanish.length);
    if (language === 'es') expect(response.json().timeline).toEqual(spanish);
    else expect(response.json().timeline).not.toEqual(spanish);
  });

  test.each([
    ['as it is', (reference: string) => reference],
    ['in small letters', (reference: string) => reference.toLowerCase()],
    ['without hyphens', (reference: string) => reference.replaceAll('-', '')],
  ])('is found by its reference, typed %s', async (_title, typed) => {
    const reference = referenceFrom(new Uint8Array(REFERENCE_BYTES).fill(7));
    const named = { ...opened, data: { ...opened.data, reference } } as typeof opened;
    scene.records.interactions.set('i9', record([[0, named]], 'i9'));
    expect((await get(`/api/interactions/${typed(reference)}`)).json()).toMatchObject({ id: 'i9', reference });
    expect(scene.records.queries).toEqual([{ reference, limit: 1 }]);
  });

  test('tells how each line of a call sounded', async () => {
    const heard = { packets: 1_500, lossPercent: 0.4, jitterMs: 3, opinion: 4.3 };
    const customer = {
      party: 'customer',
      ...heard,
      reported: { lossPercent: 0, opinion: 4.4, roundTripMs: 20 },
    } as const;
    const agent = { party: 'other-side', ...heard } as const;
    const quality = [customer, agent].map(
      (leg) => ({ type: 'leg-quality', data: { segment: 's1', ...leg } }) as const satisfies InteractionEvent,
    );
    const recorded = record(recovered);
    const last = recorded.at(-1);
    if (last === undefined) throw new Error('an empty record');
    const more = quality.map((event, index) => ({ ...last, version: last.version + 1 + index, event }));
    scene.records.interactions.set('i1', [...recorded, ...more]);
    const { segments } = (await get('/api/interactions/i1')).json();
    expect(segments[0]).toMatchObject({ id: 's1', quality: [customer, agent] });
    expect(segments[3]).not.toHaveProperty('quality');
  });

  test('that is not there is 404', async () => {
    const response = await get('/api/interactions/nothing');
    expect(response.statusCode).toBe(404);
    expect(response.json().code).toBe('not-found');
  });

  test('while it goes on shows what was promised', async () => {
    scene.records.interactions.set('i2', record(abandonedWithOffer, 'i2'));
    const { state, callback, closed } = (await get('/api/interactions/i2')).json();
    expect({ state, callback, closed }).toEqual({
      state: 'waiting-for-customer',
      callback: { id: 'cb1', state: 'offered', queue: 'support' },
      closed: undefined,
    });
  });

  test('with an event of a newer version is shown all the same', async () => {
    const strange = { type: 'hologram-shown', data: { segment: 's1' } } as unknown as typeof opened;
    scene.records.interactions.set(
      'i3',
      record(
        [
          [0, opened],
          [1, strange],
        ],
        'i3',
      ),
    );
    const { events, timeline } = (await get('/api/interactions/i3')).json();
    expect(events[1]).toMatchObject({ type: 'hologram-shown', data: { segment: 's1' } });
    expect(timeline[1].text).toContain('hologram-shown');
  });
});

describe('finding', () => {
  test('asks the store for what was asked', async () => {
    const url =
      '/api/interactions?from=2026-01-05&to=2026-01-05T12:30:00%2B01:00&channel=sandbox&state=closed&contact=%2B34600123456&limit=7&after=mark';
    expect((await get(url)).statusCode).toBe(200);
    expect(scene.records.queries).toEqual([
      {
        // Midnight in Madrid, where the centre is.
        fromMs: Date.UTC(2026, 0, 4, 23),
        toMs: Date.UTC(2026, 0, 5, 11, 30),
        channel: 'sandbox',
        state: 'closed',
        contact: '+34600123456',
        limit: 7,
        after: 'mark',
      },
    ]);
  });

  test('forgives a plus that was not escaped', async () => {
    await get('/api/interactions?contact=+34600123456&from=2026-01-05T09:00:00+01:00');
    expect(scene.records.queries).toMatchObject([{ contact: '+34600123456', fromMs: Date.UTC(2026, 0, 5, 8) }]);
  });

  test('gives pages', async () => {
    scene.records.interactions.set('i2', record(abandonedWithOffer, 'i2'));
    const page = (await get('/api/interactions?limit=1')).json();
    expect(page).toEqual({
      interactions: [
        {
          id: 'i1',
          reference: REFERENCE,
          state: 'closed',
          contact: 'c1',
          address: { channel: 'voice', value: '+34600123456' },
          channels: ['voice', 'sandbox'],
          openedAt: new Date(at(0)).toISOString(),
          updatedAt: new Date(at(211)).toISOString(),
        },
      ],
      next: 'the-next-page',
    });
    expect((await get('/api/interactions')).json().next).toBeUndefined();
  });
});
