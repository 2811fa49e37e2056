// The chat in the running centre: visitors wait, are answered, are told how it stands at any node, and are called in the same matter.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ChatState } from '../../../src/app/chat/chat-matters.js';
import { ChatChannel } from '../../../src/channels/chat/chat.js';
import { fold } from '../../../src/core/interaction/interaction.js';
import { FakeAttachments } from '../../support/fakes/attachments.js';
import { FakeChatStore } from '../../support/fakes/chat-store.js';
import { accepted, desk, withConversations } from '../conversation/writing-scene.js';
import { EVA as NUMBER, openScene, type Scene } from '../scene.js';

const EVA = 'e'.repeat(43);
const LUIS = 'l'.repeat(43);
const FROM = '203.0.113.7';
const ANA = { name: 'ana', forOthers: false };
const CHAT = `
chat:
  greeting: { es: Hola, en: Hello }
  hours: office
`;

let folder: string;
let shared: FakeAttachments;
let store: FakeChatStore;
let chats: Map<string, ChatChannel>;
let told: ChatState[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hilo-chat-'));
  shared = new FakeAttachments();
  store = new FakeChatStore();
  chats = new Map();
  told = [];
});
afterEach(async () => {
  for (const chat of chats.values()) await chat.close();
  await rm(folder, { recursive: true });
});

function openChat(nodes: readonly string[] = ['n1', 'n2']): Promise<Scene> {
  return openScene({
    ...{ nodes, agents: ['ana'] },
    centre: (text) => withConversations(text).replace('\nagents:', `${CHAT}\nagents:`),
    channels({ clock, ids, log, letters }, node) {
      const chat = new ChatChannel({ store, shared, letters, node, folder: join(folder, node), clock, ids, log });
      chats.set(node, chat);
      return [chat];
    },
  });
}

function chat(node = 'n1'): ChatChannel {
  const found = chats.get(node);
  if (found === undefined) throw new Error(`no node ${node}`);
  return found;
}

const writes = (text: string, token = EVA, writer: object = {}) =>
  chat().write(token, { id: `${text}-id`, text, from: FROM, writer });
const matters = (scene: Scene, at = 0) => scene.nodes[at]?.centre.chatMatters ?? scene.node.centre.chatMatters;
/** At the node that does nothing else. */
const watch = (scene: Scene, token = EVA) =>
  matters(scene, 1).watch(chat().addressOf(token), (state) => told.push(state));
const talks = () => told.map(({ talk }) => talk);
/** As far as there was a place. */
const places = () => talks().flatMap((talk) => (talk.state === 'waiting' ? (talk.ahead ?? []) : []));

describe('a visitor', () => {
  test('waits, is told who answers at another node, gets the answer, and that it is over', async () => {
    const scene = await openChat();
    await writes('Hola', EVA, { name: 'Eva', number: NUMBER, language: 'en' });
    watch(scene);
    const interaction = await accepted(scene);
    await scene.advance(500);
    await desk(scene).send(interaction, { text: 'Dígame' }, 'ana');
    await scene.advance(500);
    await desk(scene).close(interaction, {}, ANA);
    await scene.advance(500);
    expect(talks()[0]).toMatchObject({ state: 'waiting' });
    expect(talks()).toContainEqual({ state: 'talking', agent: 'Ana' });
    expect(talks().at(-1)).toEqual({ state: 'over' });
    const lines = await store.lines(chat().addressOf(EVA), 0, 10);
    expect(lines.map(({ direction, text }) => `${direction} ${text}`)).toEqual(['in Hola', 'out Dígame']);
    expect(scene.facts('message-status').map(({ status }) => status)).toEqual(['sent']);
  });

  test('is told how many are ahead, as they become fewer', async () => {
    const scene = await openChat();
    for (let count = 0; count < 4; count += 1) await writes(`Hola ${count}`, String(count).repeat(43));
    for (let count = 0; count < 4; count += 1) await accepted(scene);
    await writes('Antes', LUIS);
    await scene.advance(1_000);
    await writes('Hola');
    watch(scene);
    await scene.advance(1_000);
    expect(places()).toEqual([1]);
    const first = scene.records.interactions[0]?.summary.id ?? '';
    await desk(scene).close(first, {}, ANA);
    await accepted(scene);
    await scene.advance(2_000);
    expect(places()).toEqual([1, 0]);
  });

  test('is somebody else than whoever has the number, which is kept as said, and called by the agent', async () => {
    const scene = await openChat();
    await scene.messenger.receive(NUMBER, 'Soy Eva');
    await accepted(scene);
    await writes('Hola', EVA, { name: 'Eva', number: NUMBER });
    const interaction = await accepted(scene);
    const [known, visitor] = scene.records.interactions.map(({ events }) => fold(events));
    expect(visitor?.contact).not.toBe(known?.contact);
    expect(visitor?.conversation).toMatchObject({ channel: 'chat', number: NUMBER, state: 'open' });
    await desk(scene).call(interaction, 'ana');
    await scene.until('Eva is called', () => scene.network.rung.some(({ phone }) => phone === NUMBER));
  });

  test('without a number cannot be called', async () => {
    const scene = await openChat();
    await writes('Hola');
    const interaction = await accepted(scene);
    await expect(desk(scene).call(interaction, 'ana')).rejects.toMatchObject({ code: 'wrong-state' });
  });

  test('who writes “sí” or “no” answers nobody but people: the call-back stays as it is', async () => {
    const scene = await openChat();
    await writes('Hola');
    await matters(scene).callMe(chat().addressOf(EVA), NUMBER);
    await desk(scene).close(await accepted(scene), {}, ANA);
    for (const text of ['sí', 'no', '1', 'baja']) await writes(text);
    await scene.advance(500);
    expect(scene.records.interactions).toHaveLength(1);
    expect(scene.facts('callback-ended')).toEqual([]);
    expect(scene.facts('message-queued')).toEqual([]);
  });
});

describe('the wish to be called', () => {
  test('is stored in the matter in which they write, and told', async () => {
    const scene = await openChat();
    await writes('Hola');
    watch(scene);
    await matters(scene).callMe(chat().addressOf(EVA), '600 123 123');
    expect(scene.told()).toContain('callback-requested');
    await scene.advance(500);
    expect(scene.records.interactions).toHaveLength(1);
    expect(told.at(-1)).toMatchObject({ callBack: { number: NUMBER } });
  });

  test('without a word begins a matter; asked for twice it is one', async () => {
    const scene = await openChat();
    const address = chat().addressOf(EVA);
    await matters(scene).callMe(address, NUMBER);
    await scene.advance(500);
    await matters(scene, 1).callMe(address, NUMBER);
    expect(scene.records.interactions).toHaveLength(1);
    expect(fold(scene.events(0)).callback).toMatchObject({ number: NUMBER });
  });

  test.each([
    ['a number that costs', '803123123'],
    ['no number', 'my phone'],
    ['a visitor', 'web-abcdefghijklmnopabcdefgh'],
  ])('at %s is refused, and nothing is promised', async (_case, number) => {
    const scene = await openChat(['n1']);
    await writes('Hola');
    await expect(matters(scene).callMe(chat().addressOf(EVA), number)).rejects.toMatchObject({ code: 'not-allowed' });
    expect(scene.facts('callback-requested')).toEqual([]);
  });

  test('at one number is promised so often a day, whoever asks', async () => {
    const scene = await openChat(['n1']);
    const most = scene.node.centre.centre().recovery.promisesPerNumberPerDay ?? 0;
    for (let count = 0; count < most; count += 1) {
      await matters(scene).callMe(chat().addressOf(String(count).repeat(43)), NUMBER);
    }
    await expect(matters(scene).callMe(chat().addressOf(EVA), NUMBER)).rejects.toMatchObject({
      code: 'too-many-requests',
    });
  });
});

test('hours: open, and closed until', async () => {
  const scene = await openChat(['n1']);
  expect(matters(scene).opening()).toEqual({ open: true });
  // Monday, 9:00 UTC.
  await scene.advance(14 * 3_600_000, 3_600_000);
  const opening = matters(scene).opening();
  expect(opening).toMatchObject({ open: false, opensAtMs: expect.any(Number) });
});
