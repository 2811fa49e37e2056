// Before every file of tests: a folder of its own for what is temporary; a file that leaves something in it fails.
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** What tools keep there for the next time. */
const KEPT = /^(tsx-\d+|node-compile-cache)$/;

const before = process.env['TMPDIR'];
const folder = mkdtempSync(join(tmpdir(), 'hilo-'));
// Others may enter it: as root, PostgreSQL runs as a user of its own.
chmodSync(folder, 0o755);
process.env['TMPDIR'] = folder;

// The first that is said, the last that runs.
afterAll(() => {
  if (before === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = before;
  const left = readdirSync(folder).filter((name) => !KEPT.test(name));
  rmSync(folder, { recursive: true, force: true });
  if (left.length > 0) throw new Error(`left behind in the folder of temporary files: ${left.join(', ')}`);
});
