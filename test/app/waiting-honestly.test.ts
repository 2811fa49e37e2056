// What a waiting caller is told, and every way out of a queue at any moment of the wait.
import { describe, expect, test } from 'vitest';
import { EMPTY_FOR_MS } from '../../src/app/waiting/patience.js';
import { LEARN_EVERY_MS } from '../../src/app/waiting/wait-history.js';
import { EVA, LUIS, openScene, type Scene, type SceneOptions } from './scene.js';

const MINUTE_MS = 60_000;
const TIRED = "skill: nobody, max-wait: 30s, exit-key: '*', announce: 10s, overflow: voicemail }";

/** The queue behind 1002 with other rules, and texts that it may say. */
function tired(rules: string, options: SceneOptions = {}): SceneOptions {
  const texts = `
  comfort: { es: Tranquilos, en: Calm down }
  adverts: { es: Compre algo, en: Buy something }`;
  return {
    ...options,
    centre: (text) => {
      const changed = text.replace(TIRED, `${rules} }`).replace('\ntexts:', `\ntexts:${texts}`);
      expect(changed).not.toBe(text);
      return options.centre?.(changed) ?? changed;
    },
  };
}

const EXITS =
  "skill: support, max-wait: 10m, exit-key: '*', exits: { 1: callback, 2: voicemail, 3: message, 4: { queue: support } }, overflow: hangup";

/** Eva has waited for five seconds. */
async function waiting(rules = EXITS, options: SceneOptions = {}, from = EVA) {
  const scene = await openScene(tired(rules, options));
  const caller = scene.call('1002', from);
  await scene.advance(5_000);
  return { scene, caller };
}

describe('every key has its own way out', () => {
  test('a call-back: stored before it is said, at the place of the wait, dialled when the line is free', async () => {
    const { scene, caller } = await waiting();
    const [entry] = scene.entries();
    const stored = scene.facts('callback-requested').length;
    caller.press('1');
    await scene.until('it is said', () => caller.heard.includes('callback-promised'));
    expect([stored, scene.facts('callback-requested').length]).toEqual([0, 1]);
    expect(scene.facts('callback-requested')).toMatchObject([
      { number: EVA, queue: 'tired', seniorityMs: entry?.seniorityMs, source: 'overflow' },
    ]);
    expect(scene.facts('overflowed')).toMatchObject([{ queue: 'tired', to: 'callback', cause: 'exit-key' }]);
    scene.network.habits.set(EVA, { does: 'answers', afterMs: 1_000 });
    scene.agentComes('ana');
    await scene.until('she hung up', () => caller.isGone);
    await scene.until('they talk', () => scene.network.talking(EVA)?.partner !== undefined);
    expect(scene.ends()[0]).toBe('callback-promised by hilo: exit-key');
    expect(scene.facts('queued').map(({ kind, seniorityMs }) => [kind, seniorityMs])).toEqual([
      ['call', entry?.seniorityMs],
      ['callback', entry?.seniorityMs],
    ]);
  });

  test('nobody is called back while still on the line', async () => {
    const { scene, caller } = await waiting(EXITS.replace('overflow: hangup', 'overflow: callback'));
    scene.node.telephony.legs[0]?.heard.splice(0);
    caller.press('1');
    scene.agentComes('ana');
    await scene.until('it is said', () => caller.heard.includes('callback-promised'));
    expect(scene.dialled()).toEqual([]);
  });

  test.each([
    ['2', 'voicemail-greeting'],
    ['3', 'message-promised'],
  ])('%s: %s', async (key, heard) => {
    const { scene, caller } = await waiting();
    caller.press(key);
    await scene.advance(1_000);
    expect(caller.heard).toContain(heard);
    expect(scene.entries()).toEqual([]);
    expect(scene.facts('left-queue')).toMatchObject([{ reason: 'exit-key' }]);
  });

  test('another queue, where the time already waited counts', async () => {
    const { scene, caller } = await waiting();
    const [before] = scene.entries();
    caller.press('4');
    await scene.advance(500);
    expect(scene.entries()).toMatchObject([{ queue: 'support', seniorityMs: before?.seniorityMs }]);
  });

  test('the exit key leads to the overflow as ever, and other keys nowhere', async () => {
    const { scene, caller } = await waiting();
    caller.press('7');
    await scene.advance(500);
    expect(scene.entries()).toHaveLength(1);
    caller.press('*');
    await scene.advance(1_000);
    expect(scene.ends()).toEqual(['refused by hilo: exit-key']);
  });
});

describe('a way out that is not possible leaves the caller where they are', () => {
  test('a withheld number cannot be called back: so it is said, and the place is kept', async () => {
    const { scene, caller } = await waiting(EXITS, {}, '');
    const before = scene.entries();
    caller.press('1');
    await scene.advance(1_000);
    expect(caller.heard.at(-2)).toBe('exit-impossible');
    expect(caller.heard.at(-1)).toBe('♪ moh');
    expect(scene.entries()).toEqual(before);
    scene.agentComes('ana');
    await scene.until('they talk', () => caller.leg?.partner !== undefined);
  });

  test('the record is away: nothing is promised', async () => {
    const { scene, caller } = await waiting();
    scene.node.gates.record.state = 'refusing';
    caller.press('1');
    await scene.whileOnDisk('it is said', () => caller.heard.includes('exit-impossible'));
    expect(caller.heard).not.toContain('callback-promised');
    expect(scene.entries()).toHaveLength(1);
    expect(caller.isGone).toBe(false);
  });
});

describe('at any moment', () => {
  test('in the middle of an announcement: it is cut off', async () => {
    const { scene, caller } = await waiting(`${EXITS}, announce: 10s`);
    await scene.until('it is being said', () => caller.heard.length === 3);
    caller.press('2');
    await scene.advance(100);
    // The prompt lasts for 200 ms.
    expect(caller.heard.at(-1)).toBe('voicemail-greeting');
  });

  test('while an agent’s phone rings: it falls silent, and nobody is promised a call-back and connected as well', async () => {
    const { scene, caller } = await waiting();
    scene.agentComes('ana');
    scene.network.habits.set('ana-desk', { does: 'nothing' });
    await scene.until('it rings', () => scene.network.ringing('ana-desk') !== undefined);
    caller.press('1');
    await scene.advance(100);
    expect(scene.dialled()[0]).toBe('ana-desk: withdrawn');
    expect(scene.facts('callback-requested')).toHaveLength(1);
    expect(caller.leg?.partner).toBeUndefined();
    expect(scene.facts('offer-withdrawn')).toMatchObject([{ reason: 'exit-key' }]);
  });

  test('the agent answers in the very moment of the key: the key decides', async () => {
    const { scene, caller } = await waiting();
    scene.agentComes('ana');
    scene.network.habits.set('ana-desk', { does: 'nothing' });
    await scene.until('it rings', () => scene.network.ringing('ana-desk') !== undefined);
    caller.press('1');
    scene.network.ringing('ana-desk')?.answer();
    await scene.advance(1_000);
    expect(scene.facts('connected')).toEqual([]);
    expect(scene.facts('callback-requested')).toHaveLength(1);
    expect(caller.heard).toContain('callback-promised');
  });
});

/** Five customers, each served for a minute by Ana. */
async function learnt(rules: string, options: SceneOptions = {}): Promise<Scene> {
  const scene = await openScene(tired(rules, { agents: ['ana'], ...options }));
  await serveFive(scene);
  return scene;
}

async function serveFive(scene: Scene): Promise<void> {
  for (const last of ['1', '2', '3', '4', '5']) {
    const caller = scene.call('1002', `+3460099900${last}`);
    await scene.until('they talk', () => caller.leg?.partner !== undefined);
    await scene.advance(MINUTE_MS, 500);
    caller.hangUp();
    await scene.until('Ana is free', () => scene.agentStates()['ana'] === 'available');
  }
}

const TOLD = 'skill: support, max-wait: 10m, announce: 30s, say-wait: true, wrap-up: 0s, overflow: hangup';

describe('the estimated wait', () => {
  test('is said in rounded words, once five calls were handled; kept, and compared with the real wait', async () => {
    const scene = await learnt(TOLD);
    const busy = scene.call('1002', LUIS);
    await scene.until('Ana is busy', () => busy.leg?.partner !== undefined);
    const next = scene.call('1002');
    await scene.advance(1_000);
    expect(next.heard.slice(0, 2)).toEqual([
      'Es usted el siguiente. Enseguida le atendemos.',
      'El tiempo de espera es de unos dos minutos, más o menos.',
    ]);
    const [estimate] = scene.facts('wait-estimated');
    expect(estimate).toMatchObject({ queue: 'tired', position: 1, agents: 1, samples: 5, waitMs: expect.any(Number) });
    expect(estimate?.waitMs).toBeGreaterThan(MINUTE_MS);
    const queue = scene.node.flows.centre().queues.get('tired');
    const newcomer = queue && scene.node.centre.waits.newcomer(queue);
    expect(newcomer).toMatchObject({ position: 2, estimate: { waitMs: 2 * (estimate?.waitMs ?? 0) } });
    busy.hangUp();
    await scene.until('they talk', () => next.leg?.partner !== undefined);
    const { waitedMs = 0 } = scene.facts('connected').at(-1) ?? {};
    const { waitMs = 0 } = estimate ?? {};
    expect(waitMs - waitedMs).toBeGreaterThan(0);
  });

  test('nobody knows: nothing is said, and so it stands in the record', async () => {
    const { scene, caller } = await waiting(TOLD);
    expect(caller.heard).toEqual(['Es usted el siguiente. Enseguida le atendemos.', '♪ moh']);
    expect(scene.facts('wait-estimated')).toEqual([
      { entry: expect.any(String), queue: 'tired', position: 1, agents: 0, samples: 0 },
    ]);
  });

  test('who finds somebody free is told nothing of waiting', async () => {
    const scene = await learnt(TOLD);
    const before = scene.facts('wait-estimated').length;
    const caller = scene.call('1002');
    await scene.until('they talk', () => caller.leg?.partner !== undefined);
    expect(scene.facts('wait-estimated')).toHaveLength(before);
  });

  test('a node that starts learns from the record', async () => {
    const scene = await learnt(TOLD);
    const node = await scene.openNode('n2', scene.node.dataFolder.replace(/n1$/, 'n2'));
    await scene.advance(1_000);
    const busy = scene.call('1002', LUIS);
    await scene.until('Ana is busy', () => busy.leg?.partner !== undefined);
    scene.call('1002', EVA, node);
    await scene.advance(1_000);
    expect(scene.facts('wait-estimated').at(-1)).toMatchObject({ samples: 5, waitMs: expect.any(Number) });
  });

  test('a node learns what the calls of another one teach, each once', async () => {
    const scene = await openScene(tired(TOLD, { agents: ['ana'], nodes: ['n1', 'n2'] }));
    const [first, second] = scene.nodes;
    const queue = second?.flows.centre().queues.get('tired');
    if (queue === undefined) throw new Error('no queue');
    await serveFive(scene);
    await scene.advance(LEARN_EVERY_MS, 500);
    const there = first?.centre.waits.newcomer(queue);
    expect(there).toMatchObject({ estimate: { samples: 5 } });
    expect(second?.centre.waits.newcomer(queue)).toEqual(there);
    await scene.advance(3 * LEARN_EVERY_MS, 500);
    expect(second?.centre.waits.newcomer(queue)).toEqual(there);
  });

  test('too long: elsewhere instead of joining', async () => {
    const scene = await learnt(`${TOLD}, divert: { when-wait-over: 1m, to: callback }`);
    const busy = scene.call('1002', LUIS);
    await scene.until('Ana is busy', () => busy.leg?.partner !== undefined);
    const next = scene.call('1002');
    await scene.advance(2_000);
    expect(next.heard).toEqual(['callback-promised']);
    expect(scene.ends().at(-1)).toBe('callback-promised by hilo: long-wait');
    expect(scene.facts('overflowed')).toMatchObject([{ to: 'callback', cause: 'long-wait' }]);
    expect(scene.facts('queued').filter(({ kind }) => kind === 'call')).toHaveLength(6);
  });
});

describe('too many for each agent', () => {
  test('who comes then goes elsewhere; who finds a place is let in', async () => {
    const rules =
      'skill: support, max-wait: 10m, divert: { when-waiting-per-agent-over: 1, to: voicemail }, overflow: hangup';
    const scene = await openScene(tired(rules, { agents: ['ana'] }));
    const busy = scene.call('1002', LUIS);
    await scene.until('Ana is busy', () => busy.leg?.partner !== undefined);
    const first = scene.call('1002', '+34600999001');
    await scene.advance(500);
    const second = scene.call('1002', '+34600999002');
    await scene.advance(500);
    const third = scene.call('1002', '+34600999003');
    await scene.advance(500);
    expect([first.heard.at(-1), second.heard.at(-1)]).toEqual(['♪ moh', '♪ moh']);
    expect(third.heard.at(-1)).toBe('voicemail-greeting');
    expect(scene.facts('overflowed')).toMatchObject([{ cause: 'too-many-waiting', to: 'voicemail' }]);
  });
});

describe('announcements of the centre', () => {
  test('each at its time, with music between, and once where nothing is said of again', async () => {
    const rules = `skill: nobody, max-wait: 10m, overflow: hangup,
      announcements: [{ text: comfort, after: 10s, every: 20s }, { text: adverts, after: 15s }]`;
    const { scene, caller } = await waiting(rules);
    expect(caller.heard).toEqual(['♪ moh']);
    await scene.advance(60_000);
    expect(caller.heard).toEqual([
      '♪ moh',
      'comfort',
      '♪ moh',
      'adverts',
      '♪ moh',
      'comfort',
      '♪ moh',
      'comfort',
      '♪ moh',
    ]);
  });
});

describe('the last agent leaves', () => {
  const EMPTIES = 'skill: support, max-wait: 10m, leave-empty: overflow, overflow: voicemail';

  test('while callers wait: they go to the overflow, unless somebody is back in a moment', async () => {
    const scene = await openScene(tired(EMPTIES, { agents: ['ana'] }));
    scene.network.habits.set('ana-desk', { does: 'nothing' });
    const caller = scene.call('1002');
    await scene.advance(2_000);
    scene.network.unregister('ana-desk');
    await scene.advance(EMPTY_FOR_MS - 2_000);
    scene.network.register('ana-desk');
    await scene.advance(EMPTY_FOR_MS);
    expect(scene.facts('left-queue')).toEqual([]);
    scene.network.unregister('ana-desk');
    await scene.advance(EMPTY_FOR_MS + 1_000);
    expect(scene.facts('left-queue')).toMatchObject([{ reason: 'nobody-signed-in' }]);
    expect(caller.heard.at(-1)).toBe('voicemail-greeting');
  });

  test('a queue that says nothing of it lets them wait', async () => {
    const { scene } = await waiting('skill: support, max-wait: 10m, overflow: voicemail');
    await scene.advance(MINUTE_MS, 500);
    expect(scene.entries()).toHaveLength(1);
  });
});

describe('cut off, and back on the line', () => {
  // Nobody is written to: what keeps the place is the return alone.
  const unasked: SceneOptions = { centre: (text) => text.replace('consent: implied', 'consent: required') };

  async function back(afterMs: number) {
    const scene = await openScene(unasked);
    const first = scene.call('1001');
    await scene.advance(20_000);
    const other = scene.call('1001', LUIS);
    await scene.advance(1_000);
    first.hangUp();
    await scene.advance(afterMs, 500);
    const again = scene.call('1001');
    await scene.advance(1_000);
    scene.agentComes('ana');
    await scene.until('Ana talks', () => scene.agentStates()['ana'] === 'busy');
    return { other, again };
  }

  test('within a minute: at the old place, before those who came later', async () => {
    const { other, again } = await back(50_000);
    expect([again.leg?.partner === undefined, other.leg?.partner === undefined]).toEqual([false, true]);
  });

  test('later: at the end of the line', async () => {
    const { other, again } = await back(65_000);
    expect([again.leg?.partner === undefined, other.leg?.partner === undefined]).toEqual([true, false]);
  });
});
