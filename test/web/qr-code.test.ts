// The QR code of the second factor: the finder patterns, the light around, and a code that is a reader's.
import { describe, expect, test } from 'vitest';
import { drawn } from '../../src/web/account/qr-code.js';

const URI =
  'otpauth://totp/Hilo:ana?issuer=Hilo&secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&algorithm=SHA1&digits=6&period=30';
const FINDER = ['#######', '#.....#', '#.###.#', '#.###.#', '#.###.#', '#.....#', '#######'];

function picture(text: string): readonly string[] {
  const { size, path } = drawn(text);
  const rows = Array.from({ length: size }, () => Array.from({ length: size }, () => '.'));
  for (const [, x, y] of path.matchAll(/M(\d+) (\d+)h1v1h-1z/g)) {
    const row = rows[Number(y)];
    if (row !== undefined) row[Number(x)] = '#';
  }
  return rows.map((row) => row.join(''));
}

const corner = (rows: readonly string[], x: number, y: number): readonly string[] =>
  rows.slice(y, y + 7).map((row) => row.slice(x, x + 7));

describe('a QR code', () => {
  test('has its three finders, and four modules of light around it', () => {
    const rows = picture(URI);
    const far = rows.length - 4 - 7;
    for (const [x, y] of [
      [4, 4],
      [far, 4],
      [4, far],
    ] as const) {
      expect(corner(rows, x, y)).toEqual(FINDER);
    }
    for (const row of [...rows.slice(0, 4), ...rows.slice(-4)]) expect(row).not.toContain('#');
  });

  test('is another one for another text, and fits what an app is told', () => {
    expect(picture(URI)).not.toEqual(picture(`${URI}0`));
    // Version 1 is 21 modules wide, each further one 4 more.
    expect((picture(URI).length - 8 - 21) % 4).toBe(0);
    expect(picture(URI).length).toBeLessThan(21 + 4 * 9 + 8);
  });
});
