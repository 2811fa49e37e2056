// A part of src/ compiled as for production, in a folder of a test's own that it may change.
import { execFile } from 'node:child_process';
import { mkdtemp, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const ROOT = resolve(import.meta.dirname, '../..');

/**
 * @param files paths below src/; what they import is compiled with them
 * @returns the folder, with `dist/`, the packages and the native part where the code looks for them; the test removes it
 */
export async function compile(files: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'hilo-compiled-'));
  const config = {
    extends: join(ROOT, 'tsconfig.build.json'),
    compilerOptions: {
      outDir: join(folder, 'dist'),
      rootDir: join(ROOT, 'src'),
      incremental: false,
      tsBuildInfoFile: null,
      typeRoots: [join(ROOT, 'node_modules/@types')],
    },
    include: [],
    files: files.map((file) => join(ROOT, 'src', file)),
  };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config));
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  for (const name of ['node_modules', 'native']) await symlink(join(ROOT, name), join(folder, name));
  await promisify(execFile)(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', folder]);
  return folder;
}
