// `npm run pictures`: draws the pictures of docs/pictures anew, by the page tests that take them; names those that nobody draws any more.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { orStop, ROOT, setUp } from './setup.mjs';

const HELP = `npm run pictures [-- options]      draw the pictures of docs/pictures anew

  npm run pictures -- test/e2e/web/floor    only those of the tests whose path contains this

Other options go to vitest.`;
const PICTURES = join(ROOT, 'docs', 'pictures');
const STORIES = join('test', 'e2e', 'web');

const args = process.argv.slice(2);
if (args.includes('--help') || args.includes('-h')) {
  console.log(HELP);
} else {
  await orStop(() => setUp({ programs: ['redis-server', 'espeak-ng', 'sipp', 'chromium'] }));
  process.exitCode = draw();
}

function draw() {
  const startedMs = Date.now();
  const files = args.length > 0 ? args : takers();
  const env = { ...process.env, HILO_PICTURES: '1' };
  const vitest = ['vitest', 'run', '--project', 'pages', ...files];
  const { status } = spawnSync('npx', vitest, { cwd: ROOT, env, stdio: 'inherit' });
  const all = readdirSync(PICTURES).filter((name) => name.endsWith('.png'));
  const old = all.filter((name) => statSync(join(PICTURES, name)).mtimeMs < startedMs);
  const bytes = all.reduce((sum, name) => sum + statSync(join(PICTURES, name)).size, 0);
  console.log(`${all.length - old.length} pictures drawn; ${all.length} have ${(bytes / 1e6).toFixed(1)} MB`);
  if (args.length === 0 && old.length > 0) console.log(`not drawn: ${old.join(', ')}`);
  return status ?? 1;
}

/** The tests that take pictures; the others have nothing to draw. */
function takers() {
  return readdirSync(join(ROOT, STORIES))
    .filter((name) => name.endsWith('.system.test.ts'))
    .map((name) => join(STORIES, name))
    .filter((path) => readFileSync(join(ROOT, path), 'utf8').includes('await picture('));
}
