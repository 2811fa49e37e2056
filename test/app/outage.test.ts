// The record goes away and comes back: calls go on, nothing is promised that is not stored, nothing is lost or told twice.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { MAX_SPOOLED, Spool } from '../../src/app/record/spool.js';
import { silentLog } from '../../src/lib/log.js';
import { SILENT_LIMIT_MS } from '../support/fakes/gate.js';
import { EVA, openScene, type Scene } from './scene.js';

function versions(scene: Scene, index = 0): boolean {
  return scene.events(index).every(({ version }, at) => version === at + 1);
}

describe('the record is away', () => {
  test('when a call arrives: a regret, and the call is in the record afterwards', async () => {
    const scene = await openScene({ agents: ['ana'] });
    scene.node.gates.record.state = 'refusing';
    const caller = scene.call('1001');
    await scene.advance(2_000);
    expect(caller.heard).toEqual(['regret']);
    expect(caller.isGone).toBe(true);
    expect(scene.dialled()).toEqual([]);
    scene.node.gates.record.state = 'open';
    await scene.recorded();
    expect(scene.told()).toEqual(['interaction-opened', 'call-arrived', 'call-ended']);
    expect(scene.facts('call-arrived')).toMatchObject([{ from: EVA }]);
    expect(scene.ends()).toEqual(['failed by hilo: store-unavailable']);
    expect(scene.records.interactions).toHaveLength(1);
  });

  test('it does not answer at all: nobody waits in silence for more than three seconds', async () => {
    const scene = await openScene();
    scene.node.gates.record.state = 'silent';
    const caller = scene.call('1001');
    await scene.advance(3_500);
    expect(caller.heard).toEqual(['regret']);
    await scene.advance(2 * SILENT_LIMIT_MS);
    scene.node.gates.record.state = 'open';
    await scene.recorded();
    await scene.advance(SILENT_LIMIT_MS);
    expect(scene.facts('call-arrived')).toHaveLength(1);
    expect(scene.ends()).toHaveLength(1);
  });

  test('it answers after all, when the caller was told already: one record, one end', async () => {
    const scene = await openScene();
    scene.node.gates.record.state = 'silent';
    scene.call('1001');
    await scene.advance(3_500);
    scene.node.gates.record.state = 'open';
    await scene.advance(2 * SILENT_LIMIT_MS);
    await scene.recorded();
    expect(scene.told()).toEqual(['interaction-opened', 'call-arrived', 'call-ended']);
    expect(scene.records.interactions).toHaveLength(1);
  });

  test('for a moment after the caller was found: one record, one end', async () => {
    const scene = await openScene();
    scene.node.faults.arm(3, 'before');
    const caller = scene.call('1001');
    await scene.advance(3_500);
    expect(scene.node.faults.hit).toMatch(/^record\./);
    expect(caller.isGone).toBe(true);
    await scene.recorded();
    expect(scene.records.interactions).toHaveLength(1);
    expect(scene.ends()).toHaveLength(1);
  });

  test('in mid-call: the talk goes on, its facts come in order, none twice', async () => {
    const scene = await openScene({ agents: ['ana'] });
    const caller = scene.call('1001');
    await scene.advance(500);
    scene.node.gates.record.state = 'refusing';
    await scene.until('they talk', () => caller.leg?.partner !== undefined);
    await scene.advance(5_000);
    caller.hangUp();
    await scene.advance(8_000);
    expect(scene.agentStates()['ana']).toBe('available');
    expect(scene.told()).not.toContain('call-ended');
    scene.node.gates.record.state = 'open';
    await scene.recorded();
    expect(scene.told().slice(-6)).toEqual([
      'offered',
      'connected',
      'left-queue',
      'call-ended',
      'interaction-closed',
      'wrapped-up',
    ]);
    expect(new Set(scene.told()).size).toBe(scene.told().length);
    expect(versions(scene)).toBe(true);
    const times = scene.events().map(({ atMs }) => atMs);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  test('the answer to a write is lost: what was stored is not stored again', async () => {
    const scene = await openScene({ agents: ['ana'] });
    const caller = scene.call('1001');
    await scene.until('they talk', () => caller.leg?.partner !== undefined);
    scene.node.faults.arm(1, 'after');
    caller.hangUp();
    await scene.advance(10_000);
    await scene.recorded();
    expect(scene.ends()).toEqual(['served by customer: hung-up']);
    expect(new Set(scene.told()).size).toBe(scene.told().length);
  });

  test('when the offer of a call-back is due: it is made when the record is back', async () => {
    const scene = await openScene();
    const caller = scene.call('1001');
    await scene.advance(10_000);
    scene.node.gates.record.state = 'refusing';
    caller.hangUp();
    await scene.advance(10_000);
    expect(scene.messenger.sent).toEqual([]);
    scene.node.gates.record.state = 'open';
    await scene.recorded();
    await scene.until('the offer', () => scene.messenger.sent.length === 1);
    expect(scene.facts('callback-offered')).toHaveLength(1);
  });

  test('when a customer answers: the provider is told to send it again, and then it counts once', async () => {
    const scene = await openScene();
    const caller = scene.call('1001');
    await scene.advance(10_000);
    caller.hangUp();
    await scene.advance(1_000);
    scene.node.gates.record.state = 'refusing';
    await expect(scene.messenger.receive(EVA, '1', 'm1')).rejects.toMatchObject({ code: 'store-unavailable' });
    scene.node.gates.record.state = 'open';
    await scene.recorded();
    await scene.messenger.receive(EVA, '1', 'm1');
    await scene.messenger.receive(EVA, '1', 'm1');
    await scene.advance(1_000);
    expect(scene.facts('callback-requested')).toHaveLength(1);
    expect(scene.facts('message-received')).toHaveLength(1);
  });

  test('the promise of a call-back cannot be stored: it is not said', async () => {
    const scene = await openScene();
    scene.node.gates.record.state = 'open';
    const caller = scene.call('1003');
    scene.node.centre.interactions.onEvent((_thread, { type }) => {
      if (type === 'call-answered') scene.node.gates.record.state = 'refusing';
    });
    await scene.advance(2_000);
    expect(caller.heard).toEqual(['nobody-free']);
    scene.node.gates.record.state = 'open';
    await scene.recorded();
    expect(scene.facts('callback-requested')).toEqual([]);
    expect(scene.ends()).toEqual(['refused by hilo: queue-full']);
  });

  test('the process dies with facts in the spool: its next run stores them', async () => {
    const scene = await openScene();
    scene.node.gates.record.state = 'refusing';
    scene.call('1001');
    await scene.advance(3_000);
    const file = join(scene.node.dataFolder, 'spool', 'facts.jsonl');
    const onDisk = (): string =>
      [file, `${file}.importing`]
        .filter(existsSync)
        .map((path) => readFileSync(path, 'utf8'))
        .join('');
    await scene.whileOnDisk('everything is on disk', () => onDisk().includes('call-ended'));
    scene.node.kill();
    await scene.openNode('n1-again', scene.node.dataFolder);
    expect(scene.told()).toEqual(['interaction-opened', 'call-arrived', 'call-ended']);
  });

  test('the spool has a limit, and says so', async () => {
    const lines: string[] = [];
    const log = { ...silentLog, error: (_fields: object, line = '') => void lines.push(line) };
    const scene = await openScene();
    const spool = new Spool(`${scene.node.dataFolder}/full/facts.jsonl`, log);
    const fact = { interaction: 'i', atMs: 0, event: { type: 'node-lost', data: { node: 'n' } } } as const;
    await spool.keep(Array.from({ length: MAX_SPOOLED }, () => fact));
    await spool.keep([fact]);
    expect(lines).toEqual(['spool full, facts lost']);
    expect((await spool.take()).facts).toHaveLength(MAX_SPOOLED);
  });

  test('what is written while the spool is taken is in this round or in the next', async () => {
    const scene = await openScene();
    const spool = new Spool(`${scene.node.dataFolder}/racing/facts.jsonl`, silentLog);
    const seen: number[] = [];
    const writing = (async () => {
      for (let atMs = 0; atMs < 200; atMs += 1) {
        await spool.keep([{ interaction: 'i', atMs, event: { type: 'node-lost', data: { node: 'n' } } }]);
      }
    })();
    for (let round = 0; round < 20; round += 1) {
      const { facts, forget } = await spool.take();
      seen.push(...facts.map(({ atMs }) => atMs));
      await forget();
    }
    await writing;
    seen.push(...(await spool.take()).facts.map(({ atMs }) => atMs));
    expect(seen).toEqual(Array.from({ length: 200 }, (_, at) => at));
  });
});
