import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/lib/ids.js';
import { sipCorpus } from '../../src/sim/fuzz/corpus.js';
import { mutated } from '../../src/sim/fuzz/mutation.js';
import { parseMessage } from '../../src/switch/sip/message/parse.js';

const CORPUS = sipCorpus('UDP', 'serial');

function inputs(seed: number, count: number): Buffer[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => mutated(random, CORPUS));
}

describe('damaged input', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(inputs(1, 50)).toEqual(inputs(1, 50));
    expect(inputs(1, 50)).not.toEqual(inputs(2, 50));
  });

  it('begins with what is good', () => {
    for (const good of CORPUS.slice(0, -1)) expect(parseMessage(good).ok).toBe(true);
  });

  it('is refused as often as it is taken, and never more than a datagram', () => {
    const outcomes = inputs(3, 2_000).map((bytes) => parseMessage(bytes).ok);
    const taken = outcomes.filter((ok) => ok).length;
    expect(taken).toBeGreaterThan(200);
    expect(taken).toBeLessThan(1_800);
    expect(Math.max(...inputs(3, 2_000).map((bytes) => bytes.length))).toBeLessThanOrEqual(65_000);
  });
});
