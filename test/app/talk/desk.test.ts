// Breaks, wrap-up, dispositions, rests after refusals, skills while the centre runs, and that the times add up.
import { describe, expect, test } from 'vitest';
import { HiloError } from '../../../src/app/errors.js';
import { openScene, type Scene } from '../scene.js';

async function refusal(act: Promise<unknown>): Promise<string> {
  try {
    await act;
  } catch (error) {
    return error instanceof HiloError ? error.code : String(error);
  }
  return 'none';
}

/** The centre of the tests with other keys in place of the wrap-up of the queue `support`. */
const withSupport =
  (keys: string) =>
  (text: string): string => {
    expect(text).toContain('max-length: 3, wrap-up: 5s');
    return text.replace('max-length: 3, wrap-up: 5s', `max-length: 3, ${keys}`);
  };

/** Ana has talked with a customer, who has just hung up. */
async function wrappingUp(keys: string): Promise<{ scene: Scene; interaction: string }> {
  const scene = await openScene({ agents: ['ana'], centre: withSupport(keys) });
  const caller = scene.call('1001');
  await scene.until('they talk', () => caller.leg?.partner !== undefined);
  await scene.advance(2_000);
  caller.hangUp();
  await scene.advance(200);
  return { scene, interaction: scene.events()[0]?.interaction ?? '' };
}

const CODES = 'codes: { solved: { es: Resuelto, en: Solved }, complaint: { es: Queja, en: Complaint } }';

describe('the wrap-up', () => {
  test('until done: nothing but the agent ends it', async () => {
    const { scene } = await wrappingUp('wrap-up: until-done');
    const { desk } = scene.node.centre;
    await scene.advance(600_000, 10_000);
    expect(scene.agentStates()['ana']).toBe('wrap-up');
    expect(await refusal(desk.prolongWrapUp('ana'))).toBe('wrong-state');
    await desk.finishWrapUp('ana');
    expect(scene.agentStates()['ana']).toBe('available');
    expect(scene.facts('wrapped-up')[0]?.wrapUpMs).toBeGreaterThan(600_000);
    expect(await refusal(desk.finishWrapUp('ana'))).toBe('wrong-state');
    expect(await refusal(desk.finishWrapUp('nobody'))).toBe('not-found');
  });

  test('prolonged in steps, up to the most there is', async () => {
    const { scene } = await wrappingUp('wrap-up: { for: 10s, prolong: 20s, at-most: 45s }');
    const { desk } = scene.node.centre;
    await desk.prolongWrapUp('ana');
    await desk.prolongWrapUp('ana');
    expect(await refusal(desk.prolongWrapUp('ana'))).toBe('wrong-state');
    await scene.advance(44_000, 500);
    expect(scene.agentStates()['ana']).toBe('wrap-up');
    await scene.advance(2_000);
    expect(scene.agentStates()['ana']).toBe('available');
  });

  test('none: free at once', async () => {
    const { scene } = await wrappingUp('wrap-up: none');
    expect(scene.agentStates()['ana']).toBe('available');
  });
});

describe('what a call was about', () => {
  test('is asked where the queue wants it: until then the wrap-up is not ended by hand', async () => {
    const { scene, interaction } = await wrappingUp(`wrap-up: 1m, dispositions: { required: true, ${CODES} }`);
    const { desk } = scene.node.centre;
    expect(await refusal(desk.finishWrapUp('ana'))).toBe('wrong-state');
    expect(await refusal(desk.setState('ana', { state: 'available' }))).toBe('wrong-state');
    expect(await refusal(desk.dispose(interaction, { code: 'weather' }, 'ana'))).toBe('invalid-input');
    expect(await refusal(desk.dispose(interaction, { code: 'solved' }, 'bruno'))).toBe('not-allowed');
    await desk.dispose(interaction, { code: 'complaint' }, 'ana');
    await desk.dispose(interaction, { code: 'solved', note: 'a new invoice' }, 'ana');
    await desk.finishWrapUp('ana');
    expect(scene.agentStates()['ana']).toBe('available');
    expect(scene.facts('disposition-set').at(-1)).toMatchObject({
      ...{ agent: 'ana', by: 'ana', code: 'solved', note: 'a new invoice', queue: 'support' },
    });
    expect(scene.facts('disposition-missing')).toEqual([]);
  });

  test('is told as missing when the time is up all the same', async () => {
    const { scene } = await wrappingUp(`wrap-up: 5s, dispositions: { required: true, ${CODES} }`);
    await scene.advance(6_000);
    expect(scene.agentStates()['ana']).toBe('available');
    expect(scene.facts('disposition-missing')).toMatchObject([{ agent: 'ana', queue: 'support' }]);
  });

  test('notes stand in the record under the name of who wrote them', async () => {
    const { scene, interaction } = await wrappingUp('wrap-up: 5s');
    await scene.node.centre.desk.note(interaction, 'calls again on Monday', 'ana');
    expect(scene.facts('note-added')).toEqual([{ by: 'ana', text: 'calls again on Monday' }]);
    expect(await refusal(scene.node.centre.desk.note('nothing', 'x', 'ana'))).toBe('not-found');
  });
});

test('breaks are those of the centre, where it lists any', async () => {
  const breaks = '\nbreaks:\n  lunch: { title: { es: Comida, en: Lunch } }\n';
  const scene = await openScene({ agents: ['ana'], centre: (text) => text + breaks });
  const { desk } = scene.node.centre;
  expect(await refusal(desk.setState('ana', { state: 'break', reason: 'golf' }))).toBe('invalid-input');
  expect(await refusal(desk.setState('ana', { state: 'break', reason: 'unanswered' }))).toBe('invalid-input');
  await desk.setState('ana', { state: 'break', reason: 'lunch' });
  expect(scene.agent('ana')).toMatchObject({ state: 'break', reason: 'lunch' });
});

test('rests and pauses are those of the centre: by reason, and after as many unanswered offers as it says', async () => {
  const rules = '\nback-off: { rejected: 3s, no-answer: 7s, pause-after: 2 }\n';
  const scene = await openScene({ agents: ['ana'], centre: (text) => text + rules });
  scene.network.habits.set('ana-desk', { does: 'refuses', reason: 'rejected', afterMs: 100 });
  scene.call('1001');
  const rest = (): number => (scene.agent('ana')?.backOffUntilMs ?? 0) - (scene.agent('ana')?.sinceMs ?? 0);
  await scene.until('rejected', () => scene.dialled().includes('ana-desk: rejected'));
  await scene.until('rests', () => scene.agent('ana')?.state === 'available');
  expect(rest()).toBe(3_000);
  scene.network.habits.set('ana-desk', { does: 'refuses', reason: 'no-answer', afterMs: 100 });
  await scene.until('missed', () => scene.dialled().includes('ana-desk: no-answer'), 120_000);
  await scene.until('rests', () => scene.agent('ana')?.state === 'available');
  expect(rest()).toBe(7_000);
  await scene.until('paused', () => scene.agent('ana')?.state === 'break', 300_000);
  expect(scene.agent('ana')).toMatchObject({ reason: 'unanswered' });
});

test('a device rings for its own time, the next one after it; who talks on one is busy on all', async () => {
  const devices = 'devices: [{ sip: ana-desk, ring: 4s }, { sip: ana-soft, ring: 6s }]';
  const scene = await openScene({ centre: (text) => text.replace('devices: [{ sip: ana-desk }]', devices) });
  for (const device of ['ana-desk', 'ana-soft']) scene.network.register(device);
  await scene.advance(200);
  const caller = scene.call('1001');
  await scene.until('the second rings', () => scene.network.ringing('ana-soft') !== undefined);
  const [desk, soft] = scene.network.rung;
  expect([desk?.outcome, (soft?.atMs ?? 0) - (desk?.atMs ?? 0)]).toEqual(['no-answer', 4_000]);
  scene.network.ringing('ana-soft')?.answer();
  await scene.until('they talk', () => caller.leg?.partner !== undefined);
  expect(scene.agentStates()['ana']).toBe('busy');
  scene.call('1001', '+34600999888');
  await scene.advance(5_000);
  expect(scene.network.rung).toHaveLength(2);
});

describe('skills given by a supervisor', () => {
  test('count for the next decision, outlive a restart and the loss of the live state, and are taken back', async () => {
    const scene = await openScene({ agents: ['carla'] });
    const { agentSkills, centre } = scene.node.centre;
    const caller = scene.call('1001');
    await scene.advance(3_000);
    expect(scene.dialled()).toEqual([]);
    await agentSkills.set('carla', { support: 4 }, 'sofia');
    await scene.until('they talk', () => caller.leg?.partner !== undefined);
    expect(centre().agents.get('carla')?.skills).toEqual({ support: 4 });
    expect(await agentSkills.decisions('carla')).toMatchObject([{ by: 'sofia', skills: { support: 4 } }]);
    caller.hangUp();
    await scene.advance(500);

    scene.live.flushAll();
    await scene.advance(2_000);
    expect(scene.agent('carla')?.skills).toEqual({ support: 4 });
    const next = await scene.openNode('n2', `${scene.node.dataFolder}-2`);
    await scene.advance(500);
    expect(next.centre.centre().agents.get('carla')?.skills).toEqual({ support: 4 });

    await agentSkills.set('carla', undefined, 'sofia');
    await scene.advance(100);
    for (const node of scene.nodes)
      expect(node.centre.centre().agents.get('carla')?.skills).not.toHaveProperty('support');
  });

  test('are those that somebody asks for, of agents there are', async () => {
    const scene = await openScene({ agents: ['ana'] });
    const { agentSkills } = scene.node.centre;
    expect(await refusal(agentSkills.set('ana', { juggling: 5 }, 'sofia'))).toBe('invalid-input');
    expect(await refusal(agentSkills.set('nobody', { support: 5 }, 'sofia'))).toBe('not-found');
    expect(scene.agentStore.made).toEqual([]);
  });
});

describe('times', () => {
  test('of a day add up, whatever happened: calls, breaks, a node that dies, a live state that is lost', async () => {
    const scene = await openScene({ agents: ['ana'], nodes: ['n1', 'n2'] });
    const startMs = scene.clock.nowMs() - scene.elapsedMs;
    const [, second] = scene.nodes;
    const caller = scene.call('1001');
    await scene.until('they talk', () => caller.leg?.partner !== undefined);
    await scene.advance(10_000);
    caller.hangUp();
    await scene.advance(10_000);
    await second?.centre.desk.setState('ana', { state: 'break', reason: 'lunch' });
    await scene.advance(30_000, 500);
    scene.node.kill();
    await scene.advance(20_000, 500);
    await second?.centre.desk.setState('ana', { state: 'available' });
    scene.live.flushAll();
    await scene.advance(5_000);
    const times = await second?.centre.agentHistory.times('ana', { fromMs: startMs });
    const sum = times?.total.times.reduce((ms, time) => ms + time.ms, 0);
    expect(sum).toBe(scene.elapsedMs);
    const of = (state: string): number =>
      times?.total.times.filter((time) => time.state === state).reduce((ms, time) => ms + time.ms, 0) ?? 0;
    expect(of('busy')).toBeGreaterThanOrEqual(10_000);
    expect(of('break')).toBeGreaterThanOrEqual(50_000);
    expect(of('wrap-up')).toBeGreaterThan(0);
    expect(times?.total.occupancy).toBeGreaterThan(0);
    const [day] = times?.days ?? [];
    expect(day?.times).toEqual(times?.total.times);
  });

  test('wait for a database that is away, and are asked for within bounds', async () => {
    const scene = await openScene({ agents: ['ana'] });
    scene.node.gates.record.state = 'refusing';
    await scene.node.centre.agents.setState('ana', { state: 'break', reason: 'lunch' });
    await scene.advance(5_000);
    const rows = (): string[] => [...scene.agentStore.rows.values()].map(({ state }) => state);
    expect(rows()).not.toContain('break');
    scene.node.gates.record.state = 'open';
    await scene.advance(3_000);
    expect(rows()).toContain('break');
    const { agentHistory } = scene.node.centre;
    const nowMs = scene.clock.nowMs();
    expect(await refusal(agentHistory.times('ana', { fromMs: nowMs + 1 }))).toBe('invalid-input');
    expect(await refusal(agentHistory.times('ana', { fromMs: nowMs - 70 * 86_400_000 }))).toBe('invalid-input');
    expect(await refusal(agentHistory.times('nobody', {}))).toBe('not-found');
  });
});
