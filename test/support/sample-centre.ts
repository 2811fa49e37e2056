// The sample centre, compiled, for tests that need one.
import { readFileSync } from 'node:fs';
import { formatIssue } from '../../src/core/document/issue.js';
import type { Centre } from '../../src/core/routing/centre.js';
import { compileCentre } from '../../src/core/routing/compile-centre.js';

export const SAMPLE_TEXT = readFileSync('ivr-flows/centre.yaml', 'utf8');

/** With `change` made to its text first. Throws with all mistakes. */
export function sampleCentre(change: (text: string) => string = (text) => text): Centre {
  const source = { file: 'centre.yaml', text: change(SAMPLE_TEXT), revision: '' };
  const compiled = compileCentre(source, { flows: new Set(['main']) });
  if (!compiled.ok) throw new Error(compiled.issues.map(formatIssue).join('\n'));
  return compiled.value;
}
