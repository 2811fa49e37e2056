// The switch alone as a process of its own, on free ports: its addresses, its faults, its processor time.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../../lib/clock.js';
import { withTimeOut } from '../../lib/time-out.js';

const PROGRAM = fileURLToPath(new URL('../../switch/main.js', import.meta.url));
const READY_LIMIT_MS = 60_000;
const TICKS_PER_SECOND = 100;
/** Lines of the log that tell of a fault which nobody expected. */
const FAULT = /fault that nobody caught|handler failed|frame could not be handled|Unhandled|FATAL/;
const LINES_KEPT = 200;

export interface SwitchUnderTest {
  readonly pid: number;
  readonly secret: string;
  readonly drachtioPort: number;
  readonly eventSocketPort: number;
  /** By transport: udp, tcp, tls, ws, wss. */
  sipPort(transport: string): number;
  /** Log lines of faults, since the start. */
  readonly faults: readonly string[];
  readonly lastLines: readonly string[];
  /** How it ended, if it has. */
  readonly ended: string | undefined;
  cpuSeconds(): number;
  close(): Promise<void>;
}

export async function startSwitch(
  folder: string,
  settings: Readonly<Record<string, string>> = {},
  nodeArguments: readonly string[] = [],
): Promise<SwitchUnderTest> {
  const secret = 'secret-of-the-switch-under-test';
  const child = spawn(process.execPath, ['--enable-source-maps', ...nodeArguments, PROGRAM], {
    env: {
      HILO_DATA: join(folder, 'data'),
      HILO_SIP_PORT: '0',
      DRACHTIO_PORT: '0',
      DRACHTIO_SECRET: secret,
      FREESWITCH_PORT: '0',
      FREESWITCH_SECRET: secret,
      HILO_RTP_PORTS: '10000-14999',
      HILO_LOG_LEVEL: 'warn',
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const faults: string[] = [];
  const lastLines: string[] = [];
  let ended: string | undefined;
  createInterface({ input: child.stderr }).on('line', (line) => {
    lastLines.push(line);
    if (lastLines.length > LINES_KEPT) lastLines.shift();
    if (FAULT.test(line)) faults.push(line);
  });
  const exit = once(child, 'exit').then(([code, signal]) => {
    ended = `ended with ${String(code ?? signal)}`;
  });
  const ready = Promise.race([
    once(createInterface({ input: child.stdout }), 'line').then(([line]) => JSON.parse(String(line)) as Ready),
    exit.then(() => Promise.reject(new Error(`the switch ${ended}:\n${lastLines.slice(-5).join('\n')}`))),
  ]);
  const told = await withTimeOut(systemClock, 'starting the switch', READY_LIMIT_MS, ready);
  return {
    pid: child.pid ?? 0,
    secret,
    drachtioPort: portOf(told.drachtio),
    eventSocketPort: portOf(told.eventSocket),
    sipPort: (transport) => portOf(told.sip.find((address) => address.startsWith(`${transport}/`)) ?? ''),
    faults,
    lastLines,
    get ended() {
      return ended;
    },
    cpuSeconds: () => cpuSecondsOf(child.pid ?? 0),
    async close() {
      if (ended === undefined) child.kill('SIGTERM');
      await exit;
    },
  };
}

interface Ready {
  readonly drachtio: string;
  readonly eventSocket: string;
  readonly sip: readonly string[];
}

function portOf(address: string): number {
  return Number(address.split(':').at(-1));
}

/** User and system time of all threads (proc(5), fields 14 and 15). */
export function cpuSecondsOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ')
    .map(Number);
  return ((fields[11] ?? 0) + (fields[12] ?? 0)) / TICKS_PER_SECOND;
}
