// A flow drawn: every step a box, every way an arrow, and what is wrong in red, also in flows that do not compile.
import { describe, expect, test } from 'vitest';
import { draftFlows } from '../../src/core/ivr/compile.js';
import { type Picture, pictureOf } from '../../src/core/ivr/ways/picture.js';
import { mermaidOf } from '../../src/flow-cli/graph/mermaid.js';
import { svgOf } from '../../src/flow-cli/graph/svg.js';
import { AROUND } from '../support/flow-caller.js';

const FLOW = `version: 1
name: main
languages: [es]
start: choice
steps:
  choice:
    do: menu
    say: 'Pulse 1 para "ventas" & 2.'
    keys: { 1: sales, 2: sales, 3: news }
    otherwise: news
  sales: { do: queue, queue: sales, next: news }
  news: { do: say, say: Llame al 900 123 456., next: check }
  check: { do: hours, hours: ofice, open: choice, closed: choice }
  lost: { do: hangup }
`;

function picture(text = FLOW): Picture {
  const { drafts, issues } = draftFlows([{ file: 'main.yaml', text, revision: '' }], AROUND);
  const [draft] = drafts;
  if (draft === undefined) throw new Error('there is no flow');
  return pictureOf(draft, issues);
}

describe('a picture', () => {
  test('has every step, and what is wrong at its step', () => {
    expect(
      picture().boxes.map(({ name, deed, role, issues }) => [name, deed, role, issues.map((one) => one.severity)]),
    ).toEqual([
      ['choice', 'menu', 'listens', []],
      ['sales', 'queue sales', 'person', []],
      ['news', 'say', 'plain', ['warning']],
      ['check', 'hours', 'plain', ['error']],
      ['lost', 'hangup', 'end', ['error']],
    ]);
  });

  test('has every way, those to one step in one arrow', () => {
    expect(picture().arrows).toEqual([
      { from: 'choice', to: 'sales', label: '1, 2' },
      { from: 'choice', to: 'news', label: '3, otherwise' },
      { from: 'sales', to: 'news', label: '' },
      { from: 'news', to: 'check', label: '' },
      { from: 'check', to: 'choice', label: 'open, closed' },
    ]);
  });

  test('of a step that cannot be read shows where it might lead', () => {
    const { boxes, arrows } = picture(FLOW.replace('queue: sales, next', 'queu: sales, next'));
    expect(boxes.find(({ name }) => name === 'sales')).toMatchObject({ deed: '', issues: [{ severity: 'error' }, {}] });
    expect(arrows).toContainEqual({ from: 'sales', to: 'news', label: '?' });
  });

  test('shows at the start that no way leads to a person', () => {
    const text = 'version: 1\nname: main\nlanguages: [es]\nstart: bye\nsteps:\n  bye: { do: hangup }\n';
    expect(picture(text).boxes).toMatchObject([{ name: 'bye', issues: [{ severity: 'warning', line: 4 }] }]);
  });
});

test('as Mermaid', () => {
  const text = mermaidOf(picture());
  expect(text).toMatch(/^flowchart TD\n {2}s0\{\{"choice<br>menu"\}\}\n/);
  expect(text).toContain('  s0 -->|"1, 2"| s1\n');
  expect(text).toContain('  class s2 warning\n  class s3 error\n  class s4 error\n');
});

test('as SVG: nothing outside, no two boxes on one place, faults in red with their words', () => {
  const svg = svgOf(picture());
  const [, left = '', width = '', height = ''] = /viewBox="(\S+) 0 (\S+) (\S+)"/.exec(svg) ?? [];
  const boxes = [...svg.matchAll(/<rect x="([^"]+)" y="([^"]+)" width="170"/g)].map(([, x, y]) => [
    Number(x),
    Number(y),
  ]);
  expect(boxes).toHaveLength(5);
  expect(new Set(boxes.map(String)).size).toBe(5);
  for (const [x = Number.NaN, y = Number.NaN] of boxes) {
    expect(x).toBeGreaterThan(Number(left));
    expect(x + 170).toBeLessThan(Number(left) + Number(width));
    expect(y + 48).toBeLessThan(Number(height));
  }
  expect(svg.match(/marker-end/g)).toHaveLength(5);
  expect(svg.match(/stroke="#b3261e"/g)).toHaveLength(3);
  expect(svg).toContain('the centre has no opening hours &apos;ofice&apos;'.replaceAll('&apos;', "'"));
});
