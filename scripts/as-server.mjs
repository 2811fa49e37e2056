// `npm run bench`, `bench:core`, `bench:calls`, `bench:sip`: builds, and runs a program on the Node and with the arguments of the server it measures.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { nodeArguments, runtime } from './runtime.mjs';
import { build, orStop, ROOT } from './setup.mjs';

const [program = '', ...args] = process.argv.slice(2);
await orStop(() => build((line) => console.error(line)));
const { status } = spawnSync(runtime(), [...nodeArguments(), join(ROOT, 'dist', program), ...args], {
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
