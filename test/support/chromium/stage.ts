// The stage of a file of stories in a real browser: its application, and the customers and agents around it.
import { afterAll, afterEach, describe, inject } from 'vitest';
import { Scene } from '../hilo/scene.js';
import { WebApp } from './web-app.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the one of the project is found; empty where there is none (`HILO_NO_BROWSER=1`). */
    chromium: string;
  }
}

export interface BrowserStage {
  readonly app: WebApp;
  readonly scene: Scene;
}

export interface BrowserStageOptions {
  /** When everybody has hung up and the pages are still open. */
  readonly afterCalls?: () => Promise<void>;
}

export const isWithoutBrowser = process.env['HILO_NO_BROWSER'] === '1';
/** As `describe`: stories that are left out where there is no browser. */
export const describeInBrowser = describe.skipIf(isWithoutBrowser);

/**
 * Around the Hilo of the project, in its browser: every microphone says `TONES.other`. After each story everybody hangs up, and all pages are closed, whatever came of it.
 * Called while tests are collected; a hook that the file registers afterwards runs before that.
 */
export function onBrowserStage({ afterCalls }: BrowserStageOptions = {}): BrowserStage {
  const scene = new Scene(inject('hilo'));
  const app = new WebApp(scene.hilo.http, inject('chromium'));
  afterEach(async ({ task }) => {
    try {
      await scene.close();
      await afterCalls?.();
      // The next one, or the same once more, begins with an empty floor.
      if (task.result?.state === 'fail') await scene.endWritten();
    } finally {
      await app.leave();
    }
  });
  afterAll(() => app.close());
  return { app, scene };
}
