// Row of memory: what a call in progress costs, from one settled state of the processes to another.
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { measure, type Part, processesOf, type Usage } from '../calls/usage.js';
import { canRun } from '../media-run.js';
import type { RealPair } from '../real-pair.js';
import { Ears, FAR } from './ears.js';
import { holdCallers } from './holding.js';
import type { Bench, Measured } from './measurement.js';
import { startPatientServer } from './patient-server.js';

const GARBAGE = new URL('../garbage.js', import.meta.url);
const CALLERS = 300;
/** Callers before, who come and go: code is compiled, pools have their size. */
const WARM_UP_CALLERS = 150;
const WARM_UP_MS = 2_000;
/** Nobody is to be turned away for the load. */
const CALLERS_PER_SECOND = 10;
/** SIP transactions are remembered for 32 s after their end (RFC 3261 §17, 64 × T1): they are no part of a call in progress. */
const SETTLE_MS = 40_000;
/** What one collection finds useless may hold what only the next one finds. */
const COLLECTIONS = 3;
const COLLECTION_MS = 1_000;

interface Scene {
  readonly server: { readonly pids: readonly [number, ...number[]]; readonly sipPort: number };
  readonly pair: RealPair | undefined;
}

/**
 * Growth of app and switch from no call, after others have come and gone, to so many that wait and hear music. Both are looked
 * at when our processes have just collected their garbage; real servers have none to collect.
 *
 * @param pair real servers, undefined: the embedded switch
 */
export async function measureMemory(bench: Bench, pair?: RealPair): Promise<Measured> {
  if (!canRun()) throw new Error('who listens is not built: node scripts/native.mjs says why');
  const folder = join(bench.folder, `${pair === undefined ? 'ours' : 'real'}-memory`);
  const warmUp = join(folder, 'warm-up');
  const server = await startPatientServer({ folder, workers: bench.workers, pair, loaded: GARBAGE });
  const ears = new Ears(CALLERS, 0);
  try {
    const ports = await ears.open();
    const scene = { server, pair };
    const media = { server: server.sipPort, mediaHost: FAR, ratePerS: CALLERS_PER_SECOND };
    const tell = (now: number): void => bench.tell(`${CALLERS} callers for memory: ${now} wait`);
    await mkdir(warmUp, { recursive: true });
    const first = await holdCallers({
      ...{ ...media, folder: warmUp, ports: ports.slice(0, WARM_UP_CALLERS) },
      ...{ holdMs: WARM_UP_MS, tell },
    });
    await first.ended;
    const before = await settled(scene);
    const { waiting, stop } = await holdCallers({ ...media, folder, ports, tell });
    try {
      return costOf(waiting, before, await settled(scene));
    } finally {
      stop();
    }
  } finally {
    ears.close();
    await server.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function settled({ server, pair }: Scene): Promise<Usage> {
  const ours: readonly Part[] = pair === undefined ? ['app', 'switch'] : ['app'];
  await pause(SETTLE_MS);
  for (let count = 0; count < COLLECTIONS; count++) {
    for (const part of ours) for (const pid of processesOf(part, server.pids)) process.kill(pid, 'SIGWINCH');
    await pause(COLLECTION_MS);
  }
  return measure(server.pids, Date.now());
}

/** Exported for its test. */
export function costOf(waiting: number, before: Usage, during: Usage): Measured {
  if (waiting === 0) throw new Error('no caller was answered');
  const grown = (part: Part): number => ((during.rssMb[part] - before.rssMb[part]) * 1_024) / waiting;
  const [app, own] = [grown('app'), grown('switch')];
  // Calls that cost nothing were not measured: the state before was no rest.
  if (app <= 0 || own <= 0) {
    throw new Error(`memory fell while callers waited: app ${app.toFixed(0)} kB, switch ${own.toFixed(0)} kB each`);
  }
  const how = `${waiting} callers: app ${app.toFixed(0)} kB, switch ${own.toFixed(0)} kB each, after garbage collection`;
  return { value: Math.round(app + own), bounded: false, how };
}
