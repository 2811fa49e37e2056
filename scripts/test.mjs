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

const args = process.argv.slice(2);
if (args.includes('--help') || args.includes('-h')) {
  console.log(HELP);
} else {
  // Without a browser its tests fail; HILO_NO_BROWSER=1 leaves them out, and says so.
  const browser = process.env.HILO_NO_BROWSER === '1' ? [] : ['chromium'];
  await orStop(() => setUp({ programs: ['redis-server', 'espeak-ng', 'sipp', ...browser] }));
  await runTests();
}

async function runTests() {
  const folder = mkdtempSync(join(tmpdir(), 'hilo-test-'));
  const report = join(folder, 'report.json');
  try {
    const reporters = ['default', 'json', join(ROOT, 'scripts', 'test-deaths.mjs')].map((one) => `--reporter=${one}`);
    const exitCode = await vitest([...reporters, `--outputFile.json=${report}`, ...args]);
    const { passed, failed } = countsOf(report, exitCode);
    if (passed + failed === 0) console.log('No test was run.');
    console.log(`${passed} passed, ${failed} failed`);
    process.exitCode = failed > 0 || passed === 0 || exitCode !== 0 ? 1 : 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function vitest(options) {
  const child = spawn(runtime(), [join(ROOT, 'node_modules', 'vitest', 'vitest.mjs'), 'run', ...options], {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  // The terminal's Ctrl-C reaches vitest by itself; we stay for the summary.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
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
