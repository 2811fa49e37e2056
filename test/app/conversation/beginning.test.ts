// Agents write first: with whom they may, in whose matter, and what becomes of it.
import { describe, expect, test } from 'vitest';
import type { NewConversation } from '../../../src/app/conversation/beginning.js';
import { EVA, LUIS, openScene, type Scene } from '../scene.js';
import { accepted, conversation, desk, openWriting, taken, worksAt } from './writing-scene.js';

const begin = (scene: Scene, wanted: NewConversation, agent = 'ana'): Promise<string> =>
  scene.node.centre.conversations.beginning.begin(wanted, agent);
const why = (reason: string) => ({ why: expect.objectContaining({ reason }) });

test('a number is written to, by a template at first, freely once the customer answers, in one matter', async () => {
  const scene = await openWriting({ agents: ['ana', 'bruno'] });
  const interaction = await begin(scene, { number: EVA });
  await scene.advance(200);
  expect(worksAt(scene, 'ana')).toMatchObject([{ state: 'open', kind: 'message', interaction }]);
  expect(conversation(scene)).toMatchObject({ state: 'open', agent: 'ana', address: EVA, unread: [] });
  expect(scene.state()).toBe('active');
  await expect(desk(scene).send(interaction, { text: 'Hola' }, 'ana')).rejects.toMatchObject({ code: 'window-closed' });
  const template = { name: 'again', language: 'es', values: { day: 'martes' } };
  await desk(scene).send(interaction, { template }, 'ana');
  await scene.advance(500);
  expect(scene.messenger.sent).toMatchObject([{ to: EVA, template: { name: 'hilo_again' } }]);

  await scene.messenger.receive(EVA, 'Sí, dígame');
  await scene.advance(500);
  expect(scene.records.interactions).toHaveLength(1);
  expect(scene.entries()).toEqual([]);
  expect(conversation(scene)).toMatchObject({ agent: 'ana', unread: [expect.any(String)] });
  await desk(scene).send(interaction, { text: 'Es por la factura' }, 'ana');
  await desk(scene).close(interaction, {}, { name: 'ana', forOthers: false });
  await scene.advance(500);
  expect(worksAt(scene, 'ana')).toEqual([]);
  expect(conversation(scene)?.state).toBe('over');
});

test('it can be passed on like any other, and outlives the live store’s memory', async () => {
  const scene = await openWriting({ agents: ['ana', 'bruno'] });
  const interaction = await begin(scene, { number: EVA });
  scene.live.flushAll();
  await scene.until('Ana has it again', () => worksAt(scene, 'ana').length === 1, 180_000);
  await desk(scene).transfer(interaction, { agent: 'bruno' }, { name: 'ana', forOthers: false });
  await accepted(scene, 'bruno');
  expect(conversation(scene)).toMatchObject({ state: 'open', agent: 'bruno' });
});

describe('the matter', () => {
  test('of an abandoned call goes on in writing', async () => {
    const scene = await openWriting();
    const caller = scene.call('1001', EVA);
    await scene.advance(8_000);
    caller.hangUp();
    await scene.advance(2_000);
    scene.agentComes('ana');
    await scene.advance(500);
    const interaction = await begin(scene, { number: EVA });
    expect(scene.records.interactions).toHaveLength(1);
    expect(await begin(scene, { interaction })).toBe(interaction);
    expect(scene.facts('conversation-begun')).toMatchObject([{ agent: 'ana', queue: 'support', address: EVA }]);
  });

  test('that a colleague writes in, or in which the customer waits, is not taken away', async () => {
    const scene = await openWriting({ agents: ['ana'] });
    await taken(scene);
    scene.agentComes('bruno');
    await scene.advance(500);
    await expect(begin(scene, { number: EVA }, 'bruno')).rejects.toMatchObject({
      why: { reason: 'taken', agent: 'ana' },
    });
    const later = await openWriting();
    await later.messenger.receive(EVA, 'Hola');
    await later.advance(500);
    await expect(begin(later, { number: EVA })).rejects.toMatchObject(why('conversation-waits'));
  });
});

describe('is refused', () => {
  test.each<[string, NewConversation, string]>([
    ['to a number that may not be dialled', { number: '+4915112345678' }, 'prefix-not-allowed'],
    ['to nothing', { number: '' }, 'not-a-number'],
    ['by a channel that is not there', { number: EVA, channel: 'whatsapp' }, 'no-channel'],
    ['by the telephone', { number: EVA, channel: 'voice' }, 'no-channel'],
  ])('%s', async (_what, wanted, reason) => {
    const scene = await openWriting({ agents: ['ana'] });
    await expect(begin(scene, wanted)).rejects.toMatchObject(why(reason));
    expect(scene.facts('conversation-begun')).toEqual([]);
  });

  test('to who has not agreed to it, where the centre wants that', async () => {
    const centre = (text: string) => text.replace('consent: implied', 'consent: required');
    const scene = await openWriting({ agents: ['ana'], centre });
    await expect(begin(scene, { number: EVA })).rejects.toMatchObject(why('no-consent'));
  });

  test('to who wants no messages', async () => {
    const scene = await openWriting({ agents: ['ana'] });
    await scene.messenger.receive(LUIS, 'BAJA');
    await scene.advance(500);
    await expect(begin(scene, { number: LUIS })).rejects.toMatchObject(why('consent-withdrawn'));
  });

  test('to an agent who is away, is none, or has enough', async () => {
    const scene = await openWriting({ agents: ['ana'] });
    await expect(begin(scene, { number: EVA }, 'bruno')).rejects.toMatchObject(why('not-at-work'));
    await expect(begin(scene, { number: EVA }, 'nobody')).rejects.toMatchObject(why('not-an-agent'));
    for (let count = 1; count <= 4; count += 1) await begin(scene, { number: `+3460000000${count}` });
    await expect(begin(scene, { number: EVA })).rejects.toMatchObject(why('conversations-full'));
  });

  test('where nothing is written', async () => {
    const scene = await openScene({ agents: ['ana'] });
    await expect(begin(scene, { number: EVA })).rejects.toMatchObject(why('no-channel'));
  });
});
