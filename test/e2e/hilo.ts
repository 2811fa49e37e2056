// One Hilo for all tests of this folder, started before the first and stopped after the last.
import type { TestProject } from 'vitest/node';
import { type Hilo, type HiloAddress, startHilo } from '../support/hilo/server.js';

declare module 'vitest' {
  interface ProvidedContext {
    hilo: HiloAddress;
  }
}

let hilo: Hilo | undefined;

export async function setup(project: TestProject): Promise<void> {
  hilo = await startHilo();
  const { sip, wssPort, http, dataFolder, flowsFolder, trunkPort } = hilo;
  project.provide('hilo', { sip, wssPort, http, dataFolder, flowsFolder, trunkPort });
}

export async function teardown(): Promise<void> {
  await hilo?.close();
}
