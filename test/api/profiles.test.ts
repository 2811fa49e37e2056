// Customers as agents see them: the whole history, what is owed, profiles put together and taken apart, the way into the CRM.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { InteractionEvent } from '../../src/core/interaction/event.js';
import { type ApiScene, openApiScene } from '../support/api-scene.js';
import { abandonedWithOffer, record, recovered, type Told } from '../support/record.js';

let scene: ApiScene;
let eva: string;
let landline: string;
beforeEach(async () => {
  scene = await openApiScene();
  eva = await known('+34600123456', { name: 'Eva <b>Soler</b>', tags: ['vip'] });
  landline = await known('+34910000001', { segment: 'premium' });
  keep('i1', eva, recovered);
  keep('i2', landline, abandonedWithOffer);
  await scene.token('ana');
  scene.audited.lines.length = 0;
});
afterEach(() => scene?.close());

async function known(number: string, change: object): Promise<string> {
  return (await scene.ask('PATCH', '/api/contacts', { as: 'sofia', body: { number, ...change } })).json().id;
}

function keep(id: string, contact: string, told: readonly Told[]): void {
  const mine = told.map(([at, event]): Told => {
    if (event.type !== 'interaction-opened') return [at, event];
    const reference = id === 'i1' ? 'H-3333-333S' : 'H-2222-2222';
    return [at, { ...event, data: { ...event.data, contact, reference } }];
  });
  scene.records.interactions.set(id, record(mine, id));
}

const of = async (contact: string) => (await scene.ask('GET', `/api/contacts/${contact}`, { as: 'ana' })).json();
const merge = (contact: string, body: object, as = 'sofia') =>
  scene.ask('POST', `/api/contacts/${contact}/merge`, { as, body });
const unmerge = (contact: string) => scene.ask('DELETE', `/api/contacts/${contact}/merge`, { as: 'sofia' });
const ids = ({ matters }: { matters: { id: string }[] }) => matters.map(({ id }) => id);

describe('a customer', () => {
  test('is found by the interaction at hand, with everything that was', async () => {
    const note: InteractionEvent = { type: 'note-added', data: { by: 'ana', text: 'Prefers mornings' } };
    keep('i1', eva, [...recovered, [300, note]]);
    const profile = (await scene.ask('GET', '/api/interactions/i1/customer', { as: 'ana' })).json();
    expect(profile).toMatchObject({
      contact: { id: eva, name: 'Eva <b>Soler</b>', tags: ['vip'] },
      withheld: false,
      members: [{ id: eva }],
      merges: [],
    });
    expect(profile.matters).toMatchObject([
      {
        id: 'i1',
        queues: ['support'],
        agents: ['ana'],
        recordings: 0,
        notes: [{ by: 'ana', text: 'Prefers mornings' }],
      },
    ]);
    expect(profile.matters[0].segments.map(({ channel }: { channel: string }) => channel)).toEqual([
      'voice',
      'sandbox',
      'sandbox',
      'voice',
    ]);
    // The call-back was made: nothing is owed any more.
    expect(profile.matters[0].owed).toBeUndefined();
  });

  test('who was offered a call-back is owed one', async () => {
    expect((await of(landline)).matters[0].owed).toEqual({ id: 'cb1', state: 'offered', queue: 'support' });
  });

  test('who withholds the number is nobody in particular', async () => {
    const { contact } = await scene.facts.contactByAddress({ channel: 'voice', value: 'anonymous' });
    keep('i3', contact.id, abandonedWithOffer);
    expect(await of(contact.id)).toMatchObject({ withheld: true, matters: [] });
    expect((await merge(contact.id, { with: 'H-3333-333S' })).json()).toMatchObject({ code: 'invalid-input' });
  });

  test('who is not there is 404', async () => {
    expect((await scene.ask('GET', '/api/contacts/nobody', { as: 'ana' })).statusCode).toBe(404);
    expect((await scene.ask('GET', '/api/interactions/nothing/customer', { as: 'ana' })).statusCode).toBe(404);
  });

  test('is a link in the other system, when the centre has one', async () => {
    expect((await of(eva)).crm).toBeUndefined();
    const text = await scene.text('centre.yaml');
    const crm =
      "crm: { url: 'https://crm.example.com/who?n={{ contact.number }}&r={{ interaction.reference }}', title: { en: 'the CRM' } }";
    const put = await scene.ask('PUT', '/api/flows/centre', {
      as: 'admin',
      body: `${text}\n${crm}\n`,
      headers: { 'content-type': 'application/yaml' },
    });
    expect(put.statusCode).toBe(200);
    const headers = { 'accept-language': 'en' };
    const shown = (await scene.ask('GET', '/api/interactions/i1/customer', { as: 'ana', headers })).json();
    expect(shown.crm).toEqual({ url: 'https://crm.example.com/who?n=%2B34600123456&r=H-3333-333S', title: 'the CRM' });
  });

  test.each([
    ['a script', 'javascript:alert(1)'],
    ['a host that is filled in', 'https://{{ contact.name }}/'],
    ['a name that is not known', 'https://crm.example.com/{{ contact.salary }}'],
  ])('%s is no address of a CRM', async (_title, url) => {
    const text = `${await scene.text('centre.yaml')}\ncrm: { url: '${url}' }\n`;
    const put = await scene.ask('PUT', '/api/flows/centre', {
      as: 'admin',
      body: text,
      headers: { 'content-type': 'application/yaml' },
    });
    expect(put.statusCode).toBe(422);
    expect(put.json().issues).toMatchObject([{ file: 'centre.yaml', severity: 'error' }]);
  });
});

describe('two profiles of one person', () => {
  test('are one history for both, and as before when they are taken apart', async () => {
    const before = await of(landline);
    const put = await merge(landline, { with: 'H-3333-333S' });
    expect(put.statusCode).toBe(200);
    const together = put.json();
    expect(together.contact).toMatchObject({ id: eva, name: 'Eva <b>Soler</b>', segment: 'premium', tags: ['vip'] });
    expect(ids(together).toSorted()).toEqual(['i1', 'i2']);
    expect(ids(await of(eva)).toSorted()).toEqual(['i1', 'i2']);
    expect(together.members).toMatchObject([{ id: eva }, { id: landline, into: eva }]);
    expect(together.merges).toMatchObject([{ act: 'merged', contact: landline, into: eva, by: 'sofia' }]);
    const apart = await unmerge(landline);
    expect(apart.statusCode).toBe(200);
    const { merges, ...now } = apart.json();
    expect(now).toEqual({ ...before, merges: undefined });
    expect(merges.map(({ act }: { act: string }) => act)).toEqual(['unmerged', 'merged']);
    expect(ids(await of(eva))).toEqual(['i1']);
  });

  test('who did it stands in the audit', async () => {
    await merge(landline, { with: 'H-3333-333S' });
    await unmerge(landline);
    expect(scene.audited.lines).toMatchObject([
      { by: 'sofia', act: 'contacts-merged', on: landline, detail: { into: eva } },
      { by: 'sofia', act: 'contacts-unmerged', on: landline },
    ]);
  });

  test('are not changed when the audit cannot be written', async () => {
    scene.audited.available = false;
    expect((await merge(landline, { with: 'H-3333-333S' })).statusCode).toBe(503);
    expect(ids(await of(eva))).toEqual(['i1']);
  });

  test('a third one joins both, and takes nobody along when it goes', async () => {
    const mobile = await known('+34600999999', {});
    keep('i4', mobile, abandonedWithOffer.slice(0, 2));
    await merge(landline, { with: 'H-3333-333S' });
    // From anywhere in it: all of it goes into the other.
    const put = await scene.ask('POST', `/api/contacts/${landline}/merge`, {
      as: 'sofia',
      body: { with: 'H-2222-2222' },
    });
    expect(put.statusCode).toBe(409);
    expect((await merge(mobile, { with: 'H-3333-333S' })).json().members).toHaveLength(3);
    expect((await unmerge(mobile)).json().members).toHaveLength(1);
    expect((await of(eva)).members).toHaveLength(2);
  });

  test.each([
    ['with themselves', () => ({ with: 'H-3333-333S' }), 409],
    ['with a stranger', () => ({ with: 'H-4444-444K' }), 404],
    ['with nobody', () => ({}), 400],
    ['with more than a name', () => ({ with: 'x', force: true }), 400],
  ])('%s: refused', async (_title, body, status) => {
    expect((await merge(eva, body())).statusCode).toBe(status);
  });

  test('one that stands alone cannot be taken out', async () => {
    expect((await unmerge(eva)).statusCode).toBe(409);
  });
});
