// What tests say of a text that is about to come into force.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { formatIssue, type SourceFile } from '../../../src/core/document/issue.js';
import { runFlowTests } from '../../../src/core/flow-test/run-flow-tests.js';
import { compileFlows } from '../../../src/core/ivr/compile.js';
import { catalogueOf } from '../../../src/core/replay/texts.js';
import { namesInCentre } from '../../../src/core/routing/compile-centre.js';
import { sampleCentre } from '../../support/sample-centre.js';

const read = (file: string): SourceFile => ({ file, text: readFileSync(`ivr-flows/${file}`, 'utf8'), revision: 'r' });
const centre = sampleCentre();
const tests = read('main.test.yaml');

function textsWith(change: (text: string) => string) {
  const main = read('main.yaml');
  const flows = compileFlows([{ ...main, text: change(main.text) }], namesInCentre(read('centre.yaml')));
  if (!flows.ok) throw new Error(flows.issues.map(formatIssue).join('\n'));
  return { centre, catalogue: catalogueOf(centre, flows.value) };
}

describe('the tests beside a flow', () => {
  test('say nothing of a flow that does what they say', () => {
    const { passed, failed, issues } = runFlowTests(
      textsWith((text) => text),
      [tests],
    );
    expect(passed).toBeGreaterThan(10);
    expect({ failed, issues }).toEqual({ failed: 0, issues: [] });
  });

  test('tell each case that fails as an error where it does', () => {
    const changed = textsWith((text) => text.replace('reason: hours-told', 'reason: told'));
    const { failed, issues } = runFlowTests(changed, [tests]);
    expect(failed).toBe(1);
    expect(issues.map(formatIssue)).toEqual([
      "main.test.yaml:89:9: the test 'asks for the opening hours on a holiday and has what was wanted' fails; expected the end: served (hours-told); instead the end: served (told) (npm run flow test tells the call until then)",
    ]);
  });

  test('tell their own mistakes, while those of other flows are played', () => {
    const wrong = { ...tests, file: 'other.test.yaml', text: tests.text.replace('flow: main', 'flow: mane') };
    const { passed, issues } = runFlowTests(
      textsWith((text) => text),
      [wrong, tests],
    );
    expect(passed).toBeGreaterThan(10);
    expect(issues.map(formatIssue)).toEqual(["other.test.yaml:4:7: there is no flow 'mane' (known: main)"]);
  });
});
