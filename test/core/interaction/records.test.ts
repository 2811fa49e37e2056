// Interactions recorded by earlier versions have to be read for ever, and to be decided the same: files are added here,
// never edited. `npm run replay -- --file test/records` does the same by hand.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import type { RecordedEvent } from '../../../src/core/interaction/event.js';
import { fold } from '../../../src/core/interaction/interaction.js';
import { outcomesOf, unaccounted } from '../../../src/core/interaction/outcome.js';
import { summaryOf } from '../../../src/core/interaction/summary.js';
import { timeline } from '../../../src/core/interaction/timeline/timeline.js';
import { replay } from '../../../src/core/replay/replay.js';
import { revisionOf } from '../../../src/store/flow-files.js';

const folder = join(import.meta.dirname, '../../records');
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.jsonl'))
  .map((file) => file.slice(0, -'.jsonl'.length));

interface Expected {
  readonly summary: object;
  readonly segments: readonly object[];
  readonly outcomes: readonly string[];
}

describe('recorded interactions replay as they did', () => {
  it('there are some', () => {
    expect(names.length).toBeGreaterThanOrEqual(5);
  });

  it.each(names)('%s', (name) => {
    const { events, expected } = read(name);
    const interaction = fold(events);
    // Newer versions may know more of a summary or a segment, never less or something else.
    expect(JSON.parse(JSON.stringify(summaryOf(interaction)))).toMatchObject(expected.summary);
    expect(JSON.parse(JSON.stringify(interaction.segments))).toMatchObject(expected.segments);
    expect(outcomesOf(events).map(({ outcome }) => outcome)).toEqual(expected.outcomes);
    // Some were written down while somebody was still on the line.
    expect(unaccounted(events, () => interaction.liveNodes.length > 0)).toEqual([]);
    for (const { text } of timeline(events, 'es')) expect(text).not.toMatch(/undefined|NaN|\[object/);
  });

  it.each(names)('%s: flow engine, router, policies and record decide the same again', (name) => {
    const { events, expected } = read(name);
    const { findings } = replay(events, textOf, expected);
    expect(findings.differences).toEqual([]);
    // Records of before answers were kept can be replayed in part only; those of today as a whole.
    const isWhole = JSON.stringify(events).includes('"start":{') || JSON.stringify(events).includes('"given":{');
    if (isWhole) expect(findings.unchecked).toEqual([]);
  });

  it('some of them walk flows, choose agents, decide on messages and on call-backs', () => {
    const same = { flow: 0, router: 0, policy: 0, 'call-back': 0, record: 0 };
    for (const name of names) {
      const { findings } = replay(read(name).events, textOf);
      for (const part of ['flow', 'router', 'policy', 'call-back'] as const) same[part] += findings.same[part];
    }
    expect(same.flow).toBeGreaterThan(10);
    expect(same.router).toBeGreaterThan(10);
    expect(same.policy).toBeGreaterThan(3);
    expect(same['call-back']).toBeGreaterThan(8);
  });
});

test('a kept text has the hash it is kept under', () => {
  const texts = readdirSync(join(folder, 'revisions'));
  expect(texts.length).toBeGreaterThanOrEqual(4);
  for (const file of texts) {
    expect(`${file.split('@')[0]}@${revisionOf(readFileSync(join(folder, 'revisions', file), 'utf8'))}.yaml`).toBe(
      file,
    );
  }
});

function read(name: string): { events: RecordedEvent[]; expected: Expected } {
  const lines = readFileSync(join(folder, `${name}.jsonl`), 'utf8')
    .trim()
    .split('\n');
  const expected = JSON.parse(readFileSync(join(folder, `${name}.expected.json`), 'utf8')) as Expected;
  return { events: lines.map((line) => JSON.parse(line) as RecordedEvent), expected };
}

function textOf(name: string, revision: string): string | undefined {
  const file = join(folder, 'revisions', `${name}@${revision}.yaml`);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}
