// `npm run sim`, `replay`, `flow`: builds what has changed since the last time, and only then, and runs the command in this process.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, orStop, ROOT } from './setup.mjs';

const [program = '', ...args] = process.argv.slice(2);
const file = join(ROOT, 'dist', program);
// The standard output is the command's own: it may be JSON.
await orStop(() => build((line) => console.error(line)));
process.argv = [process.execPath, file, ...args];
await import(pathToFileURL(file).href);
