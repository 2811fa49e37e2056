// Before every file of tests: a folder of its own for what is temporary; what a file leaves in it is told.
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** What tools keep there for the next time; what tsx has compiled is shared by all files. */
const COMPILED = `tsx-${process.geteuid?.() ?? ''}`;
const KEPT: readonly string[] = [COMPILED, 'node-compile-cache'];

const before = process.env['TMPDIR'];
const shared = join(tmpdir(), COMPILED);
mkdirSync(shared, { recursive: true });
const folder = mkdtempSync(join(tmpdir(), 'hilo-'));
// Others may enter it: as root, PostgreSQL runs as a user of its own.
chmodSync(folder, 0o755);
symlinkSync(shared, join(folder, COMPILED));
process.env['TMPDIR'] = folder;

// The first that is said, the last that runs.
afterAll(() => {
  if (before === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = before;
  const left = readdirSync(folder).filter((name) => !KEPT.includes(name));
  rmSync(folder, { recursive: true, force: true });
  if (left.length > 0) console.error(`left behind among temporary files: ${left.join(', ')}`);
});
