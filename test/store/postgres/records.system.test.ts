// The record in a real PostgreSQL: what is stored comes back, and only one of two writers wins.
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EmergencyMessage } from '../../../src/app/emergency/emergency.js';
import type { Append, InteractionSummary } from '../../../src/app/ports.js';
import type { InteractionEvent } from '../../../src/core/interaction/event.js';
import { systemClock } from '../../../src/lib/clock.js';
import { systemIds } from '../../../src/lib/ids.js';
import { silentLog } from '../../../src/lib/log.js';
import { Database } from '../../../src/store/postgres/database.js';
import type { PostgresStore } from '../../../src/store/postgres/store.js';
import { openStore } from '../../support/postgres-store.js';
import { type Stores, startStores } from '../../support/servers.js';

const AT_MS = Date.UTC(2026, 0, 5, 9, 0, 0, 123);

let stores: Stores;
let store: PostgresStore;

beforeAll(async () => {
  stores = await startStores();
  store = await open();
});

afterAll(async () => {
  await store?.close();
  await stores?.close();
});

function open(): Promise<PostgresStore> {
  return openStore(stores.postgres.url);
}

function summary(id: string, change: Partial<InteractionSummary> = {}): InteractionSummary {
  return {
    id,
    reference: `H-${id.slice(0, 6)}`,
    state: 'open',
    contact: 'contact-1',
    address: { channel: 'voice', value: '+34600000001' },
    openedAtMs: AT_MS,
    updatedAtMs: AT_MS,
    channels: ['voice'],
    liveNodes: [],
    ...change,
  };
}

function step(text: string): InteractionEvent {
  return { type: 'flow-step', data: { segment: 's1', step: text, outcome: 'done' } };
}

function append(
  id: string,
  expectedVersion: number,
  steps: string[],
  change: Partial<InteractionSummary> = {},
): Append {
  return {
    interaction: id,
    expectedVersion,
    events: steps.map((text, index) => ({ event: step(text), atMs: AT_MS + index })),
    summary: summary(id, change),
  };
}

async function stepsOf(id: string): Promise<string[]> {
  const events = await store.records.read(id);
  return events.map(({ event }) => (event.type === 'flow-step' ? event.data.step : event.type));
}

describe('events of one interaction', () => {
  it('come back in order, with version, time and data as given', async () => {
    const id = systemIds.uuid();
    const refusal: InteractionEvent = {
      type: 'offer-refused',
      data: { entry: 'e', offer: 'o', agent: 'ana', reason: 'busy', sipStatus: 486 },
    };
    await store.records.append(append(id, 0, ['greeting']));
    await store.records.append({ ...append(id, 1, []), events: [{ event: refusal, atMs: AT_MS + 7 }] });
    expect(await store.records.read(id)).toEqual([
      { interaction: id, version: 1, atMs: AT_MS, event: step('greeting') },
      { interaction: id, version: 2, atMs: AT_MS + 7, event: refusal },
    ]);
  });

  it('keep texts that PostgreSQL itself would refuse, with the impossible characters replaced', async () => {
    const id = systemIds.uuid();
    await store.records.append(
      append(id, 0, ['NUL \0 and half a pair \ud83d!', '\\u0000 typed out', 'emoji 😀 stays']),
    );
    expect(await stepsOf(id)).toEqual(['NUL \ufffd and half a pair \ufffd!', '\\u0000 typed out', 'emoji 😀 stays']);
  });

  it('nothing is there for an interaction nobody wrote', async () => {
    expect(await store.records.read('no-such\0thing')).toEqual([]);
  });
});

describe('two writers', () => {
  it('the one with an old version is refused and changes nothing', async () => {
    const id = systemIds.uuid();
    await store.records.append(append(id, 0, ['a', 'b']));
    await expect(store.records.append(append(id, 1, ['late']))).rejects.toMatchObject({ code: 'version-conflict' });
    await expect(store.records.append(append(id, 0, ['again']))).rejects.toMatchObject({ code: 'version-conflict' });
    await expect(store.records.append(append(id, 9, ['early']))).rejects.toMatchObject({ code: 'version-conflict' });
    expect(await stepsOf(id)).toEqual(['a', 'b']);
  });

  it.each([1, 2, 3])('of 50 at the same version, over two nodes, exactly one wins (round %i)', async () => {
    const other = await open();
    try {
      const id = systemIds.uuid();
      const both = [store.records, other.records];
      for (const version of [0, 1, 2]) {
        const tries = Array.from({ length: 50 }, (_, writer) =>
          both[writer % 2]?.append(append(id, version, [`v${version} by ${writer}`])),
        );
        const outcomes = await Promise.allSettled(tries);
        expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
        for (const outcome of outcomes) {
          if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'version-conflict' });
        }
        const winner = outcomes.findIndex(({ status }) => status === 'fulfilled');
        expect((await stepsOf(id)).at(-1)).toBe(`v${version} by ${winner}`);
      }
      expect(await stepsOf(id)).toHaveLength(3);
    } finally {
      await other.close();
    }
  });

  it('over many interactions in opposite order do not lock each other out', async () => {
    const other = await open();
    try {
      const ids = Array.from({ length: 200 }, () => systemIds.uuid());
      const mine = ids.map((id) => store.records.append(append(id, 0, ['mine'])));
      const theirs = ids.toReversed().map((id) => other.records.append(append(id, 0, ['theirs'])));
      const outcomes = await Promise.allSettled([...mine, ...theirs]);
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(ids.length);
      for (const id of ids) expect(await stepsOf(id)).toHaveLength(1);
    } finally {
      await other.close();
    }
  });
});

describe('writes of one moment', () => {
  it('share a transaction, and the conflicting ones among them fail alone', async () => {
    const known = systemIds.uuid();
    await store.records.append(append(known, 0, ['first']));
    const fresh = Array.from({ length: 100 }, () => systemIds.uuid());
    const outcomes = await Promise.allSettled([
      store.records.append(append(known, 0, ['conflict'])),
      ...fresh.map((id) => store.records.append(append(id, 0, ['one']))),
      store.records.append(append(known, 5, ['conflict too'])),
      store.records.append(append(known, 1, ['second'])),
    ]);
    const refused = outcomes.flatMap(({ status }, index) => (status === 'rejected' ? [index] : []));
    expect(refused).toEqual([0, 101]);
    expect(await stepsOf(known)).toEqual(['first', 'second']);
    for (const id of fresh) expect(await stepsOf(id)).toEqual(['one']);
  });

  it('to one interaction, each built on the one before, are all stored in their order', async () => {
    const id = systemIds.uuid();
    await Promise.all([0, 1, 2, 3, 4].map((version) => store.records.append(append(id, version, [`step ${version}`]))));
    expect(await stepsOf(id)).toEqual(['step 0', 'step 1', 'step 2', 'step 3', 'step 4']);
  });

  it('fail alone when the database cannot hold one of them', async () => {
    const [bad, good] = [systemIds.uuid(), systemIds.uuid()];
    const outcomes = await Promise.allSettled([
      store.records.append({ ...append(bad, 0, ['x']), events: [{ event: step('x'), atMs: Number.MAX_VALUE }] }),
      store.records.append(append(good, 0, ['y'])),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
    expect(await stepsOf(bad)).toEqual([]);
    expect(await stepsOf(good)).toEqual(['y']);
  });
});

describe('finding interactions', () => {
  it('by state, channel, contact and time, newest first, page by page', async () => {
    const contact = systemIds.uuid();
    const ids = Array.from({ length: 7 }, () => systemIds.uuid());
    for (const [index, id] of ids.entries()) {
      await store.records.append(
        append(id, 0, ['x'], {
          contact,
          openedAtMs: AT_MS + Math.floor(index / 2),
          channels: index === 3 ? ['voice', 'sms'] : ['voice'],
          state: index === 6 ? 'closed' : 'open',
        }),
      );
    }
    const pages: string[][] = [];
    let after: string | undefined;
    do {
      const page = await store.records.find({ contact, limit: 3, ...(after === undefined ? {} : { after }) });
      pages.push(page.interactions.map(({ id }) => id));
      after = page.next;
    } while (after !== undefined);
    expect(pages.map((page) => page.length)).toEqual([3, 3, 1]);
    const order = pages.flat().map((id) => AT_MS + Math.floor(ids.indexOf(id) / 2));
    expect(order).toEqual(order.toSorted((a, b) => b - a));
    expect(new Set(pages.flat())).toEqual(new Set(ids));

    const idsOf = async (query: object): Promise<string[]> =>
      (await store.records.find({ contact, limit: 100, ...query })).interactions.map(({ id }) => id);
    expect(await idsOf({ channel: 'sms' })).toEqual([ids[3]]);
    expect(await idsOf({ state: 'closed' })).toEqual([ids[6]]);
    expect(await idsOf({ fromMs: AT_MS + 1, toMs: AT_MS + 2 })).toHaveLength(2);
    expect((await store.records.openOf(contact)).map(({ id }) => id)).not.toContain(ids[6]);
  });

  it('gives back the summary as written last', async () => {
    const id = systemIds.uuid();
    const last = summary(id, {
      contact: systemIds.uuid(),
      updatedAtMs: AT_MS + 60_000,
      state: 'waiting',
      channels: ['voice', 'whatsapp'],
      callback: { id: 'c1', dueAtMs: AT_MS + 3_600_000 },
      liveNodes: ['node-a', 'node-b'],
    });
    await store.records.append(append(id, 0, ['x']));
    await store.records.append({ ...append(id, 1, ['y']), summary: last });
    expect((await store.records.find({ contact: last.contact, limit: 1 })).interactions).toEqual([last]);
  });

  it('refuses a page mark that is not ours', async () => {
    await expect(store.records.find({ limit: 10, after: 'x' })).rejects.toMatchObject({ code: 'invalid-input' });
  });

  it('knows which calls a node holds and which call-backs are due', async () => {
    const node = systemIds.uuid();
    const [live, done] = [systemIds.uuid(), systemIds.uuid()];
    await store.records.append(append(live, 0, ['x'], { liveNodes: [node] }));
    await store.records.append(append(done, 0, ['x'], { liveNodes: [node], callback: { id: 'c', dueAtMs: AT_MS } }));
    expect(await store.records.liveOn(node)).toHaveLength(2);
    expect((await store.records.nodesWithLiveCalls()).filter((name) => name === node)).toEqual([node]);
    await store.records.append(append(done, 1, ['y'], { callback: { id: 'c', dueAtMs: AT_MS } }));
    expect((await store.records.liveOn(node)).map(({ id }) => id)).toEqual([live]);
    expect((await store.records.pendingCallbacks()).map(({ id }) => id)).toContain(done);
    await store.records.append(append(done, 2, ['z']));
    expect((await store.records.pendingCallbacks()).map(({ id }) => id)).not.toContain(done);
  });
});

describe('customers and messages', () => {
  it('one customer per address, however many ask at once', async () => {
    const address = { channel: 'voice' as const, value: `+34${systemIds.token(5)}` };
    const contacts = await Promise.all(Array.from({ length: 20 }, () => store.records.contactByAddress(address)));
    expect(new Set(contacts.map(({ contact }) => contact.id)).size).toBe(1);
    expect(contacts.filter(({ isNew }) => isNew)).toHaveLength(1);
    expect(contacts[0]).toMatchObject({ contact: { addresses: [address], consent: 'unknown' } });
  });

  it('keeps language, consent and a second address', async () => {
    const voice = { channel: 'voice' as const, value: `+34${systemIds.token(5)}` };
    const sms = { channel: 'sms' as const, value: voice.value };
    const { contact } = await store.records.contactByAddress(voice);
    const changed = {
      ...contact,
      addresses: [sms, voice],
      language: 'es',
      consent: 'given' as const,
      lastMessageAtMs: AT_MS,
    };
    await store.records.saveContact(changed);
    expect(await store.records.contactByAddress(sms)).toEqual({ contact: changed, isNew: false });
  });

  it('a message of a provider is new once', async () => {
    const row = {
      channel: 'sms' as const,
      providerId: systemIds.uuid(),
      message: 'm1',
      interaction: 'i1',
      direction: 'in' as const,
    };
    const answers = await Promise.all([1, 2, 3, 4].map(() => store.records.rememberMessage(row)));
    expect(answers.filter(Boolean)).toHaveLength(1);
    expect(await store.records.messageByProviderId('sms', row.providerId)).toEqual({
      message: 'm1',
      interaction: 'i1',
    });
    expect(await store.records.messageByProviderId('whatsapp', row.providerId)).toBeUndefined();
  });
});

describe('revisions and people', () => {
  it('the newest publication counts, also of a text that was there before', async () => {
    const name = systemIds.uuid();
    const publish = (revision: string): Promise<void> =>
      store.records.saveRevision({ name, revision, text: `text ${revision}`, author: 'ana', note: 'n', atMs: AT_MS });
    expect(await store.records.revision(name)).toBeUndefined();
    for (const revision of ['a', 'b', 'a']) await publish(revision);
    expect(await store.records.revision(name)).toEqual({
      revision: 'a',
      text: 'text a',
      author: 'ana',
      note: 'n',
      atMs: AT_MS,
    });
    expect((await store.records.revision(name, 'b'))?.text).toBe('text b');
  });

  it('a token is good until it ends or is dropped', async () => {
    const name = systemIds.uuid();
    await store.users.saveUser({ name, role: 'agent', passwordHash: 'x' });
    await store.users.saveUser({ name, role: 'supervisor', passwordHash: 'y' });
    expect(await store.users.user(name)).toEqual({ name, role: 'supervisor', passwordHash: 'y' });
    const now = Date.now();
    await store.users.saveToken(`${name}-hash`, name, now + 1_000);
    expect((await store.users.userByToken(`${name}-hash`, now))?.name).toBe(name);
    expect(await store.users.userByToken(`${name}-hash`, now + 1_000)).toBeUndefined();
    await store.users.dropToken(`${name}-hash`);
    expect(await store.users.userByToken(`${name}-hash`, now)).toBeUndefined();
  });
});

it('an emergency message is none, then the last one, then none again; who decided what stays', async () => {
  const { emergency } = store;
  const message = (text: string): EmergencyMessage => ({
    ...{ id: systemIds.uuid(), by: 'eva', atMs: AT_MS, texts: { es: text }, numbers: ['1000'] },
    afterwards: { kind: 'queue', queue: 'support' },
  });
  expect(await emergency.emergency()).toBeUndefined();
  await emergency.decideEmergency({ message: message('Avería'), by: 'eva', atMs: AT_MS });
  const second = message('Sin luz\0 «ñ»');
  await emergency.decideEmergency({ message: second, by: 'luis', atMs: AT_MS + 1 });
  expect(await emergency.emergency()).toEqual({ ...second, texts: { es: 'Sin luz\ufffd «ñ»' } });
  await emergency.decideEmergency({ by: 'eva', atMs: AT_MS + 2 });
  expect(await emergency.emergency()).toBeUndefined();

  const database = new Database({ url: stores.postgres.url, clock: systemClock, log: silentLog });
  const decided = sql<{ by: string }>`select by from emergency order by number`;
  const { rows } = await database.run((db) => decided.execute(db));
  await database.close();
  expect(rows.map(({ by }) => by)).toEqual(['eva', 'luis', 'eva']);
});
