// One Hilo for all tests of a project, started before the first and stopped after the last.
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

export async function setup(project: TestProject): Promise<void> {
  hilo = await startHilo({ HILO_RTP_PORTS: RTP_PORTS[project.name] });
  const { sip, wssPort, http, dataFolder, flowsFolder, trunkPort } = hilo;
  project.provide('hilo', { sip, wssPort, http, dataFolder, flowsFolder, trunkPort });
}

export async function teardown(): Promise<void> {
  await hilo?.close();
}
