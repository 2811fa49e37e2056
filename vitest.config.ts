import { existsSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

// unit: pure or in-process, parallel. system: real servers, ports and processes, one file after another.
// conformance: what drachtio and FreeSWITCH clients rely on, on our switch or on a real pair (CONFORMANCE_* variables).
// e2e: the same against one Hilo, started as a user starts it. faults: Hilos of their own, whose parts are killed.
// pages: its pages in one browser, against a Hilo of their own.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.system.test.ts'],
          testTimeout: 20_000,
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
                testTimeout: 20_000,
              },
            },
          ]
        : []),
      {
        test: {
          name: 'system',
          include: ['test/**/*.system.test.ts'],
          exclude: ['test/e2e/**', 'test/conformance/**'],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'conformance',
          include: ['test/conformance/**/*.system.test.ts'],
          fileParallelism: false,
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
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'faults',
          include: ['test/e2e/faults/**/*.system.test.ts'],
          globalSetup: ['test/e2e/build.ts'],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'pages',
          include: ['test/e2e/web/**/*.system.test.ts'],
          globalSetup: ['test/e2e/build.ts', 'test/e2e/hilo.ts', 'test/e2e/chromium.ts'],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
