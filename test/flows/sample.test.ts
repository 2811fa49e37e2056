// The tests beside the sample flows hold, and leave no way out of any step untried.
import { expect, test } from 'vitest';
import { percentOf, playSuite } from '../../src/core/flow-test/suite.js';
import { openSuite } from '../../src/flow-cli/test.js';

const suite = openSuite('ivr-flows');
if (!suite.ok) throw new Error(JSON.stringify(suite.issues));
const { loaded, files } = suite;
const result = playSuite(loaded.catalogue, loaded.centre.timeZone, files);

test.each(result.files.flatMap(({ file, cases }) => cases.map((played) => ({ file, ...played }))))(
  '$file: $name',
  ({ failure, story }) => {
    expect(failure, JSON.stringify(story, null, 2)).toBeUndefined();
  },
);

test('every way out of every step of every flow was taken', () => {
  const open = result.coverage.flatMap(({ flow, steps }) =>
    steps.flatMap(({ step, open: ways }) => ways.map((way) => `${flow}/${step} ${way}`)),
  );
  expect(open).toEqual([]);
  expect(percentOf(result.coverage)).toBe(100);
  expect(result.coverage.map(({ flow }) => flow)).toEqual([...loaded.catalogue.flows.keys()]);
});
