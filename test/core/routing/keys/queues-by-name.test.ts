// Queues are found by the names that they had before.
import { expect, test } from 'vitest';
import { checkFormerNames, presentName, QueuesByName } from '../../../../src/core/routing/keys/queues-by-name.js';
import { sampleCentre } from '../../../support/sample-centre.js';

const [[, queue] = []] = sampleCentre().queues;
const named = (name: string, formerly: readonly string[] = []) => {
  if (queue === undefined) throw new Error('the centre has no queue');
  return [name, { ...queue, name, formerly }] as const;
};

test('whoever waits under an old name waits in the same queue, which is listed once', () => {
  const queues = new QueuesByName([named('ventas', ['sales', 'shop']), named('support')]);
  expect([queues.get('sales')?.name, queues.has('shop'), queues.has('other')]).toEqual(['ventas', true, false]);
  expect([...queues.keys()]).toEqual(['ventas', 'support']);
  expect(presentName({ queues }, 'shop')).toBe('ventas');
  expect(presentName({ queues }, 'gone')).toBe('gone');
});

test('a present name is stronger than a former one', () => {
  const queues = new QueuesByName([named('ventas', ['support']), named('support')]);
  expect(queues.get('support')?.name).toBe('support');
});

test.each([
  [
    { ventas: { formerly: ['support'] }, support: { formerly: [] } },
    ["queues.ventas.formerly.0: 'support' already leads to support"],
  ],
  [{ a: { formerly: ['x'] }, b: { formerly: ['x'] } }, ["queues.b.formerly.0: 'x' already leads to a"]],
  [{ a: { formerly: ['x', 'y'] }, b: { formerly: [] } }, []],
])('a name leads to one queue: %j', (queues, told) => {
  const issues: string[] = [];
  checkFormerNames(queues, (path, message) => issues.push(`${path.join('.')}: ${message}`));
  expect(issues).toEqual(told);
});
