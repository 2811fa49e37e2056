import { describe, expect, it } from 'vitest';
import { BACK_AFTER, DEAD_AFTER, IN, judged, reconnected, type Standing } from '../../../src/voice/servers/standing.js';

const doubted = (misses: number): Standing => ({ state: 'doubted', misses });
const returning = (good: number): Standing => ({ state: 'returning', good });
const DEAD: Standing = { state: 'dead' };

describe('a check', () => {
  it.each<[string, Standing, boolean, Standing]>([
    ['good stays in', IN, true, IN],
    ['the first miss leaves it out', IN, false, doubted(1)],
    ['more misses', doubted(1), false, doubted(2)],
    ['the last miss is its death', doubted(DEAD_AFTER - 1), false, DEAD],
    ['a good one is not enough to come back', doubted(1), true, returning(1)],
    ['nor a second', returning(1), true, returning(2)],
    ['but some in a row are', returning(BACK_AFTER - 1), true, IN],
    ['a miss on the way back', returning(2), false, doubted(1)],
    ['the dead stay dead', DEAD, true, DEAD],
  ])('%s', (_name, before, good, after) => expect(judged(before, good)).toEqual(after));
});

describe('a new connection', () => {
  it.each<[string, Standing, Standing]>([
    ['after a crash or a restart is used at once', IN, IN],
    ['after death has to prove itself', DEAD, returning(0)],
    ['after doubt too', doubted(2), returning(0)],
  ])('%s', (_name, before, after) => expect(reconnected(before)).toEqual(after));
});
