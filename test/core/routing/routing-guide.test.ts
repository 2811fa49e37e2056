// docs/routing.md: every example is a piece of a centre that compiles, and those of waiting and call-backs do what they say.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { formatIssue } from '../../../src/core/document/issue.js';
import type { Centre } from '../../../src/core/routing/centre.js';
import { compileCentre } from '../../../src/core/routing/compile-centre.js';
import { SAMPLE_TEXT } from '../../support/sample-centre.js';

interface Example {
  readonly heading: string;
  readonly text: string;
}

const examples = examplesOf(readFileSync('docs/routing.md', 'utf8'));

test.each(examples.map(({ heading, text }, index) => [`${index + 1}, ${heading}`, text]))(
  'example %s',
  (_name, text) => {
    const compiled = compileCentre(
      { file: 'centre.yaml', text: merged(text), revision: '' },
      { flows: new Set(['main']) },
    );
    expect(compiled.ok ? [] : compiled.issues.map(formatIssue)).toEqual([]);
  },
);

describe('what the examples say', () => {
  test('of what is said, of ways out, and of going elsewhere', () => {
    expect(centreOf('What is said', 0).queues.get('support')).toMatchObject({
      sayWait: true,
      announcements: [
        { text: 'comfort', afterMs: 20_000, everyMs: 60_000 },
        { text: 'adverts', afterMs: 90_000, everyMs: 0 },
      ],
    });
    const { exits, exitKey } = centreOf('Ways out', 0).queues.get('support') ?? {};
    expect([exitKey, ...Object.keys(exits ?? {})]).toEqual(['*', '1', '2', '3', '4']);
    expect(centreOf('Elsewhere instead of joining', 0).queues.get('support')).toMatchObject({
      divert: { whenWaitOverMs: 600_000, whenWaitingPerAgentOver: 5, to: { kind: 'callback' } },
      leaveEmpty: 'overflow',
      emptyMeans: 'nobody-at-work',
    });
  });

  test('of call-backs', () => {
    const centre = centreOf('Call-backs', 0);
    expect(centre.queues.get('support')).toMatchObject({ callbacks: { first: 'customer' }, callbackShare: 0.5 });
    expect(centre.recovery).toMatchObject({
      retryAfterMs: { busy: [120_000, 300_000, 900_000], machine: [7_200_000] },
    });
    expect(centre.outbound.maxPerDestinationPerDay).toBe(10);
    expect(centreOf('Call-backs', 1).recovery.webForm).toEqual({ queues: ['support'], maxPerHour: 60 });
  });
});

function centreOf(heading: string, index: number): Centre {
  const text = examples.filter((example) => example.heading === heading)[index]?.text ?? '';
  expect(text).not.toBe('');
  const source = { file: 'centre.yaml', text: merged(text), revision: '' };
  const compiled = compileCentre(source, { flows: new Set(['main']) });
  if (!compiled.ok) throw new Error(compiled.issues.map(formatIssue).join('\n'));
  return compiled.value;
}

function examplesOf(markdown: string): Example[] {
  let heading = '';
  const found: Example[] = [];
  for (const part of markdown.split(/^(?=#+ |```)/m)) {
    const title = /^#+ (.*)/.exec(part)?.[1];
    if (title !== undefined) heading = title;
    const text = /^```yaml\n([\s\S]*)$/.exec(part)?.[1];
    if (text !== undefined) found.push({ heading, text });
  }
  return found;
}

/** The sample centre with the example laid over it. */
function merged(example: string): string {
  return stringify(over(parse(SAMPLE_TEXT), parse(example)));
}

function over(below: unknown, above: unknown): unknown {
  if (!isRecord(below) || !isRecord(above)) return above;
  const keys = new Set([...Object.keys(below), ...Object.keys(above)]);
  return Object.fromEntries(
    [...keys].map((key) => [key, Object.hasOwn(above, key) ? over(below[key], above[key]) : below[key]]),
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
