// What ends a wait without an agent, and where the caller goes then.
import { describe, expect, test } from 'vitest';
import { EVA, openScene } from './scene.js';

describe('the wait is over', () => {
  test('after the longest wait of the queue: on to the overflow, here a voice message', async () => {
    const scene = await openScene();
    const caller = scene.call('1002');
    await scene.advance(31_000);
    expect(scene.facts('left-queue')).toMatchObject([{ queue: 'tired', reason: 'max-wait', waitedMs: 30_000 }]);
    expect(scene.facts('overflowed')).toMatchObject([{ queue: 'tired', to: 'voicemail', cause: 'max-wait' }]);
    await scene.advance(8_000);
    caller.press('#');
    await scene.advance(1_000);
    expect(scene.facts('voicemail-left')).toMatchObject([{ queue: 'tired', path: caller.leg?.recordings[0] }]);
    expect(caller.heard.slice(-2)).toEqual(['voicemail-greeting', 'voicemail-thanks']);
    expect(scene.ends()).toEqual(['voicemail by hilo: message-left']);
    expect(scene.entries()).toEqual([]);
  });

  test('at the key that says so; other keys change nothing', async () => {
    const scene = await openScene();
    const caller = scene.call('1002');
    await scene.advance(5_000);
    caller.press('7');
    await scene.advance(500);
    expect(scene.entries()).toHaveLength(1);
    caller.press('*');
    await scene.advance(500);
    expect(scene.facts('overflowed')).toMatchObject([{ cause: 'exit-key' }]);
    expect(scene.entries()).toEqual([]);
  });

  test.each([
    ['the exit key', 5_000, 'exit-key'],
    ['the longest wait', 30_000, 'max-wait'],
  ] as const)('%s counts also while an agent’s phone rings: it falls silent', async (_name, atMs, reason) => {
    const scene = await openScene({
      centre: (text) => text.replace('skill: nobody, max-wait: 30s', 'skill: support, max-wait: 30s'),
    });
    const caller = scene.call('1002');
    await scene.advance(2_000);
    scene.agentComes('ana');
    scene.network.habits.set('ana-desk', { does: 'nothing' });
    await scene.advance(atMs - 2_000);
    expect(scene.dialled()).toEqual(reason === 'max-wait' ? ['ana-desk: no-answer'] : ['ana-desk: ringing']);
    if (reason === 'exit-key') caller.press('*');
    await scene.advance(1_000);
    expect(scene.facts('overflowed')).toMatchObject([{ queue: 'tired', cause: reason }]);
    expect(scene.entries()).toEqual([]);
  });

  test('the position is said at once and again every so often, with music between', async () => {
    const scene = await openScene();
    const first = scene.call('1002');
    await scene.advance(300);
    const second = scene.call('1002', '+34600999888');
    await scene.advance(11_000);
    expect(first.heard).toEqual([
      'Es usted el siguiente. Enseguida le atendemos.',
      '♪ moh',
      expect.stringContaining('siguiente'),
      '♪ moh',
    ]);
    expect(second.heard[0]).toBe('Gracias por esperar. Ocupa usted el puesto 2.');
  });

  test('a queue that takes nobody: a call-back is promised, and stored before it is said', async () => {
    const scene = await openScene();
    const caller = scene.call('1003');
    await scene.advance(2_000);
    expect(caller.heard).toEqual(['callback-promised']);
    expect(scene.ends()).toEqual(['callback-promised by hilo: queue-full']);
    expect(scene.facts('callback-requested')).toMatchObject([{ number: EVA, queue: 'promised', source: 'overflow' }]);
    expect(scene.state()).toBe('callback-due');
  });

  test('a full queue: one more than fits is told to expect a message', async () => {
    const scene = await openScene();
    const inside = ['1', '2', '3'].map((last) => scene.call('1001', `+3460012312${last}`));
    await scene.advance(500);
    const outside = scene.call('1001', '+34600123124');
    await scene.advance(2_000);
    expect(outside.heard).toEqual(['message-promised']);
    expect(outside.isGone).toBe(true);
    expect(inside.map(({ isGone }) => isGone)).toEqual([false, false, false]);
    expect(scene.messenger.sent.map(({ to }) => to)).toEqual(['+34600123124']);
    expect(scene.ends()).toEqual(['message-sent by hilo: queue-full']);
  });

  test('somebody who withholds the number cannot be written to: a regret', async () => {
    const scene = await openScene();
    const caller = scene.call('1003', '');
    await scene.advance(2_000);
    expect(caller.heard).toEqual(['nobody-free']);
    expect(scene.ends()).toEqual(['refused by hilo: no-number']);
  });

  test('overflow goes on from queue to queue; the time already waited counts', async () => {
    const scene = await openScene();
    const caller = scene.call('1004');
    await scene.advance(11_000);
    scene.agentComes('ana');
    await scene.until('they talk', () => caller.leg?.partner !== undefined);
    const queued = scene.facts('queued');
    expect(queued.map(({ queue }) => queue)).toEqual(['first', 'second', 'support']);
    expect(new Set(queued.map(({ seniorityMs }) => seniorityMs)).size).toBe(1);
    expect(scene.facts('left-queue').map(({ reason }) => reason)).toEqual(['max-wait', 'max-wait', 'connected']);
  });

  test('queues that overflow in a circle: the caller is told after one round', async () => {
    const scene = await openScene();
    const caller = scene.call('1005');
    await scene.advance(15_000);
    expect(caller.heard.at(-1)).toBe('nobody-free');
    expect(scene.facts('queued').map(({ queue }) => queue)).toEqual(['around', 'around-again']);
    expect(scene.ends()).toEqual(['refused by hilo: loop']);
    expect(scene.entries()).toEqual([]);
  });

  test('overflow to an outside number', async () => {
    const scene = await openScene();
    scene.network.habits.set('+34910000001', { does: 'answers', afterMs: 1_000 });
    const caller = scene.call('1007');
    await scene.until('they talk', () => caller.leg?.partner !== undefined);
    caller.hangUp();
    await scene.advance(500);
    expect(scene.facts('call-dialled')).toMatchObject([{ to: '+34910000001', purpose: 'forward' }]);
    expect(scene.ends()).toEqual(['forwarded by customer: hung-up', 'forwarded by customer: hung-up']);
  });
});

describe('a voice message', () => {
  test('most people just hang up when they have spoken', async () => {
    const scene = await openScene();
    const caller = scene.call('1000');
    await scene.advance(1_000);
    caller.press('4');
    await scene.advance(6_000);
    caller.hangUp();
    await scene.advance(500);
    expect(scene.facts('voicemail-left')).toHaveLength(1);
    expect(scene.ends()).toEqual(['voicemail by customer: hung-up']);
    expect(scene.messenger.sent).toEqual([]);
  });

  test('silence is no message', async () => {
    const scene = await openScene();
    const caller = scene.call('1000');
    await scene.advance(1_000);
    caller.press('4');
    await scene.advance(500);
    caller.press('#');
    await scene.advance(1_000);
    expect(scene.facts('voicemail-left')).toEqual([]);
    expect(caller.isGone).toBe(true);
  });

  test('it cannot be stored: it is not acknowledged, and not lost either', async () => {
    const scene = await openScene();
    const caller = scene.call('1002');
    await scene.advance(36_000);
    scene.node.gates.record.state = 'refusing';
    caller.press('#');
    await scene.whileOnDisk('it is over', () => caller.isGone);
    expect(caller.heard).not.toContain('voicemail-thanks');
    expect(caller.heard.at(-1)).toBe('nobody-free');
    scene.node.gates.record.state = 'open';
    await scene.recorded();
    expect(scene.facts('voicemail-left')).toHaveLength(1);
    expect(scene.ends()).toEqual(['refused by hilo: voicemail-failed']);
  });
});

describe('flows have limits', () => {
  test('a flow that goes round in circles ends with a reason', async () => {
    const scene = await openScene({ flows: { 'main.yaml': MENU_FOR_EVER } });
    const caller = scene.call('1000');
    await scene.advance(600_000, 500);
    expect(caller.isGone).toBe(true);
    expect(scene.ends()).toHaveLength(1);
    expect(scene.ends()[0]).toMatch(/too-long-without-input|too-many-steps/);
  });

  test('a flow that sends a message, and one that rings a number', async () => {
    const scene = await openScene();
    scene.network.habits.set('+34910000003', { does: 'refuses', reason: 'busy', afterMs: 500 });
    const caller = scene.call('1000');
    await scene.advance(1_000);
    caller.press('5');
    await scene.advance(2_000);
    expect(scene.messenger.sent.map(({ text }) => text)).toEqual(['Hola']);
    const other = scene.call('1000', '+34600777666');
    await scene.advance(1_000);
    other.press('3');
    await scene.advance(3_000);
    expect(scene.dialled()).toEqual(['+34910000003: busy']);
    expect(other.heard.at(-1)).toBe('Adiós');
  });
});

const MENU_FOR_EVER = `
version: 1
name: main
languages: [es, en]
start: first
steps:
  first: { do: menu, say: { es: Uno, en: One }, wait: 1s, tries: 1, keys: { 1: first }, otherwise: first }
`;
