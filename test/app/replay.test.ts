// What a running centre has recorded gives the same decisions when it is replayed; what was changed shows where.
import { describe, expect, test } from 'vitest';
import type { RecordedEvent } from '../../src/core/interaction/event.js';
import { replay, textsWanted } from '../../src/core/replay/replay.js';
import type { TextOf } from '../../src/core/replay/texts.js';
import { calledBack, STORIES, served } from './replay-stories.js';
import type { Scene } from './scene.js';

describe('a record of this very version', () => {
  test.each(STORIES)('%s: every decision is the same, and none is left out', async (_name, play) => {
    const scene = await play();
    expect(scene.records.interactions.length).toBeGreaterThan(0);
    for (const { events } of scene.records.interactions) {
      const { findings } = replay(events, await textsOf(scene, events));
      expect(findings.differences).toEqual([]);
      expect(findings.unchecked).toEqual([]);
      expect(findings.same.record).toBeGreaterThan(events.length);
    }
  });

  test('every part is replayed in some of them', async () => {
    const same = { flow: 0, router: 0, policy: 0, 'call-back': 0 };
    for (const [, play] of STORIES) {
      const scene = await play();
      for (const { events } of scene.records.interactions) {
        const { findings } = replay(events, await textsOf(scene, events));
        for (const part of ['flow', 'router', 'policy', 'call-back'] as const) same[part] += findings.same[part];
      }
    }
    expect(same.flow).toBeGreaterThan(8);
    expect(same.router).toBeGreaterThan(6);
    expect(same.policy).toBeGreaterThanOrEqual(3);
    expect(same['call-back']).toBeGreaterThanOrEqual(5);
  });

  test('digits typed in secret stand nowhere in it', async () => {
    const [, play] = STORIES[4] ?? [];
    const scene = await play?.();
    const text = JSON.stringify(scene?.records.interactions);
    expect(text).toContain('"digits":"1234"');
    expect(text).toContain('"digits":"••••"');
    expect(text).not.toContain('9876');
  });
});

describe('a changed core shows the first difference', () => {
  test('a flow that goes another way: event, what was, what is, and the line of the step', async () => {
    const scene = await served();
    const events = scene.events();
    const keys = '1: support, 2: english, 3: boss';
    const textOf = await changed(scene, events, 'main', keys, '1: boss, 2: english, 3: support');
    const first = replay(events, textOf).findings.first();
    expect(first).toMatchObject({
      part: 'flow',
      recorded: expect.stringContaining('answered with {"kind":"queue"'),
      now: "an ask 'forward' is not answered by 'queue'",
      place: expect.stringMatching(/^main\.yaml:15:3 \(revision .+\)$/),
    });
    expect(events[(first?.version ?? 0) - 1]?.event.type).toBe('flow-step');
  });

  test('a text that the compiler does not take any more', async () => {
    const scene = await served();
    const events = scene.events();
    const first = replay(events, await changed(scene, events, 'main', 'do: menu', 'do: carte')).findings.first();
    expect(first).toMatchObject({ part: 'flow', place: 'src/core/ivr/compile.ts' });
    expect(first?.now).toContain('main.yaml:');
  });

  test('a router that prefers somebody else', async () => {
    const scene = await served();
    const events = edited(scene.events(), (event) => {
      if (event.type !== 'offered') return;
      const { candidates } = event.data.why;
      expect(candidates.length).toBe(2);
      Object.assign(event.data, { agent: candidates[1]?.agent });
      Object.assign(event.data.why, { candidates: [candidates[1], candidates[0]] });
    });
    const first = replay(events, await textsOf(scene, events)).findings.first();
    expect(first).toMatchObject({ part: 'router', place: 'src/core/acd/choice/strategy.ts' });
  });

  test('a filter that removes for another reason', async () => {
    const scene = await served();
    const events = edited(scene.events(), (event) => {
      if (event.type === 'offered')
        Object.assign(event.data.why, {
          removed: [
            { agent: 'carla', filter: 'busy' },
            { agent: 'dora', filter: 'offline' },
          ],
        });
    });
    const same = replay(events, await textsOf(scene, events)).findings;
    expect(same.differences).toEqual([]);
    // Somebody who comes first by the values but was not free cannot have been chosen.
    const wrong = edited(events, (event) => {
      if (event.type !== 'offered') return;
      const refused = { agent: event.data.agent, filter: 'refused-this' };
      Object.assign(event.data.why, { candidates: [...event.data.why.candidates, { agent: 'zoe', values: {} }] });
      Object.assign(event.data.why, { removed: [refused] });
    });
    expect(replay(wrong, await textsOf(scene, wrong)).findings.differences[0]).toMatchObject({ part: 'router' });
  });

  test('a caller who would not have got a place, or would have been sent elsewhere', async () => {
    const scene = await served();
    const events = scene.events();
    const textOf = await changed(scene, events, 'centre', '\nqueues:', '\nqueues: # changed');
    expect(replay(events, textOf).findings.differences.filter(({ part }) => part === 'policy')).toEqual([]);
    const full = edited(events, (event) => {
      if (event.type === 'queued') Object.assign(event.data, { given: { ...event.data.given, waiting: 100_000 } });
    });
    expect(replay(full, await textsOf(scene, full)).findings.first()).toMatchObject({
      part: 'policy',
      recorded: 'joins',
      now: expect.stringContaining('"cause":"queue-full"'),
      place: 'src/core/acd/join.ts',
    });
  });

  test('an estimate that comes out otherwise', () => {
    const given = { handledMs: 60_000, advancedMs: 20_000 };
    const estimated = (waitMs: number): RecordedEvent[] => [
      {
        ...{ interaction: 'i', version: 1, atMs: 0 },
        event: {
          type: 'wait-estimated',
          data: { entry: 'e', queue: 'support', position: 2, agents: 2, samples: 9, waitMs, given },
        },
      },
    ];
    const found = (waitMs: number) => {
      const { differences } = replay(estimated(waitMs), () => undefined).findings;
      return differences.filter(({ part }) => part === 'policy');
    };
    expect(found(72_000)).toEqual([]);
    expect(found(60_000)).toMatchObject([{ recorded: '60000', now: '72000', place: 'src/core/acd/wait/estimate.ts' }]);
  });

  test('a wrap-up that would last for another time', async () => {
    const scene = await served();
    const events = edited(scene.events(), (event) => {
      if (event.type === 'wrapped-up') Object.assign(event.data, { given: { ...event.data.given, lastsMs: 1 } });
    });
    expect(replay(events, await textsOf(scene, events)).findings.first()).toMatchObject({
      recorded: '1',
      place: 'src/core/acd/wrap-up.ts',
    });
  });

  test('a core that throws at what it once decided', async () => {
    const scene = await served();
    const events = edited(scene.events(), (event) => {
      if (event.type === 'offered') Object.assign(event.data.why, { candidates: undefined });
    });
    expect(replay(events, await textsOf(scene, events)).findings.differences).toContainEqual(
      expect.objectContaining({ part: 'router', recorded: 'decided', now: expect.stringContaining('throws: ') }),
    );
  });

  test('a policy that would not have written', async () => {
    const scene = await calledBack();
    const events = scene.events();
    const textOf = await changed(scene, events, 'centre', 'short-abandon: 3s', 'short-abandon: 60s');
    const { differences } = replay(events, textOf).findings;
    expect(differences[0]).toMatchObject({
      part: 'policy',
      recorded: '{"queue":"support"}',
      now: '{"declined":"short-abandon"}',
      place: 'src/core/policy/abandoned-call.ts',
    });
  });

  test('a rule by which the next attempt comes at another time', async () => {
    const scene = await calledBack();
    const events = scene.events();
    const textOf = await changed(scene, events, 'centre', 'attempts: [0s, 15m, 60m]', 'attempts: [0s, 20m, 60m]');
    const { differences } = replay(events, textOf).findings;
    expect(differences[0]).toMatchObject({ part: 'call-back', place: 'src/core/callback/callback.ts' });
    const failed = events.find(({ event }) => event.type === 'callback-attempt-failed');
    expect(differences[0]?.version).toBe(failed?.version);
  });

  test('a record with a hole, and a call that ends twice', async () => {
    const scene = await served();
    const holed = scene.events().filter(({ version }) => version !== 3);
    const hole = replay(holed, await textsOf(scene, holed)).findings.differences.find(({ part }) => part === 'record');
    expect(hole?.version).toBe(4);
    const end = scene.events().find(({ event }) => event.type === 'call-ended');
    if (end === undefined) throw new Error('the call has ended');
    const twice = [...scene.events(), { ...end, version: scene.events().length + 1 }];
    const differences = replay(twice, await textsOf(scene, twice)).findings.differences;
    expect(differences.map(({ now }) => now).join()).toContain('two-ends');
  });

  test('what was computed then is compared as well', async () => {
    const scene = await served();
    const events = scene.events();
    const textOf = await textsOf(scene, events);
    expect(replay(events, textOf, { outcomes: ['answered'] }).findings.differences).toEqual([]);
    expect(replay(events, textOf, { outcomes: ['abandoned'] }).findings.first()).toMatchObject({
      recorded: '["abandoned"]',
      now: '["answered"]',
      place: 'src/core/interaction/outcome.ts',
    });
  });
});

test('a text that nobody has any more is told, and is no difference', async () => {
  const scene = await served();
  const { findings } = replay(scene.events(), () => undefined);
  expect(findings.differences).toEqual([]);
  expect(findings.unchecked.map(({ why }) => why).join()).toMatch(/texts that nobody has any more: centre .+, main .+/);
});

async function textsOf(scene: Scene, events: readonly RecordedEvent[]): Promise<TextOf> {
  const texts = new Map<string, string>();
  for (const [name, revision] of textsWanted(events)) {
    const found = await scene.records.revision(name, revision);
    if (found !== undefined) texts.set(`${name} ${revision}`, found.text);
  }
  return (name, revision) => texts.get(`${name} ${revision}`);
}

/** As if the text had been another one. */
async function changed(
  scene: Scene,
  events: readonly RecordedEvent[],
  name: string,
  from: string,
  to: string,
): Promise<TextOf> {
  const textOf = await textsOf(scene, events);
  return (wanted, revision) => {
    const text = textOf(wanted, revision);
    if (wanted !== name) return text;
    if (text?.includes(from) !== true) throw new Error(`${name} does not say ${from}`);
    return text.replace(from, to);
  };
}

function edited(events: readonly RecordedEvent[], edit: (event: RecordedEvent['event']) => void): RecordedEvent[] {
  const copy = structuredClone(events) as RecordedEvent[];
  for (const { event } of copy) edit(event);
  return copy;
}
