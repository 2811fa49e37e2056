// Queues and agents are found by the names that they had before.
import { expect, test } from 'vitest';
import {
  agentNamed,
  checkFormerNames,
  formerNamesOf,
  namesOfAgent,
  presentAgent,
  presentEntry,
  presentName,
  QueuesByName,
} from '../../../../src/core/routing/keys/former-names.js';
import { waiting } from '../../../support/floor.js';
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

test('an agent: who is looked for out of the record is found, and what is kept is theirs', () => {
  const sample = sampleCentre();
  const [[, ana] = []] = sample.agents;
  if (ana === undefined) throw new Error('the centre has no agent');
  const agents = new Map([['anna', { ...ana, name: 'anna', formerly: ['ana', 'a'] }]]);
  const centre = {
    queues: new QueuesByName([named('ventas', ['sales'])]),
    ...{ agents, formerAgents: formerNamesOf(agents) },
  };
  expect(['ana', 'anna', 'bruno'].map((name) => presentAgent(centre, name))).toEqual(['anna', 'anna', 'bruno']);
  expect([agentNamed(centre, 'a')?.name, agentNamed(centre, 'bruno')]).toEqual(['anna', undefined]);
  expect(namesOfAgent(centre, 'anna')).toEqual(['anna', 'ana', 'a']);
  // Whoever asks for something under a former name is refused.
  expect(centre.agents.has('ana')).toBe(false);
  const entry = waiting('e', 'sales', 0, { preferred: { agent: 'ana', untilMs: 9 } });
  expect(presentEntry(centre, entry)).toEqual({ ...entry, queue: 'ventas', preferred: { agent: 'anna', untilMs: 9 } });
  const other = waiting('e', 'ventas');
  expect(presentEntry(centre, other)).toBe(other);
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
  checkFormerNames('queues', queues, (path, message) => issues.push(`${path.join('.')}: ${message}`));
  expect(issues).toEqual(told);
});
