// One Hilo for all tests of a project, started before the first and stopped after the last.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';
import { type Hilo, type HiloAddress, startHilo } from '../support/hilo/server.js';

declare module 'vitest' {
  interface ProvidedContext {
    hilo: HiloAddress;
  }
}

/** Projects run side by side: each has media ports of its own. */
const RTP_PORTS: Readonly<Record<string, string>> = { e2e: '20000-22999', pages: '29000-31999' };

let hilo: Hilo | undefined;

const SET_UP = new URL('../../scripts/setup.mjs', import.meta.url).href;

export async function setup(project: TestProject): Promise<void> {
  // What has changed is built first: not within the time in which Hilo has to be there.
  const build = `import(${JSON.stringify(SET_UP)}).then(({ setUp }) => setUp({ programs: [] }))`;
  await promisify(execFile)(process.execPath, ['--eval', build]);
  hilo = await startHilo({ HILO_RTP_PORTS: RTP_PORTS[project.name] });
  const { sip, wssPort, http, dataFolder, flowsFolder, trunkPort } = hilo;
  project.provide('hilo', { sip, wssPort, http, dataFolder, flowsFolder, trunkPort });
}

export async function teardown(): Promise<void> {
  await hilo?.close();
}
