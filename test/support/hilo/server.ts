// A Hilo of a test's own, started as a user starts it: ports, data and texts of its own, its parts there to be killed.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../../../src/lib/clock.js';
import { freePort } from '../../../src/lib/free-port.js';
import { withTimeOut } from '../../../src/lib/time-out.js';
import { removeFolder, temporaryFolder } from '../servers.js';
import { writeTestCentre, writeTones } from './centre.js';

const START = fileURLToPath(new URL('../../../scripts/start.mjs', import.meta.url));
/** The first start also makes the database. */
const READY_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 60_000;
/** What every Hilo of the tests says is kept in this file too; `npm test` names it when a test fails. */
const KEPT_LOG = process.env['HILO_TEST_LOG'];
/**
 * A real drachtio-server (`host:port` of its SIP over UDP, port of its SIP over WSS) instead of the embedded switch, docs/real-pair.md:
 * DRACHTIO_HOST, FREESWITCH_HOST and their like are handed on to Hilo as they are.
 */
const [REAL_SIP = '', REAL_WSS = '0'] = [process.env['E2E_SIP'], process.env['E2E_WSS_PORT']];
export const isOnRealPair = REAL_SIP !== '';
/** Agents `agent001` … `agent020`, all in `support`. */
const DEMO_AGENTS = 20;
export const PASSWORD = 'password of the test';

/** Where a running Hilo is found: plain data, so that it can be handed to other processes. */
export interface HiloAddress {
  readonly sip: { readonly host: string; readonly port: number };
  /** SIP over secure WebSocket, at the same address. */
  readonly wssPort: number;
  readonly http: string;
  readonly dataFolder: string;
  readonly flowsFolder: string;
  /** Calls to outside numbers go to this port of 127.0.0.1. */
  readonly trunkPort: number;
}

export type Part = 'postgres' | 'redis-server' | 'dist/switch/main.js';

export interface Hilo extends HiloAddress {
  /** The application itself, not the script that started it. */
  readonly pid: number;
  /** Lines of its log as JSON texts. */
  readonly log: readonly string[];
  /** Process id of a part that runs under the application; undefined while it does not run. */
  find(part: Part): number | undefined;
  /** As {@link find}; throws when it does not run. */
  pidOf(part: Part): number;
  signal(name: NodeJS.Signals): void;
  /** Resolves with the exit code of `npm start` once everything has ended. */
  ended(): Promise<number>;
  /** Again, with the same data and ports. */
  start(): Promise<void>;
  close(): Promise<void>;
}

export async function startHilo(environment: NodeJS.ProcessEnv = {}): Promise<Hilo> {
  const folder = await temporaryFolder();
  const [sip, wssPort, http, trunkPort] = [await freePort(), await freePort(), await freePort(), await freePort()];
  const address: HiloAddress = {
    sip: isOnRealPair ? realSip() : { host: '127.0.0.1', port: sip },
    wssPort: isOnRealPair ? Number(REAL_WSS) : wssPort,
    http: `http://127.0.0.1:${http}`,
    dataFolder: join(folder, 'data'),
    flowsFolder: join(folder, 'flows'),
    trunkPort,
  };
  for (const one of [address.dataFolder, address.flowsFolder]) await mkdir(one);
  await writeTestCentre(address.flowsFolder, trunkPort);
  await writeTones(address.dataFolder);
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    HILO_DATA: address.dataFolder,
    HILO_FLOWS: address.flowsFolder,
    HILO_SIP_PORT: String(sip),
    HILO_SIPS_PORT: '0',
    HILO_WS_PORT: '0',
    HILO_WSS_PORT: String(wssPort),
    HILO_WEBRTC_PORT: '0',
    HILO_HTTP_PORT: String(http),
    HILO_RTP_PORTS: '20000-22999',
    HILO_DEMO_PASSWORD: PASSWORD,
    HILO_DEMO_AGENTS: String(DEMO_AGENTS),
    HILO_GRACE_SECONDS: '5',
    ...environment,
  };
  const log: string[] = [];
  let script = await launch(env, log);
  const mainPid = (): number => childrenOf(script.pid ?? 0)[0] ?? 0;
  const find = (part: Part): number | undefined => childrenOf(mainPid()).find((pid) => commandOf(pid).includes(part));
  const ended = async (): Promise<number> => {
    if (script.exitCode !== null) return script.exitCode;
    const [code] = await withTimeOut(systemClock, 'the end of Hilo', STOP_LIMIT_MS, once(script, 'exit'));
    return Number(code);
  };
  return {
    ...address,
    log,
    get pid() {
      return mainPid();
    },
    find,
    pidOf: (part) => {
      const found = find(part);
      if (found === undefined) throw new Error(`${part} does not run`);
      return found;
    },
    signal: (name) => void script.kill(name),
    ended,
    async start() {
      script = await launch(env, log);
    },
    async close() {
      if (script.exitCode === null) script.kill('SIGTERM');
      await ended();
      await removeFolder(folder);
    },
  };
}

function realSip(): HiloAddress['sip'] {
  const [host = '', port] = REAL_SIP.split(':');
  return { host, port: Number(port) };
}

async function launch(env: NodeJS.ProcessEnv, log: string[]): Promise<ChildProcess> {
  const script = spawn(process.execPath, [START], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  createInterface({ input: script.stderr }).on('line', (line) => {
    log.push(line);
    if (KEPT_LOG !== undefined) appendFileSync(KEPT_LOG, `${line}\n`);
  });
  const ready = new Promise<void>((resolve, reject) => {
    createInterface({ input: script.stdout }).on('line', (line) => line.startsWith('hilo ready') && resolve());
    script.once('exit', (code) => reject(new Error(`Hilo ended with ${code}`)));
  });
  try {
    await withTimeOut(systemClock, 'starting Hilo', READY_LIMIT_MS, ready);
  } catch (error) {
    script.kill('SIGTERM');
    throw new Error(`Hilo does not start; its last lines:\n${log.slice(-20).join('\n')}`, { cause: error });
  }
  return script;
}

function childrenOf(pid: number): number[] {
  const found: number[] = [];
  for (const name of readdirSync('/proc')) {
    if (/^\d+$/.test(name) && parentOf(Number(name)) === pid) found.push(Number(name));
  }
  return found;
}

function parentOf(pid: number): number | undefined {
  try {
    // The second field is the name in brackets and may hold blanks.
    return Number(
      readFileSync(`/proc/${pid}/stat`, 'latin1')
        .replace(/^.*\) \S /s, '')
        .split(' ')[0],
    );
  } catch {
    return undefined;
  }
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}
