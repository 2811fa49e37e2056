// Hilo under test: started as a user starts it, on free ports, in a folder of its own.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../lib/clock.js';
import { freePort } from '../lib/free-port.js';
import { withTimeOut } from '../lib/time-out.js';
import type { RealPair } from './bench/real-pair.js';

const PROGRAM = fileURLToPath(new URL('../main.js', import.meta.url));
export const FLOWS = fileURLToPath(new URL('../../ivr-flows', import.meta.url));
const READY_LIMIT_MS = 60_000;
export const PASSWORD = 'secret';
export const SIP_HOST = '127.0.0.1';

export interface ServerUnderTest {
  readonly pid: number;
  /** Its own, whose children are counted with it, and those of the real servers it uses, if it does. */
  readonly pids: readonly [number, ...number[]];
  readonly sipPort: number;
  /** From the start of the process to its ready line. */
  readonly readyMs: number;
  close(): Promise<void>;
}

export interface ServerRequest {
  readonly folder: string;
  readonly agents: number;
  readonly workers: number;
  readonly nodeArguments: readonly string[];
  /** Folder of the centre and its flows; undefined: the sample centre. */
  readonly flows?: string;
  /** Undefined: the embedded switch. */
  readonly pair?: RealPair;
  /** A module loaded into Hilo and its embedded switch, and into their threads. */
  readonly loaded?: URL;
}

export async function startServer(request: ServerRequest): Promise<ServerUnderTest> {
  const [sipPort, httpPort] = [await freePort(), await freePort()];
  const settings = {
    HILO_DATA: join(request.folder, 'data'),
    HILO_FLOWS: request.flows ?? FLOWS,
    HILO_SIP_HOST: SIP_HOST,
    HILO_SIP_PORT: sipPort,
    HILO_SIPS_PORT: 0,
    HILO_WS_PORT: 0,
    HILO_WSS_PORT: 0,
    HILO_WEBRTC_PORT: 0,
    HILO_HTTP_PORT: httpPort,
    HILO_RTP_PORTS: '20000-31999',
    HILO_DEMO_AGENTS: request.agents,
    HILO_DEMO_PASSWORD: PASSWORD,
    HILO_MEDIA_WORKERS: request.workers,
    HILO_GRACE_SECONDS: 2,
    ...pairSettings(request.pair),
    ...(request.loaded === undefined ? {} : { NODE_OPTIONS: `--import=${request.loaded.href}` }),
  };
  const startedMs = systemClock.monotonicMs();
  // env(1) replaces itself by node, so the process is the server.
  const variables = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  // Ours are those that `npm start` gives.
  const command = [...variables, process.execPath, ...process.execArgv, ...request.nodeArguments, PROGRAM];
  const server = spawn('env', command, { stdio: ['ignore', 'pipe', 'pipe'] });
  server.stderr.pipe(createWriteStream(join(request.folder, 'server.log'), { flags: 'a' }));
  const ended = once(server, 'exit');
  try {
    await withTimeOut(systemClock, 'the ready line of the server', READY_LIMIT_MS, readyLine(server, ended));
  } catch (error) {
    server.kill('SIGTERM');
    throw new Error(`Hilo did not start, see ${join(request.folder, 'server.log')}`, { cause: error });
  }
  const pid = server.pid ?? 0;
  return {
    pid,
    pids: [pid, ...(request.pair?.pids ?? [])],
    sipPort: request.pair?.sipPort ?? sipPort,
    readyMs: systemClock.monotonicMs() - startedMs,
    async close() {
      server.kill('SIGTERM');
      await ended;
    },
  };
}

function pairSettings(pair: RealPair | undefined): Readonly<Record<string, string | number>> {
  if (pair === undefined) return {};
  const { drachtio, freeswitch } = pair;
  return {
    DRACHTIO_HOST: drachtio.host,
    DRACHTIO_PORT: drachtio.port,
    DRACHTIO_SECRET: drachtio.secret,
    FREESWITCH_HOST: freeswitch.host,
    FREESWITCH_PORT: freeswitch.port,
    FREESWITCH_SECRET: freeswitch.secret,
  };
}

async function readyLine(server: ChildProcess, ended: Promise<unknown>): Promise<void> {
  const { stdout } = server;
  if (stdout === null) throw new Error('the server has no standard output');
  const ready = new Promise<void>((resolve) => {
    createInterface({ input: stdout }).on('line', (line) => {
      if (line.startsWith('hilo ready')) resolve();
    });
  });
  const gone = ended.then(() => {
    throw new Error('it ended');
  });
  await Promise.race([ready, gone]);
}
