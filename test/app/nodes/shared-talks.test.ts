// The talks of all nodes as one of them sees them: told while somebody looks, whole again after a loss, gone with their node.
import { expect, test } from 'vitest';
import { CARDS_PER_LETTER, LOOK_EVERY_MS, SharedTalks, SILENT_MS } from '../../../src/app/nodes/shared-talks.js';
import type { TalkCard } from '../../../src/app/talk/talk-cards.js';
import { FakeClock } from '../../../src/lib/clock.js';
import { silentLog } from '../../../src/lib/log.js';
import { FakeLetters } from '../../support/fakes/letters.js';

class Cards {
  readonly known = new Map<string, TalkCard>();
  readonly #listeners = new Set<(interaction: string) => void>();
  of(interaction: string): TalkCard | undefined {
    return this.known.get(interaction);
  }
  leads(interaction: string): string | undefined {
    return this.known.get(interaction)?.parties[0]?.name;
  }
  all(): TalkCard[] {
    return [...this.known.values()];
  }
  onChange(listener: (interaction: string) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
  set(interaction: string, state: TalkCard['state'] | undefined): void {
    if (state === undefined) this.known.delete(interaction);
    else this.known.set(interaction, card(interaction, state));
    for (const listener of this.#listeners) listener(interaction);
  }
}

function card(interaction: string, state: TalkCard['state']): TalkCard {
  return {
    interaction,
    state,
    customer: '+34600000001',
    parties: [{ kind: 'agent', name: 'ana', device: 'ana-desk', muted: false }],
    recording: 'off',
    canWrite: false,
  };
}

const STRAY = { kind: 'leg', id: 'l1', missing: 'call' } as const;

function scene() {
  const clock = new FakeClock();
  const letters = new FakeLetters(clock);
  const shared = { letters, clock, log: silentLog };
  const [here, there] = [new Cards(), new Cards()];
  const looker = new SharedTalks({ ...shared, node: 'n1', cards: here, unaccounted: () => ({ count: 1, items: [] }) });
  const other = new SharedTalks({
    ...shared,
    node: 'n2',
    cards: there,
    unaccounted: () => ({ count: 2, items: [STRAY] }),
  });
  const told: string[] = [];
  return {
    ...{ clock, letters, here, there, looker, other, told },
    look: () => looker.look((interaction) => void told.push(interaction)),
    async after(ms: number): Promise<void> {
      for (let passed = 0; passed <= ms; passed += 100) {
        for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
        clock.advance(100);
      }
      for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
    },
  };
}

test('of both nodes, and what changes', async () => {
  const { here, there, looker, look, after, told } = scene();
  here.set('a', 'talking');
  there.set('b', 'talking');
  look();
  await after(200);
  expect([looker.of('a')?.state, looker.of('b')?.state, looker.unaccounted()]).toEqual([
    'talking',
    'talking',
    { count: 3, items: [{ kind: 'leg', id: 'l1', node: 'n2' }] },
  ]);
  expect(looker.leads('b')).toBe('ana');
  there.set('b', 'on-hold');
  await after(200);
  expect(looker.of('b')?.state).toBe('on-hold');
  there.set('b', undefined);
  await after(200);
  expect(looker.of('b')).toBeUndefined();
  expect(new Set(told)).toEqual(new Set(['b']));
});

test('nothing is told while nobody looks, nor after they have stopped', async () => {
  const { there, letters, look, after } = scene();
  there.set('b', 'talking');
  await after(5_000);
  expect(letters.sent).toEqual([]);
  const stop = look();
  await after(200);
  stop();
  await after(SILENT_MS + 1_000);
  const before = letters.sent.length;
  there.set('b', 'on-hold');
  await after(1_000);
  expect(letters.sent.length).toBe(before);
});

test('news that are lost are noticed by their number, and told again', async () => {
  const { there, letters, looker, look, after } = scene();
  look();
  await after(200);
  letters.loses = (node) => node === 'n1';
  there.set('b', 'talking');
  await after(300);
  letters.loses = () => false;
  await after(LOOK_EVERY_MS + 500);
  expect(looker.of('b')?.state).toBe('talking');
});

test('a node that is silent takes its talks along', async () => {
  const { there, other, looker, look, after, told } = scene();
  there.set('b', 'talking');
  look();
  await after(200);
  other.close();
  told.length = 0;
  await after(SILENT_MS + LOOK_EVERY_MS + 500);
  expect([looker.of('b'), looker.unaccounted().count, told]).toEqual([undefined, 1, ['b']]);
});

test('more talks than a letter holds come in several', async () => {
  const { there, looker, look, after } = scene();
  const count = 2 * CARDS_PER_LETTER + 1;
  for (let index = 0; index < count; index += 1) there.set(`t${index}`, 'talking');
  look();
  await after(300);
  expect(Array.from({ length: count }, (_, index) => looker.of(`t${index}`)).filter(Boolean)).toHaveLength(count);
});
