// What agents' desks know of a matter: it is as it was until the newer is read, never nothing in between.
import { expect, test } from 'vitest';
import { Matters } from '../../../src/api/live/matters.js';
import { openApiScene } from '../../support/api-scene.js';

test('a matter that is read anew is shown as it was until then', async () => {
  const scene = await openApiScene();
  try {
    const body = { kind: 'task', title: 'x', contact: '600111222' };
    const { interaction } = (await scene.ask('POST', '/api/queues/support/entries', { as: 'ana', body })).json();
    const matters = new Matters(scene.options);
    const read = (stage: string) => new Promise<void>((resolve) => void matters.of(interaction, stage, resolve));
    expect(matters.of('unread', '1', () => undefined)).toBeUndefined();
    await read('1');
    const first = matters.of(interaction, '1', () => undefined);
    expect(first?.thread.id).toBe(interaction);
    const second = read('2');
    expect(matters.of(interaction, '2', () => undefined)?.thread.id).toBe(interaction);
    await second;
    expect(matters.of(interaction, '2', () => undefined)?.thread.id).toBe(interaction);
  } finally {
    await scene.close();
  }
});
