// Agents' desks as the live picture has them: whose they are, and what makes one of them look different.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { deskSource, READ_AGAIN_MS } from '../../../src/api/live/desk.js';
import type { LiveSource } from '../../../src/api/live/hub.js';
import { HiloError } from '../../../src/app/errors.js';
import type { AgentPresence } from '../../../src/core/acd/agent.js';
import { type ApiScene, openApiScene } from '../../support/api-scene.js';
import { available } from '../../support/floor.js';

let scene: ApiScene;
let source: LiveSource;
let dirty: string[];
let stop: () => void;
beforeEach(async () => {
  scene = await openApiScene();
  source = deskSource(scene.options);
  dirty = [];
  stop = source.watch((id) => dirty.push(id));
});
afterEach(async () => {
  stop();
  await scene?.close();
});

async function isNow(presence: AgentPresence): Promise<void> {
  await scene.live.change(() => [{ kind: 'agent', id: presence.agent, value: presence }]);
}

/** A matter of the record that ana is wrapping up. */
async function wrapsUp(): Promise<string> {
  const opened = await scene.ask('POST', '/api/queues/support/entries', {
    as: 'sofia',
    body: { kind: 'task', title: 'An invoice', contact: '600 111 222' },
  });
  const { interaction }: { interaction: string } = opened.json();
  const { sinceMs, idleSinceMs } = available('ana');
  await isNow({
    ...{ agent: 'ana', state: 'wrap-up', sinceMs, idleSinceMs, backOffUntilMs: 0, refusals: 0 },
    ...{ untilMs: sinceMs + 60_000, afterwards: { state: 'available' } },
    call: { interaction, entry: 'e1', queue: 'support' },
  });
  return interaction;
}

/** Something is told of that matter; what it is does not count here. */
function tell(id: string): void {
  const atMs = scene.clock.nowMs();
  const event = { type: 'note-added', data: { by: 'ana', text: 'x' } } as const;
  scene.tell({ id, state: {} } as never, { seq: 1, atMs, event } as never);
}

async function until(condition: () => boolean): Promise<void> {
  for (let turn = 0; turn < 200 && !condition(); turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

describe('a desk', () => {
  test('is there for each agent of the centre, and for nobody else', () => {
    expect([...source.ids()]).toEqual(expect.arrayContaining(['ana', 'bruno']));
    expect(source.view('ana')).toEqual({ agent: 'ana' });
    expect(source.view('nobody')).toBeUndefined();
  });

  test('is shown to its agent and to supervisors, not to colleagues', async () => {
    const user = (name: string, role: 'agent' | 'supervisor') => ({ name, role, passwordHash: '' });
    expect(source.shows(user('ana', 'agent'), 'ana')).toBe(true);
    expect(source.shows(user('bruno', 'agent'), 'ana')).toBe(false);
    expect(source.shows(user('sofia', 'supervisor'), 'ana')).toBe(true);
  });

  test('looks different when its agent’s state does; that of a colleague stays', async () => {
    await isNow(available('ana'));
    expect(dirty).toEqual(['ana']);
  });

  test('shows what there is to write up at once, and the customer as soon as the record is read', async () => {
    const interaction = await wrapsUp();
    dirty.length = 0;
    expect(source.view('ana')).toMatchObject({ agent: 'ana', wrapUp: { interaction, queue: 'support' } });
    await until(() => dirty.length > 0);
    expect(dirty).toEqual(['ana']);
    expect(source.view('ana')).toMatchObject({ wrapUp: { customer: { address: { value: '+34600111222' } } } });
  });

  test('looks different when something is told of the matter it shows, not of another', async () => {
    const interaction = await wrapsUp();
    source.view('ana');
    source.view('bruno');
    await until(() => dirty.length > 1);
    dirty.length = 0;
    tell('another');
    expect(dirty).toEqual([]);
    tell(interaction);
    expect(dirty).toEqual(['ana']);
    // She is done with it: from now on it is none of her desk's.
    await isNow(available('ana'));
    source.view('ana');
    dirty.length = 0;
    tell(interaction);
    expect(dirty).toEqual([]);
  });

  test('whose customer cannot be read shows the rest, and asks again after a while, not over and over', async () => {
    stop();
    let asked = 0;
    const interactions = Object.assign(Object.create(scene.options.interactions), {
      resume: async (id: string) => {
        asked += 1;
        if (asked === 1) throw new HiloError('store-unavailable', 'the database is away');
        return scene.options.interactions.resume(id);
      },
    });
    source = deskSource({ ...scene.options, interactions });
    stop = source.watch((id) => dirty.push(id));
    const interaction = await wrapsUp();
    dirty.length = 0;
    expect(source.view('ana')).toMatchObject({ wrapUp: { interaction } });
    await until(() => dirty.length > 0);
    expect(dirty).toEqual([]);
    scene.clock.advance(READ_AGAIN_MS);
    expect(dirty).toEqual(['ana']);
    source.view('ana');
    await until(() => dirty.length > 1);
    expect(asked).toBe(2);
    expect(source.view('ana')).toMatchObject({ wrapUp: { customer: { address: { value: '+34600111222' } } } });
  });

  test('is watched no more when nobody looks', async () => {
    stop();
    await isNow(available('ana'));
    expect(dirty).toEqual([]);
  });
});
