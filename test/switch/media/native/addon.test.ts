import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isNativeBuilt, loadNative } from '../../../../src/switch/media/native/addon.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hilo-addon-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('the native part', () => {
  test('is left out when it was built from other sources', async () => {
    const path = join(folder, 'older.cjs');
    await writeFile(path, 'module.exports = { interfaceVersion: 0 };');
    expect(isNativeBuilt(path)).toBe(false);
    expect(() => loadNative(path)).toThrow('node scripts/native.mjs');
  });

  test('is left out when it cannot be loaded, or is not there', async () => {
    const path = join(folder, 'broken.node');
    await writeFile(path, 'not a library');
    expect(isNativeBuilt(path)).toBe(false);
    expect(isNativeBuilt(join(folder, 'nothing.node'))).toBe(false);
  });
});
