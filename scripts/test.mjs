// `npm test`: sets up what is missing, runs every test, ends with one line `N passed, N failed`.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runtime } from './runtime.mjs';
import { orStop, ROOT, setUp } from './setup.mjs';

const HELP = `npm test [-- options]      set up what is missing, build, run every test

  npm test -- --project unit           only the quick ones, without servers
  npm test -- test/store               only the files whose path contains this
  npm test -- -t 'hangs up early'      only the tests whose name contains this

Other options go to vitest. The last line is \`N passed, N failed\`; the exit code is 0 when none failed.`;

/** Together: servers and processes need quiet neighbours. */
const FIRST = ['unit', 'native', 'system'];
/**
 * Afterwards side by side, one after another within a lane: most of their time goes by with listening to calls. Pages are the
 * last: a browser beside other calls makes Hilo refuse some of them, as it should.
 */
const LANES = [['e2e', 'pages'], ['conformance']];

const children = new Set();
let isStopped = false;

const args = process.argv.slice(2);
if (args.includes('--help') || args.includes('-h')) {
  console.log(HELP);
} else {
  // Without a browser its tests fail; HILO_NO_BROWSER=1 leaves them out, and says so.
  const browser = process.env.HILO_NO_BROWSER === '1' ? [] : ['chromium'];
  await orStop(() => setUp({ programs: ['redis-server', 'espeak-ng', 'sipp', ...browser] }));
  // The terminal's Ctrl-C reaches vitest by itself; we stay for the summary.
  process.on('SIGINT', () => {
    isStopped = true;
  });
  process.on('SIGTERM', () => {
    isStopped = true;
    for (const child of children) child.kill('SIGTERM');
  });
  await runTests();
}

async function runTests() {
  const folder = mkdtempSync(join(tmpdir(), 'hilo-test-'));
  try {
    const counts = args.length > 0 ? [await run(folder, 'report', args)] : await runAll(folder);
    const passed = sum(counts.map((one) => one.passed));
    const failed = sum(counts.map((one) => one.failed));
    if (passed + failed === 0) console.log('No test was run.');
    console.log(`${passed} passed, ${failed} failed`);
    process.exitCode = failed > 0 || passed === 0 || counts.some(({ exitCode }) => exitCode !== 0) ? 1 : 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runAll(folder) {
  const first = await runProjects(folder, FIRST);
  const lanes = await Promise.all(LANES.map((lane, at) => runLane(folder, lane, { isHeldBack: at > 0 })));
  return [first, ...lanes.flat()];
}

async function runLane(folder, lane, options) {
  const counts = [];
  for (const project of lane) {
    if (!isStopped) counts.push(await runProjects(folder, [project], options));
  }
  return counts;
}

function runProjects(folder, projects, options) {
  const selected = projects.filter(isThere).map((project) => `--project=${project}`);
  return run(folder, projects.join('-'), selected, options);
}

/** The native engine's tests are a project only where it could be built. */
function isThere(project) {
  return project !== 'native' || existsSync(join(ROOT, 'native', 'build', 'Release', 'hilo_media.node'));
}

async function run(folder, name, options, { isHeldBack = false } = {}) {
  const report = join(folder, `${name}.json`);
  const reporters = ['default', 'json', join(ROOT, 'scripts', 'test-deaths.mjs')].map((one) => `--reporter=${one}`);
  const exitCode = await vitest([...reporters, `--outputFile.json=${report}`, ...options], isHeldBack);
  return { ...countsOf(report, exitCode), exitCode };
}

/** `isHeldBack`: what it says is shown in one piece when it is over, not between the lines of another one. */
function vitest(options, isHeldBack) {
  const output = isHeldBack ? 'pipe' : 'inherit';
  const child = spawn(runtime(), [join(ROOT, 'node_modules', 'vitest', 'vitest.mjs'), 'run', ...options], {
    cwd: ROOT,
    stdio: ['ignore', output, output],
  });
  children.add(child);
  const said = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data) => said.push(data));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      children.delete(child);
      process.stdout.write(Buffer.concat(said));
      resolve(code ?? 1);
    });
  });
}

function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}

/** A file that cannot be loaded, or an error outside of any test, counts as one failure. */
function countsOf(report, exitCode) {
  if (!existsSync(report)) return { passed: 0, failed: 1 };
  const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(report, 'utf8'));
  const brokenFiles = testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  ).length;
  const failed = numFailedTests + brokenFiles;
  return { passed: numPassedTests, failed: failed === 0 && exitCode !== 0 && numPassedTests > 0 ? 1 : failed };
}
