// A step of the build: each file that is asked for by browsers also lies there compressed, so that the server never does it.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Plugin } from 'vite';

/** Texts only: pictures and sounds are compressed already. */
const TEXTS = /\.(?:js|css|svg|json)$/;
/** What fits into one packet gains nothing. */
const LEAST_BYTES = 1_024;
/** The best brotli takes seconds for the largest, and makes them smaller by a twentieth. */
const LARGE_BYTES = 128 * 1024;

const brotli = promisify(brotliCompress);
const gzipped = promisify(gzip);

export function compressedFiles(): Plugin {
  return {
    name: 'hilo-compressed-files',
    apply: 'build',
    async writeBundle({ dir = '' }, bundle) {
      await Promise.all(
        Object.keys(bundle)
          .filter((name) => TEXTS.test(name))
          .map((name) => compress(join(dir, name))),
      );
    },
  };
}

async function compress(path: string): Promise<void> {
  const bytes = await readFile(path);
  if (bytes.length < LEAST_BYTES) return;
  const quality = bytes.length > LARGE_BYTES ? 9 : 11;
  const params = { [constants.BROTLI_PARAM_QUALITY]: quality, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  const [br, gz] = await Promise.all([brotli(bytes, { params }), gzipped(bytes, { level: 9 })]);
  await Promise.all([writeFile(`${path}.br`, br), writeFile(`${path}.gz`, gz)]);
}
