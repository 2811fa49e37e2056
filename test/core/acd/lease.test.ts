// An offer lives as long as the devices of the agent may ring, each for its own time.
import { expect, test } from 'vitest';
import { leaseMsOf } from '../../../src/core/acd/lease.js';
import { sampleCentre } from '../../support/sample-centre.js';

const support = sampleCentre().queues.get('support');
const [plain, quick, slow] = [{}, { ringMs: 4_000 }, { ringMs: 60_000 }];

test.each([
  ['one after the other', 'in-order', [plain, quick, slow], 20_000 + 4_000 + 60_000],
  ['together', 'together', [plain, quick, slow], 60_000],
  ['none at all', 'in-order', [], 20_000],
] as const)('devices %s', (_name, ring, devices, ringMs) => {
  if (support === undefined) throw new Error('the sample has no such queue');
  const bare = leaseMsOf({ ...support, ringMs: 0 }, { skills: {}, devices: [], ring });
  expect(leaseMsOf(support, { skills: {}, devices, ring }) - bare).toBe(ringMs);
});
