// Interactions recorded by earlier versions have to be read for ever: files are added here, never edited.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RecordedEvent } from '../../../src/core/interaction/event.js';
import { fold } from '../../../src/core/interaction/interaction.js';
import { outcomesOf, unaccounted } from '../../../src/core/interaction/outcome.js';
import { summaryOf } from '../../../src/core/interaction/summary.js';
import { timeline } from '../../../src/core/interaction/timeline/timeline.js';

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
    const lines = readFileSync(join(folder, `${name}.jsonl`), 'utf8')
      .trim()
      .split('\n');
    const events = lines.map((line) => JSON.parse(line) as RecordedEvent);
    const expected = JSON.parse(readFileSync(join(folder, `${name}.expected.json`), 'utf8')) as Expected;
    const interaction = fold(events);
    // Newer versions may know more of a summary or a segment, never less or something else.
    expect(JSON.parse(JSON.stringify(summaryOf(interaction)))).toMatchObject(expected.summary);
    expect(JSON.parse(JSON.stringify(interaction.segments))).toMatchObject(expected.segments);
    expect(outcomesOf(events).map(({ outcome }) => outcome)).toEqual(expected.outcomes);
    expect(unaccounted(events, () => false)).toEqual([]);
    for (const { text } of timeline(events, 'es')) expect(text).not.toMatch(/undefined|NaN|\[object/);
  });
});
