// Which Node runs Hilo: the LTS release that comes as a package, where there is one, whatever Node set it up.
import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';

const BUNDLED = fileURLToPath(new URL(`../node_modules/node-linux-${process.arch}/bin/node`, import.meta.url));

/**
 * Path of the program. A call costs a quarter less of the processor on Node 24 than on Node 20 (README, "What it carries").
 * The package is optional: for other platforms, or where it does not run (an old libc), the Node that runs us has to do.
 */
export function runtime(bundled = BUNDLED) {
  const [ours = 0] = process.versions.node.split('.').map(Number);
  const asked = spawnSync(bundled, ['--print', 'process.versions.node'], { encoding: 'utf8' });
  if (asked.status !== 0) return process.execPath;
  const [theirs = 0] = asked.stdout.split('.').map(Number);
  return theirs > ours ? bundled : process.execPath;
}

/**
 * What the server's Node is told. On one or two processors V8's own threads for collecting garbage take the time of the
 * thread that waits for them: the slowest hundredth of rounds of offers (10,000 waiting) took 5.8-8.7 ms with them and
 * 2.3 ms without, and a call costs the same.
 */
export function nodeArguments(processors = availableParallelism()) {
  return ['--enable-source-maps', ...(processors <= 2 ? ['--single-threaded-gc'] : [])];
}
