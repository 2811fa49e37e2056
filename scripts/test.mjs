// `npm test`: sets up what is missing, runs every test, ends with one line `N passed, N failed`.
import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runtime } from './runtime.mjs';
import { orStop, ROOT, setUp } from './setup.mjs';
import { countsOf, failuresOf, linesBetween, notesOf } from './test-report.mjs';

const HELP = `npm test [-- options]      set up what is missing, build, run every test

  npm test -- --project unit           only the quick ones, without servers
  npm test -- test/store               only the files whose path contains this
  npm test -- -t 'hangs up early'      only the tests whose name contains this

Other options go to vitest. The last line is \`N passed, N failed\`; the exit code is 0 when none failed.`;

/**
 * One phase after another; in each, lanes side by side; in a lane, one project after another. Beside each other are those
 * that mostly compute and those that mostly listen to calls. Pages come alone: a browser beside other calls makes Hilo refuse
 * some of them, as it should.
 */
const PHASES = [[['unit', 'native'], ['system']], [['e2e'], ['conformance', 'faults']], [['pages']]];

/** What tools keep among temporary files for the next time. */
const KEPT = /^(tsx-\d*|node-compile-cache)$/;

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
  // As root, PostgreSQL runs as a user of its own: it has to get through.
  chmodSync(folder, 0o755);
  try {
    const runs = args.length > 0 ? [await run(folder, 'tests', args)] : await runAll(folder);
    const passed = sum(runs.map((one) => one.passed));
    const failed = sum(runs.map((one) => one.failed));
    tellTriedAgain(runs);
    if (failed > 0) tellFailures(runs);
    if (passed + failed === 0) console.log('No test was run.');
    console.log(`${passed} passed, ${failed} failed`);
    process.exitCode = failed > 0 || passed === 0 || runs.some(({ exitCode }) => exitCode !== 0) ? 1 : 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runAll(folder) {
  const runs = [];
  for (const lanes of PHASES) {
    runs.push(...(await Promise.all(lanes.map((lane, at) => runLane(folder, lane, { isHeldBack: at > 0 })))).flat());
  }
  return runs;
}

async function runLane(folder, lane, options) {
  const runs = [];
  for (const project of lane.filter(isThere)) {
    if (!isStopped) runs.push(await runProject(folder, project, options));
  }
  return runs;
}

async function runProject(folder, project, options) {
  const startMs = performance.now();
  const result = await run(folder, project, [`--project=${project}`], options);
  const seconds = Math.round((performance.now() - startMs) / 1_000);
  console.log(`\n── ${project}: ${result.passed} passed, ${result.failed} failed, ${seconds} s\n`);
  return result;
}

/** The native engine's tests are a project only where it could be built. */
function isThere(project) {
  return project !== 'native' || existsSync(join(ROOT, 'native', 'build', 'Release', 'hilo_media.node'));
}

async function run(folder, name, options, { isHeldBack = false } = {}) {
  const file = join(folder, `${name}.json`);
  const log = process.env.HILO_TEST_LOG ?? join(folder, `${name}.log`);
  const notes = join(folder, `${name}.notes`);
  const temporary = join(folder, `${name}.tmp`);
  mkdirSync(temporary);
  const reporters = ['default', 'json', join(ROOT, 'scripts', 'test-notes.mjs')].map((one) => `--reporter=${one}`);
  const places = { log, notes, temporary };
  const exitCode = await vitest([...reporters, `--outputFile.json=${file}`, ...options], { isHeldBack, ...places });
  const left = readdirSync(temporary).filter((one) => !KEPT.test(one));
  if (left.length > 0) console.log(`${name} left behind among temporary files: ${left.join(', ')}`);
  const report = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
  const [said, noted] = [log, notes].map((one) => (existsSync(one) ? readFileSync(one, 'utf8') : ''));
  return { ...countsOf(report, exitCode), exitCode, name, failures: failuresOf(report, ROOT), said, ...notesOf(noted) };
}

/** They pass, and yet somebody should look at them. */
function tellTriedAgain(runs) {
  const again = runs.flatMap((one) => one.again);
  if (again.length > 0) console.log(`\nPassed only when tried again:\n${indented(again.join('\n'), 2)}`);
}

/** Which tests failed and why, what went wrong outside of them, and where it stands what Hilo said meanwhile. */
function tellFailures(runs) {
  const kept = mkdtempSync(join(tmpdir(), 'hilo-failed-'));
  console.log('\nFailed:');
  for (const { name, said, failures, outside } of runs) {
    for (const text of outside) console.log(indented(`${name}  ${text}`, 2));
    for (const { file, tests, fromMs, toMs } of failures) {
      console.log(`  ${name}  ${file}`);
      for (const { fullName, why } of tests) console.log(`    × ${fullName}\n${indented(why, 8)}`);
      const lines = linesBetween(said, fromMs, toMs);
      if (lines.length === 0) continue;
      const log = join(kept, `${file.replaceAll('/', '-')}.log`);
      writeFileSync(log, `${lines.join('\n')}\n`);
      console.log(`    what Hilo said meanwhile: ${log}`);
    }
  }
  if (readdirSync(kept).length === 0) rmSync(kept, { recursive: true });
}

/** `isHeldBack`: what it says is shown in one piece when it is over, not between the lines of another one. */
function vitest(options, { isHeldBack, log, notes, temporary }) {
  const output = isHeldBack ? 'pipe' : 'inherit';
  const child = spawn(runtime(), [join(ROOT, 'node_modules', 'vitest', 'vitest.mjs'), 'run', ...options], {
    cwd: ROOT,
    env: { ...process.env, HILO_TEST_LOG: log, HILO_TEST_NOTES: notes, TMPDIR: temporary },
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

function indented(text, by) {
  return text.trimEnd().replaceAll(/^/gm, ' '.repeat(by));
}

function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}
