import { readFileSync } from 'node:fs';
import { DateTime } from 'luxon';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { compileCentre, namesInCentre } from '../../src/core/routing/compile-centre.js';
import { isOpen } from '../../src/core/routing/hours.js';
import { catalogueOf, filesIn, MADRID, tell } from '../support/flow-caller.js';

const stories = z
  .array(
    z.strictObject({
      story: z.string(),
      languages: z.array(z.string()).default([]),
      at: z.string().default('2026-01-05T09:00'),
      does: z.array(z.string()),
      transcript: z.array(z.string()),
    }),
  )
  .parse(parse(readFileSync('test/flows/main.stories.yaml', 'utf8')));

const files = filesIn('ivr-flows');
const source = { file: 'centre.yaml', text: readFileSync('ivr-flows/centre.yaml', 'utf8'), revision: '' };
const centre = compileCentre(source, { flows: new Set(['main']) });
const catalogue = catalogueOf(files, namesInCentre(source), (name, atMs) => {
  const hours = centre.ok ? centre.value.hours.get(name) : undefined;
  return hours !== undefined && isOpen(hours, atMs);
});

describe('a caller of the sample menu', () => {
  test.each(stories)('$story', ({ languages, at, does, transcript }) => {
    const nowMs = DateTime.fromISO(at, { zone: MADRID }).toMillis();
    const story = tell(catalogue, does, { flow: 'main', languages, nowMs });
    const told = story.transcript.map((line, index) => {
      const beginning = transcript[index]?.endsWith('…') ? transcript[index].slice(0, -1) : undefined;
      return beginning !== undefined && line.startsWith(beginning) ? `${beginning}…` : line;
    });
    expect(told).toEqual(transcript);
  });

  test('who heard the opening hours was served, who only heard the menu was not', () => {
    const options = { flow: 'main' };
    expect(tell(catalogue, [], options).last.session.served).toBe(false);
    expect(tell(catalogue, ['3'], options).last.session.served).toBe(true);
  });

  test('the greeting waits two seconds and asks once', () => {
    const { ask } = tell(catalogue, [], { flow: 'main' }).last;
    expect(ask).toMatchObject({ kind: 'collect', purpose: 'menu', firstDigitMs: 2_000, bargeIn: true, max: 1 });
  });
});
