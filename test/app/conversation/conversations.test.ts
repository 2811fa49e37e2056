// Written conversations in the running centre: what no rule answers reaches a person, and stays with that person until it is over.
import { describe, expect, test } from 'vitest';
import { AWAY_LIMIT_MS } from '../../../src/app/conversation/reception.js';
import { templatesFor } from '../../../src/app/conversation/texts.js';
import { fold } from '../../../src/core/interaction/interaction.js';
import { sampleCentre } from '../../support/sample-centre.js';
import { EVA, LUIS, openScene, type Scene } from '../scene.js';
import { withSupport } from '../texts.js';
import { accepted, conversation, desk, openWriting, taken, worksAt } from './writing-scene.js';

const DAY_MS = 24 * 3_600_000;
const ANA = { name: 'ana', forOthers: false };

describe('what a customer writes', () => {
  test('waits in the queue, is offered by the dispatcher, and is the agent’s until it is closed', async () => {
    const scene = await openWriting({ agents: ['ana'] });
    const interaction = await taken(scene);
    expect(scene.told()).toEqual([
      'interaction-opened',
      'message-received',
      'queued',
      'offered',
      'left-queue',
      'work-taken',
    ]);
    expect(conversation(scene)).toMatchObject({
      state: 'open',
      agent: 'ana',
      address: EVA,
      unread: [expect.any(String)],
    });
    await scene.messenger.receive(EVA, '¿Hola?');
    await scene.advance(200);
    expect(scene.records.interactions).toHaveLength(1);
    expect(conversation(scene)?.unread).toHaveLength(2);
    await desk(scene).send(interaction, { text: ' Dígame ' }, 'ana');
    await scene.advance(200);
    expect(scene.messenger.sent).toMatchObject([{ to: EVA, text: 'Dígame' }]);
    expect(conversation(scene)).not.toHaveProperty('waitingSinceMs');
    await desk(scene).close(interaction, { note: 'resuelto' }, ANA);
    await scene.advance(200);
    expect(worksAt(scene, 'ana')).toEqual([]);
    expect(conversation(scene)).toMatchObject({ state: 'over', unread: [] });
    expect(scene.state()).toBe('idle');
  });

  test('is only recorded where nobody is named to answer it', async () => {
    const scene = await openScene({ agents: ['ana'] });
    await scene.messenger.receive(EVA, 'Hola');
    await scene.advance(1_000);
    expect(scene.told()).toEqual(['interaction-opened', 'message-received']);
  });

  test('again after the end is a new conversation in the same matter', async () => {
    const scene = await openWriting({ agents: ['ana'] });
    const first = await taken(scene);
    await desk(scene).close(first, {}, ANA);
    await scene.advance(200);
    expect(await taken(scene, 'ana', 'Una cosa más')).toBe(first);
    expect(conversation(scene)).toMatchObject({ state: 'open', unread: [expect.any(String)] });
  });

  test('of several customers comes to one agent up to what the centre allows, and no call waits for it', async () => {
    const scene = await openWriting({ agents: ['ana'] });
    for (let count = 1; count <= 5; count += 1) await scene.messenger.receive(`+3460000000${count}`, 'Hola');
    await scene.advance(1_000);
    expect(worksAt(scene, 'ana')).toHaveLength(4);
    scene.call('1001', LUIS);
    await scene.until('Ana talks', () => scene.agentStates()['ana'] === 'busy');
  });

  test('twice by a provider that was not told in time is one message', async () => {
    const scene = await openWriting();
    const remember = scene.records.rememberMessage.bind(scene.records);
    scene.records.rememberMessage = () => Promise.reject(new Error('cut off'));
    await expect(scene.messenger.receive(EVA, 'Hola', 'same')).rejects.toThrow('cut off');
    scene.records.rememberMessage = remember;
    await scene.messenger.receive(EVA, 'Hola', 'same');
    await scene.advance(200);
    expect(scene.facts('message-received')).toHaveLength(1);
    expect(scene.entries()).toHaveLength(1);
  });
});

describe('an offered call-back', () => {
  async function offered() {
    const scene = await openWriting();
    const caller = scene.call('1001');
    await scene.advance(8_000);
    caller.hangUp();
    await scene.until('the offer is out', () => scene.messenger.sent.length === 1);
    return scene;
  }

  test('that is accepted bothers no agent', async () => {
    const scene = await offered();
    await scene.messenger.receive(EVA, '1');
    await scene.advance(500);
    expect(scene.facts('callback-requested')).toHaveLength(1);
    expect(scene.facts('queued').filter(({ kind }) => kind === 'message')).toEqual([]);
  });

  test('whose answer nobody understands is read by a person after two tries', async () => {
    const scene = await offered();
    for (const text of ['mi factura está mal', 'que está mal', 'la factura']) await scene.messenger.receive(EVA, text);
    await scene.advance(500);
    expect(scene.messenger.sent.map(({ text }) => text).filter((text) => text.startsWith('Perdone'))).toHaveLength(2);
    expect(scene.facts('queued').filter(({ kind }) => kind === 'message')).toHaveLength(1);
    expect(scene.entries().find(({ kind }) => kind === 'message')).toMatchObject({
      title: 'la factura',
      customer: EVA,
    });
  });

  test('is not accepted by a “sí” that is said to the agent', async () => {
    const scene = await offered();
    for (const text of ['mi factura está mal', 'que está mal', 'la factura']) await scene.messenger.receive(EVA, text);
    scene.agentComes('ana');
    const interaction = await accepted(scene);
    await desk(scene).send(interaction, { text: '¿Es la de enero?' }, 'ana');
    await scene.messenger.receive(EVA, 'sí');
    await scene.advance(500);
    expect(scene.facts('callback-requested')).toEqual([]);
    await scene.messenger.receive(EVA, 'BAJA');
    await scene.advance(500);
    expect(scene.facts('callback-ended')).toMatchObject([{ reason: 'consent-withdrawn' }]);
  });
});

describe('an answer', () => {
  test('sent twice by an impatient hand is one', async () => {
    const scene = await openWriting({ agents: ['ana'] });
    const interaction = await taken(scene);
    const id = '6a7c1d4e-0000-4000-8000-000000000001';
    const reply = { id, text: 'Dígame' };
    await Promise.all([desk(scene).send(interaction, reply, 'ana'), desk(scene).send(interaction, reply, 'ana')]);
    expect(await desk(scene).send(interaction, reply, 'ana')).toBe(id);
    await scene.advance(500);
    expect(scene.facts('message-queued')).toHaveLength(1);
    expect(scene.messenger.sent).toHaveLength(1);
  });

  test('goes to nobody else’s customer', async () => {
    const scene = await openWriting({ agents: ['ana', 'bruno'] });
    const interaction = await taken(scene);
    await expect(desk(scene).send(interaction, { text: 'Yo' }, 'bruno')).rejects.toMatchObject({ code: 'not-allowed' });
    await expect(desk(scene).close(interaction, {}, { ...ANA, name: 'bruno' })).rejects.toMatchObject({
      code: 'not-allowed',
    });
    await expect(desk(scene).send('nothing', { text: 'Yo' }, 'ana')).rejects.toMatchObject({ code: 'not-found' });
  });

  test('is refused after 24 hours, and a template goes', async () => {
    const scene = await openWriting({ agents: ['ana'] });
    const interaction = await taken(scene);
    scene.clock.advance(DAY_MS);
    await scene.settle();
    await expect(desk(scene).send(interaction, { text: 'Perdón' }, 'ana')).rejects.toMatchObject({
      code: 'window-closed',
    });
    const template = { name: 'again', language: 'es', values: { day: ' martes\n13 ' } };
    await desk(scene).send(interaction, { template }, 'ana');
    await scene.advance(500);
    const { reference } = scene.facts('interaction-opened')[0] ?? { reference: '' };
    expect(scene.messenger.sent.at(-1)).toMatchObject({
      text: `Asunto ${reference}, hasta el martes 13`,
      template: { name: 'hilo_again', parameters: [reference, 'martes 13'], always: true },
    });
    await scene.messenger.receive(EVA, 'Vale');
    await desk(scene).send(interaction, { text: 'Gracias' }, 'ana');
  });

  test('by a template needs what it fills in, in a language that it has', async () => {
    const scene = await openWriting({ agents: ['ana'] });
    const interaction = await taken(scene);
    const send = (template: { name: string; language: string; values?: Record<string, string> }) =>
      desk(scene).send(interaction, { template }, 'ana');
    const invalid = { code: 'invalid-input' };
    await expect(send({ name: 'again', language: 'es' })).rejects.toMatchObject(invalid);
    await expect(send({ name: 'again', language: 'fr', values: { day: 'lunes' } })).rejects.toMatchObject(invalid);
    await expect(send({ name: 'constructor', language: 'es' })).rejects.toMatchObject(invalid);
    await expect(send({ name: 'again', language: 'toString', values: { day: 'x' } })).rejects.toMatchObject(invalid);
    expect(scene.facts('message-queued')).toEqual([]);
  });

  test('by a template shows what is to be filled in, with its labels', () => {
    const places = () => ({ agent: 'Ana', reference: 'H-1' });
    const [appointment] = templatesFor(sampleCentre(), 'support', places).filter(({ name }) => name === 'appointment');
    expect(appointment).toMatchObject({
      fields: ['day', 'time'],
      labels: { day: { es: 'Día', en: 'Day' }, time: { es: 'Hora', en: 'Time' } },
      text: { es: 'Le esperamos el {day} a las {time}. Referencia: H-1' },
    });
  });

  test('that the provider refuses says why', async () => {
    const scene = await openWriting({ agents: ['ana'] });
    const interaction = await taken(scene);
    scene.messenger.refusals.push('message-refused');
    await desk(scene).send(interaction, { text: 'Dígame' }, 'ana');
    await scene.advance(500);
    expect(scene.facts('message-status')).toMatchObject([{ status: 'failed', reason: 'as the test wants it' }]);
  });

  test('is not begun when the record is away', async () => {
    const scene = await openWriting({ agents: ['ana'] });
    const interaction = await taken(scene);
    scene.node.gates.record.state = 'refusing';
    const sending = desk(scene).send(interaction, { text: 'Dígame' }, 'ana');
    await expect(sending).rejects.toMatchObject({ code: 'store-unavailable' });
    expect(scene.messenger.sent).toEqual([]);
  });
});

describe('the end', () => {
  const CODES = 'dispositions: { required: true, codes: { bill: { es: Factura, en: Bill } } }';

  test('is not reached without the code that its queue wants, by whichever door', async () => {
    const scene = await openWriting(withSupport(CODES, { agents: ['ana'] }));
    const interaction = await taken(scene);
    const [{ entry } = { entry: '' }] = worksAt(scene, 'ana');
    const wanted = { code: 'wrong-state', detail: expect.stringContaining('/close: bill') };
    await expect(desk(scene).close(interaction, {}, ANA)).rejects.toMatchObject(wanted);
    await expect(desk(scene).finish(entry, ANA)).rejects.toMatchObject(wanted);
    expect(conversation(scene)?.state).toBe('open');
    await desk(scene).close(interaction, { code: 'bill' }, ANA);
    await scene.advance(200);
    expect(scene.facts('disposition-set')).toMatchObject([{ code: 'bill', queue: 'support' }]);
    expect(conversation(scene)?.state).toBe('over');
  });

  test('by its entry where no code is wanted; what is no conversation is left to others', async () => {
    const scene = await openWriting({ agents: ['ana'] });
    await taken(scene);
    const [{ entry } = { entry: '' }] = worksAt(scene, 'ana');
    expect(await desk(scene).finish('another', ANA)).toBe(false);
    expect(await desk(scene).finish(entry, ANA)).toBe(true);
    await scene.advance(200);
    expect(conversation(scene)?.state).toBe('over');
  });
});

describe('who was lost by telephone and is served in writing', () => {
  /** Nobody may be written to by itself: nothing is offered to whoever hangs up. */
  const unasked = (text: string): string => text.replace('consent: implied', 'consent: required');

  async function abandons(scene: Scene): Promise<void> {
    const caller = scene.call('1001');
    await scene.advance(8_000);
    caller.hangUp();
    await scene.advance(500);
  }
  async function answers(scene: Scene, interaction: string): Promise<void> {
    await desk(scene).send(interaction, { text: 'Ya está' }, 'ana');
    await desk(scene).close(interaction, {}, ANA);
    await scene.advance(500);
  }

  test('is got back, and nobody calls them for it any more', async () => {
    const scene = await openWriting({ centre: unasked });
    await abandons(scene);
    expect(fold(scene.events(0)).lost).toMatchObject({ state: 'open' });
    scene.agentComes('ana');
    await answers(scene, await taken(scene));
    expect(fold(scene.events(0)).lost).toMatchObject({ state: 'recovered', by: 'message' });
    expect(await scene.records.lostMatters({ state: 'open', limit: 9 })).toEqual([]);
  });

  test('also in another matter', async () => {
    const scene = await openWriting({ centre: unasked });
    await abandons(scene);
    const lost = await scene.node.centre.interactions.resume(fold(scene.events(0)).id);
    await lost.record({ type: 'interaction-closed', data: { reason: 'nothing-open' } });
    scene.agentComes('ana');
    await answers(scene, await taken(scene));
    expect(scene.records.interactions).toHaveLength(2);
    expect(fold(scene.events(0)).lost).toMatchObject({ state: 'recovered', by: 'message' });
    expect(scene.facts('recovered-elsewhere')).toMatchObject([{ by: 'message' }]);
  });
});

test('what was read is unread no more, up to there', async () => {
  const scene = await openWriting({ agents: ['ana'] });
  const interaction = await taken(scene);
  await scene.messenger.receive(EVA, 'dos');
  await scene.messenger.receive(EVA, 'tres');
  const [, second = '', third = ''] = conversation(scene)?.unread ?? [];
  await desk(scene).read(interaction, second, 'ana');
  expect(conversation(scene)?.unread).toEqual([third]);
  await desk(scene).read(interaction, second, 'ana');
  expect(scene.facts('messages-read')).toHaveLength(1);
});

describe('passed on', () => {
  test('to an agent it is offered to that agent alone, with the note', async () => {
    const scene = await openWriting({ agents: ['ana', 'bruno'] });
    const interaction = await taken(scene);
    await desk(scene).transfer(interaction, { agent: 'bruno', note: 'es de ventas' }, ANA);
    await scene.until('Bruno is offered it', () => worksAt(scene, 'bruno').length === 1);
    expect(worksAt(scene, 'ana')).toEqual([]);
    await accepted(scene, 'bruno');
    expect(conversation(scene)).toMatchObject({
      ...{ state: 'open', agent: 'bruno', handover: { by: 'ana', note: 'es de ventas' } },
      unread: [expect.any(String)],
    });
    await expect(desk(scene).send(interaction, { text: 'x' }, 'ana')).rejects.toMatchObject({ code: 'not-allowed' });
    await desk(scene).send(interaction, { text: 'Soy Bruno' }, 'bruno');
  });

  test('to an agent of another queue it goes through that queue; to one who has it, or serves none of it, not', async () => {
    const scene = await openWriting({ agents: ['ana', 'carla'] });
    const interaction = await taken(scene);
    const transfer = (to: { agent?: string; queue?: string }) => desk(scene).transfer(interaction, to, ANA);
    await expect(transfer({ agent: 'ana' })).rejects.toMatchObject({ code: 'invalid-input' });
    await expect(transfer({ agent: 'carla', queue: 'support' })).rejects.toMatchObject({ code: 'invalid-input' });
    await expect(transfer({ agent: 'nobody' })).rejects.toMatchObject({ code: 'not-found' });
    await expect(transfer({ queue: 'nowhere' })).rejects.toMatchObject({ code: 'not-found' });
    await transfer({ agent: 'carla' });
    await accepted(scene, 'carla');
    expect(conversation(scene)).toMatchObject({ agent: 'carla', queue: 'recorded' });
  });

  test('to the queue it is anybody’s again, also when the node dies between the record and the floor', async () => {
    const scene = await openWriting({ agents: ['ana'], nodes: ['n1', 'n2'] });
    const interaction = await taken(scene);
    scene.node.gates.live.state = 'refusing';
    await desk(scene).transfer(interaction, { queue: 'support' }, ANA);
    scene.node.kill();
    await scene.advance(180_000);
    expect(scene.facts('work-passed')).toHaveLength(1);
    const held = worksAt(scene, 'ana');
    expect(held.filter(({ state }) => state === 'open')).toEqual([]);
    expect([...held, ...scene.entries()].length).toBeGreaterThan(0);
  });
});

describe('the agent who is gone', () => {
  test('for two minutes loses whoever waits for an answer to the queue', async () => {
    const scene = await openWriting({ agents: ['ana'] });
    await taken(scene);
    scene.network.unregister('ana-desk');
    await scene.advance(AWAY_LIMIT_MS / 2);
    expect(conversation(scene)?.state).toBe('open');
    await scene.advance(AWAY_LIMIT_MS + 60_000);
    expect(conversation(scene)?.state).toBe('waiting');
    expect(scene.facts('work-passed')).toMatchObject([{ from: 'ana', reason: 'agent-left' }]);
    scene.agentComes('bruno');
    await accepted(scene, 'bruno');
    expect(conversation(scene)).toMatchObject({ state: 'open', agent: 'bruno' });
  });

  test('is not waited for when the customer writes again', async () => {
    const scene = await openWriting({ agents: ['ana'] });
    const interaction = await taken(scene);
    await desk(scene).send(interaction, { text: 'Hasta mañana' }, 'ana');
    scene.network.unregister('ana-desk');
    await scene.advance(500);
    await scene.messenger.receive(EVA, '¿Sigue ahí?');
    await scene.until('it waits', () => scene.entries().length === 1);
    expect(conversation(scene)?.state).toBe('waiting');
  });
});

test('a conversation outlives the live store’s memory and the death of its node', async () => {
  const scene = await openWriting({ agents: ['ana'], nodes: ['n1', 'n2'] });
  const interaction = await taken(scene);
  scene.node.kill();
  await scene.advance(5_000);
  scene.live.flushAll();
  await scene.until('Ana has it again', () => worksAt(scene, 'ana').some(({ state }) => state === 'open'), 180_000);
  const [, second] = scene.nodes;
  if (second === undefined) throw new Error('there are two nodes');
  await desk(scene, second).send(interaction, { text: 'Sigo aquí' }, 'ana');
});

test('the same person is called with one click, in the same matter', async () => {
  const scene = await openWriting({ agents: ['ana', 'bruno'] });
  scene.network.habits.set(EVA, { does: 'answers', afterMs: 1_000 });
  const interaction = await taken(scene);
  await desk(scene).call(interaction, 'ana');
  await scene.until('they talk', () => scene.facts('connected').length === 1);
  expect(scene.facts('connected')).toMatchObject([{ agent: 'ana' }]);
  expect(scene.records.interactions).toHaveLength(1);
  await desk(scene).send(interaction, { text: 'Le escribo a la vez' }, 'ana');
  expect(conversation(scene)).toMatchObject({ state: 'open', agent: 'ana' });
});
