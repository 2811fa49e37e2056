// Supervision: who may be rung, what is refused, and that nothing is heard that does not stand in the record.
import { describe, expect, test } from 'vitest';
import { HiloError } from '../../src/app/errors.js';
import type { Phone } from '../../src/app/supervision/monitoring.js';
import { openScene, type Scene } from './scene.js';

const DESK: Phone = { device: 'bruno-desk' };

async function talking(): Promise<{ scene: Scene; interaction: string }> {
  const scene = await openScene({ agents: ['ana', 'bruno'] });
  const caller = scene.call('1001');
  await scene.until('they talk', () => caller.leg?.partner !== undefined);
  return { scene, interaction: scene.events()[0]?.interaction ?? '' };
}

function refusal(act: () => unknown): string | undefined {
  try {
    act();
  } catch (error) {
    return error instanceof HiloError ? error.code : String(error);
  }
  return undefined;
}

describe('a supervisor’s phone', () => {
  test('is joined when it answers, and told in the record before anything is heard', async () => {
    const { scene, interaction } = await talking();
    const { monitoring } = scene.node.centre;
    monitoring.start(interaction, DESK, 'listen', 'sofia');
    expect(monitoring.of(interaction)).toMatchObject({ state: 'ringing', by: 'sofia', mode: 'listen' });
    await scene.until('joined', () => monitoring.of(interaction)?.state === 'joined');
    const ear = scene.network.talking('bruno-desk');
    expect(ear?.listening).toEqual({ to: scene.network.talking('ana-desk'), mode: 'listen' });
    expect(scene.facts('monitor-started')).toMatchObject([{ by: 'sofia', device: 'bruno-desk', mode: 'listen' }]);

    await monitoring.change(interaction, 'whisper', 'petra');
    expect(ear?.listening?.mode).toBe('whisper');
    ear?.press('3');
    ear?.press('3');
    await scene.advance(100);
    expect(scene.facts('monitor-changed')).toMatchObject([
      { by: 'petra', mode: 'whisper' },
      { by: 'sofia', mode: 'barge' },
    ]);
    // Key 1 would speak to the customer alone, which is no mode here.
    ear?.press('1');
    await scene.advance(100);
    expect(ear?.listening?.mode).toBe('barge');
    monitoring.stop(interaction, 'petra');
    await scene.advance(100);
    expect(ear?.end).toMatchObject({ by: 'hilo', reason: 'monitoring-over' });
    expect(scene.facts('monitor-ended')).toMatchObject([{ by: 'petra', reason: 'stopped' }]);
    expect(monitoring.of(interaction)).toBeUndefined();
    expect(ear?.keyListeners).toBe(0);
  });

  test('makes an agent who listens busy until it is over, so that no call is offered meanwhile', async () => {
    const { scene, interaction } = await talking();
    const { monitoring } = scene.node.centre;
    expect(scene.agentStates()['bruno']).toBe('available');
    monitoring.start(interaction, DESK, 'listen', 'sofia');
    await scene.until('busy', () => scene.agentStates()['bruno'] === 'busy');
    const waiting = scene.call('1001');
    await scene.advance(5_000);
    expect(waiting.leg?.partner).toBeUndefined();
    monitoring.stop(interaction, 'sofia');
    await scene.until('the caller who waited is answered', () => waiting.leg?.partner !== undefined);
    expect(waiting.leg?.partner).toBe(scene.network.talking('bruno-desk'));
  });

  test('hears nothing when the record cannot be written', async () => {
    const { scene, interaction } = await talking();
    const { monitoring } = scene.node.centre;
    scene.node.gates.record.state = 'refusing';
    monitoring.start(interaction, DESK, 'listen', 'sofia');
    await scene.until('given up', () => monitoring.of(interaction) === undefined);
    const ear = scene.network.rung.findLast(({ phone }) => phone === 'bruno-desk')?.leg;
    expect(ear?.listening).toBeUndefined();
    expect(ear?.end).toMatchObject({ by: 'hilo' });
    scene.node.gates.record.state = 'open';
  });

  test('rings in vain, or until the conversation is over', async () => {
    const { scene, interaction } = await talking();
    const { monitoring } = scene.node.centre;
    scene.network.habits.set('bruno-desk', { does: 'refuses', reason: 'busy', afterMs: 500 });
    monitoring.start(interaction, DESK, 'listen', 'sofia');
    await scene.until('given up', () => monitoring.of(interaction) === undefined);
    scene.network.habits.set('bruno-desk', { does: 'nothing' });
    monitoring.start(interaction, DESK, 'listen', 'sofia');
    await scene.advance(500);
    scene.callers[0]?.hangUp();
    await scene.until('over', () => monitoring.of(interaction) === undefined);
    expect(scene.told()).not.toContain('monitor-started');
  });

  test('is refused where nobody talks, to a phone that is not there, and a second time', async () => {
    const { scene, interaction } = await talking();
    const { monitoring } = scene.node.centre;
    expect(refusal(() => monitoring.start('nothing', DESK, 'listen', 'sofia'))).toBe('not-found');
    expect(refusal(() => monitoring.start(interaction, { device: 'nowhere' }, 'listen', 'sofia'))).toBe('not-found');
    expect(refusal(() => monitoring.start(interaction, { agent: 'carla' }, 'listen', 'sofia'))).toBe('wrong-state');
    expect(refusal(() => monitoring.stop(interaction, 'sofia'))).toBe('not-found');
    await expect(monitoring.change(interaction, 'barge', 'sofia')).rejects.toThrow('not-found');
    monitoring.start(interaction, { agent: 'bruno' }, 'listen', 'sofia');
    expect(refusal(() => monitoring.start(interaction, DESK, 'listen', 'petra'))).toBe('wrong-state');
    expect(() => monitoring.start(interaction, DESK, 'listen', 'petra')).toThrow(
      'sofia is being called to this conversation already',
    );
    await expect(monitoring.change(interaction, 'barge', 'sofia')).rejects.toThrow('wrong-state');
    await scene.until('joined', () => monitoring.of(interaction)?.state === 'joined');
    expect(() => monitoring.start(interaction, DESK, 'barge', 'petra')).toThrow(
      'sofia listens to this conversation already, at bruno-desk',
    );
  });
});
