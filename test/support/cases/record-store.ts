// What every record store does, the one in PostgreSQL and the fake.
import { expect, test } from 'vitest';
import type { Append, InteractionSummary, RecordStore } from '../../../src/app/ports.js';
import type { InteractionEvent } from '../../../src/core/interaction/event.js';
import { systemIds } from '../../../src/lib/ids.js';

const AT_MS = Date.UTC(2026, 0, 5, 9, 0, 0, 123);
const FACT: InteractionEvent = { type: 'node-lost', data: { node: 'n1' } };

function summary(id: string, change: Partial<InteractionSummary> = {}): InteractionSummary {
  return {
    id,
    reference: `H-${id.slice(0, 8)}`,
    state: 'active',
    contact: `contact of ${id}`,
    address: { channel: 'voice', value: '+34600000001' },
    openedAtMs: AT_MS,
    updatedAtMs: AT_MS,
    channels: ['voice'],
    liveNodes: [],
    ...change,
  };
}

function append(id: string, expectedVersion: number, change: Partial<InteractionSummary> = {}, facts = 1): Append {
  const events = Array.from({ length: facts }, (_, index) => ({ event: FACT, atMs: AT_MS + index }));
  return { interaction: id, expectedVersion, events, summary: summary(id, change) };
}

/** `store`: may hold what other tests have stored. */
export function recordStoreCases(store: () => RecordStore): void {
  test('facts come back in order, with their versions and times', async () => {
    const id = systemIds.uuid();
    await store().append(append(id, 0, {}, 2));
    await store().append(append(id, 2));
    expect(await store().read(id)).toEqual([
      { interaction: id, version: 1, atMs: AT_MS, event: FACT },
      { interaction: id, version: 2, atMs: AT_MS + 1, event: FACT },
      { interaction: id, version: 3, atMs: AT_MS, event: FACT },
    ]);
    expect(await store().read(systemIds.uuid())).toEqual([]);
  });

  test('who is behind is refused, whatever the number, and nothing is stored', async () => {
    const id = systemIds.uuid();
    await expect(store().append(append(id, 1))).rejects.toMatchObject({ code: 'version-conflict' });
    await store().append(append(id, 0));
    for (const version of [0, 2]) {
      await expect(store().append(append(id, version))).rejects.toMatchObject({ code: 'version-conflict' });
    }
    expect(await store().read(id)).toHaveLength(1);
  });

  test('of two writers at the same version one wins', async () => {
    const id = systemIds.uuid();
    await store().append(append(id, 0));
    const outcomes = await Promise.allSettled([store().append(append(id, 1)), store().append(append(id, 1))]);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(await store().read(id)).toHaveLength(2);
  });

  test('found by state, contact, reference and time, newest first, page after page', async () => {
    const contact = systemIds.uuid();
    const ids = Array.from({ length: 5 }, () => systemIds.uuid());
    for (const [index, id] of ids.entries()) {
      await store().append(
        append(id, 0, { contact, openedAtMs: AT_MS + index, state: index === 0 ? 'closed' : 'idle' }),
      );
    }
    const found = async (query: object): Promise<string[]> =>
      (await store().find({ contact, limit: 10, ...query })).interactions.map(({ id }) => id);
    expect(await found({})).toEqual(ids.toReversed());
    expect(await found({ state: 'closed' })).toEqual([ids[0]]);
    expect(await found({ fromMs: AT_MS + 1, toMs: AT_MS + 3 })).toEqual([ids[2], ids[1]]);
    expect(await found({ reference: `H-${ids[3]?.slice(0, 8)}` })).toEqual([ids[3]]);
    const page = await store().find({ contact, limit: 3 });
    expect(page.interactions).toHaveLength(3);
    const { next = '' } = page;
    const rest = await store().find({ contact, limit: 3, after: next });
    expect(rest.interactions.map(({ id }) => id)).toEqual([ids[1], ids[0]]);
    expect(rest.next).toBeUndefined();
    expect((await store().openOf(contact)).map(({ id }) => id)).toEqual(ids.slice(1).toReversed());
  });

  test('live calls by node, promised call-backs by their time', async () => {
    const id = systemIds.uuid();
    const node = systemIds.uuid();
    const callback = { id: systemIds.uuid(), dueAtMs: AT_MS + 60_000 };
    await store().append(append(id, 0, { liveNodes: [node], callback }));
    expect(await store().liveOn(node)).toMatchObject([{ id, liveNodes: [node] }]);
    expect(await store().nodesWithLiveCalls()).toContain(node);
    expect((await store().pendingCallbacks()).find((row) => row.id === id)).toMatchObject({ callback });
    await store().append(append(id, 1));
    expect(await store().liveOn(node)).toEqual([]);
    expect(await store().nodesWithLiveCalls()).not.toContain(node);
    expect((await store().pendingCallbacks()).some((row) => row.id === id)).toBe(false);
  });

  test('the history of a contact: last queue, last agent, last call, and only from before', async () => {
    const contact = systemIds.uuid();
    const call = (atMs: number, queue: string, agent: string, of = contact): Append => {
      const id = systemIds.uuid();
      const facts: InteractionEvent[] = [
        {
          type: 'call-arrived',
          data: { segment: 's', callId: 'c', from: '600', to: '1000', trunk: 'lab', node: 'n1' },
        },
        {
          type: 'queued',
          data: { segment: 's', entry: 'e', queue, priority: 5, seniorityMs: atMs, kind: 'call' },
        },
        { type: 'connected', data: { segment: 's', entry: 'e', agent, device: 'd', waitedMs: 1 } },
      ];
      const events = facts.map((event, index) => ({ event, atMs: atMs + index }));
      return { ...append(id, 0, { contact: of, openedAtMs: atMs }), events };
    };
    expect(await store().historyOf(contact, AT_MS)).toEqual({});
    await store().append(call(AT_MS, 'support', 'ana'));
    await store().append(call(AT_MS + 1000, 'sales', 'carla'));
    await store().append(call(AT_MS + 2000, 'support', 'bruno', systemIds.uuid()));
    const early = { lastQueue: 'support', lastAgent: 'ana', lastContactMs: AT_MS };
    expect(await store().historyOf(contact, AT_MS + 1000)).toEqual(early);
    const late = { lastQueue: 'sales', lastAgent: 'carla', lastContactMs: AT_MS + 1000 };
    expect(await store().historyOf(contact, AT_MS + 5000)).toEqual(late);
  });

  test('matters with voice messages: those to be dealt with the longest ago first, the others the newest first', async () => {
    const left = (state: 'new' | 'heard' | 'done', minutes: number) => ({
      voicemail: { state, atMs: AT_MS - 1_000 * 86_400_000 + minutes * 60_000 },
    });
    const [early, late, over, newest] = [systemIds.uuid(), systemIds.uuid(), systemIds.uuid(), systemIds.uuid()];
    await store().append(append(late, 0, left('heard', 5)));
    await store().append(append(early, 0, left('new', 0)));
    await store().append(append(over, 0, left('done', 1)));
    await store().append(append(newest, 0, left('done', 9)));
    const found = async (done: boolean) =>
      (await store().voicemailMatters({ done, limit: 500 }))
        .map(({ id }) => id)
        .filter((id) => [early, late, over, newest].includes(id));
    expect(await found(false)).toEqual([early, late]);
    expect(await found(true)).toEqual([newest, over]);
    await store().append(append(early, 1, left('done', 0)));
    expect(await found(false)).toEqual([late]);
    expect((await store().voicemailMatters({ done: false, limit: 1 }))[0]?.voicemail).toBeDefined();
  });

  test('customers who were not served are found by queue, state and time, the longest ago first', async () => {
    const queue = `lost-${systemIds.token(4)}`;
    const lost = (state: 'open' | 'recovered', minutes: number) => ({ state, queue, atMs: AT_MS + minutes * 60_000 });
    const [late, early, back] = [systemIds.uuid(), systemIds.uuid(), systemIds.uuid()];
    const recovered = { ...lost('recovered', 1), recoveredAtMs: AT_MS + 90_000, by: 'callback' as const };
    await store().append(append(late, 0, { lost: lost('open', 5) }));
    await store().append(append(early, 0, { lost: lost('open', 0) }));
    await store().append(append(back, 0, { lost: recovered }));
    const found = async (query: object) =>
      (await store().lostMatters({ queue, limit: 10, ...query })).map(({ id }) => id);
    expect(await found({})).toEqual([early, back, late]);
    expect(await found({ state: 'open' })).toEqual([early, late]);
    expect(await found({ fromMs: AT_MS + 60_000, toMs: AT_MS + 300_000 })).toEqual([back]);
    expect(await found({ limit: 1 })).toEqual([early]);
    expect(await found({ queue: 'another' })).toEqual([]);
    const whose = systemIds.uuid();
    const own = systemIds.uuid();
    await store().append(append(own, 0, { contact: whose, lost: lost('open', 2) }));
    expect(await found({ contact: whose })).toEqual([own]);
    await store().append(append(own, 1));
    expect((await store().lostMatters({ queue, state: 'recovered', limit: 1 }))[0]?.lost).toEqual(recovered);
    await store().append(append(late, 1, { lost: { ...recovered, atMs: AT_MS + 300_000 } }));
    expect(await found({ state: 'open' })).toEqual([early]);
    await store().append(append(early, 1));
    expect(await found({ state: 'open' })).toEqual([]);
  });

  test('a contact is made once per address and kept as saved', async () => {
    const address = { channel: 'voice', value: `+34${systemIds.token(4)}` } as const;
    const made = await store().contactByAddress(address);
    const fresh = { id: expect.any(String), addresses: [address], consent: 'unknown' };
    expect(made).toEqual({ contact: fresh, isNew: true });
    const known = { name: 'Eva Ruiz', segment: 'premium', tags: ['vip', 'late payer'] } as const;
    const saved = {
      ...{ ...made.contact, ...known },
      consent: 'withdrawn',
      language: 'en',
      lastMessageAtMs: AT_MS,
    } as const;
    await store().saveContact(saved);
    expect(await store().contactByAddress(address)).toEqual({ contact: saved, isNew: false });
  });

  test('a provider’s message is remembered once', async () => {
    const row = {
      channel: 'sms',
      providerId: systemIds.uuid(),
      message: systemIds.uuid(),
      interaction: systemIds.uuid(),
      direction: 'in',
    } as const;
    expect(await store().messageByProviderId('sms', row.providerId)).toBeUndefined();
    expect([await store().rememberMessage(row), await store().rememberMessage(row)]).toEqual([true, false]);
    const { message, interaction } = row;
    expect(await store().messageByProviderId('sms', row.providerId)).toEqual({ message, interaction });
    expect(await store().messageByProviderId('whatsapp', row.providerId)).toBeUndefined();
  });

  test('the newest revision of a name, or the one asked for', async () => {
    const name = systemIds.uuid();
    const row = (revision: string) => ({
      name,
      revision,
      text: `text ${revision}`,
      author: 'eva',
      note: '',
      atMs: AT_MS,
    });
    await store().saveRevision(row('r1'));
    await store().saveRevision(row('r2'));
    expect(await store().revision(name)).toMatchObject({ revision: 'r2', text: 'text r2', author: 'eva', atMs: AT_MS });
    expect(await store().revision(name, 'r1')).toMatchObject({ revision: 'r1' });
    expect(await store().revision(name, 'r3')).toBeUndefined();
  });
}
