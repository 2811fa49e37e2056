import { describe, expect, it } from 'vitest';
import { DEFAULT_PLACES, Places } from '../../../../src/switch/sip/transport/places.js';

function fill(places: Places, source: string): number {
  let taken = 0;
  while (places.take(source)) taken++;
  return taken;
}

describe('places for connections', () => {
  it(`one address gets ${DEFAULT_PLACES.perSource}`, () => {
    expect(fill(new Places(), '192.0.2.1')).toBe(DEFAULT_PLACES.perSource);
  });

  it('eight greedy addresses leave a fifth of them to others', () => {
    const places = new Places();
    for (let host = 1; host <= 8; host++) fill(places, `192.0.2.${host}`);
    expect(DEFAULT_PLACES.total - places.taken).toBeGreaterThan(DEFAULT_PLACES.total / 5);
  });

  it('the first connection of a new address is refused only when none is left at all', () => {
    const places = new Places({ total: 100, perSource: 50 });
    for (let host = 0; host < 10; host++) fill(places, `192.0.2.${host}`);
    let newcomers = 0;
    while (places.take(`198.51.100.${newcomers}`)) newcomers++;
    expect(newcomers).toBeGreaterThan(0);
    expect(places.taken).toBe(100);
    expect(places.takeOwn()).toBe(false);
  });

  it('what is given back can be taken again, by anybody', () => {
    const places = new Places({ total: 1, perSource: 1 });
    expect([places.take('192.0.2.1'), places.take('192.0.2.2')]).toEqual([true, false]);
    places.release('192.0.2.1');
    expect([places.takenBy('192.0.2.1'), places.takeOwn()]).toEqual([0, true]);
    places.release();
    expect(places.take('192.0.2.2')).toBe(true);
  });
});
