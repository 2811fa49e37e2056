import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

// unit: pure or in-process, parallel. system: real servers, ports and processes, one file after another.
// conformance: what drachtio and FreeSWITCH clients rely on, on our switch or on a real pair (CONFORMANCE_* variables).
// e2e: the same against one Hilo, started as a user starts it. faults: Hilos of their own, whose parts are killed.
// pages: its pages in one browser, against a Hilo of their own.

/** A test that hangs fails after so long; a loaded machine is no reason to fail. */
const UNIT_LIMIT_MS = 60_000;

/**
 * Some wait for real sound while others compute. The files of a process share the modules they import: what a module keeps is
 * seen by the next file, and its hooks (`afterEach` outside of a function) belong to the first file that imports it.
 */
const UNIT_WORKERS = Math.max(2, availableParallelism() - 1);

const SET_UP = ['test/support/temporary.ts'];

/**
 * With real servers, sound and browsers a busy machine may spoil a test once. It is tried once more, and `npm test` names it all the
 * same. What is pure is not: it fails for a reason.
 */
const REAL = { retry: 1, fileParallelism: false, setupFiles: SET_UP };

export default defineConfig({
  test: {
    // What was started for a whole project is stopped in its own time; vitest would leave it running.
    teardownTimeout: 120_000,
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.system.test.ts'],
          isolate: false,
          maxWorkers: UNIT_WORKERS,
          setupFiles: SET_UP,
          testTimeout: UNIT_LIMIT_MS,
          hookTimeout: UNIT_LIMIT_MS,
        },
      },
      // The tests of the media engine once more, with its native part; where that could not be built, there is nothing to test.
      ...(existsSync(new URL('native/build/Release/hilo_media.node', import.meta.url))
        ? [
            {
              test: {
                name: 'native',
                include: ['test/switch/media/**/*.test.ts'],
                exclude: ['test/switch/media/**/*.system.test.ts'],
                env: { HILO_MEDIA_ENGINE: 'native' },
                setupFiles: SET_UP,
                testTimeout: UNIT_LIMIT_MS,
                hookTimeout: UNIT_LIMIT_MS,
              },
            },
          ]
        : []),
      {
        test: {
          name: 'system',
          include: ['test/**/*.system.test.ts'],
          exclude: ['test/e2e/**', 'test/conformance/**'],
          ...REAL,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'conformance',
          include: ['test/conformance/**/*.system.test.ts'],
          ...REAL,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.system.test.ts'],
          exclude: ['test/e2e/web/**', 'test/e2e/faults/**'],
          globalSetup: ['test/e2e/build.ts', 'test/e2e/hilo.ts'],
          ...REAL,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'faults',
          include: ['test/e2e/faults/**/*.system.test.ts'],
          globalSetup: ['test/e2e/build.ts'],
          ...REAL,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'pages',
          include: ['test/e2e/web/**/*.system.test.ts'],
          globalSetup: ['test/e2e/build.ts', 'test/e2e/hilo.ts', 'test/e2e/chromium.ts'],
          ...REAL,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
