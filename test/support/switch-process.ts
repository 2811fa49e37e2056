// The embedded switch as a process of its own, on free ports, in a temporary folder; can be killed and started again.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../../src/lib/clock.js';
import { freePort } from '../../src/lib/free-port.js';
import { withTimeOut } from '../../src/lib/time-out.js';
import { removeFolder, temporaryFolder } from './servers.js';

/** As built: `npm test` builds first, `npm run build` does it alone. */
const PROGRAM = fileURLToPath(new URL('../../dist/switch/main.js', import.meta.url));
const READY_LIMIT_MS = 30_000;

export interface SwitchProcess {
  readonly folder: string;
  readonly secret: string;
  readonly sip: { readonly host: string; readonly port: number };
  readonly drachtio: { readonly host: string; readonly port: number };
  readonly eventSocket: { readonly host: string; readonly port: number };
  readonly pid: number;
  /** What it logged as error, since the start. */
  errors(): readonly string[];
  /** kill -9. Resolves when the process is gone. */
  kill(): Promise<void>;
  signal(name: NodeJS.Signals): void;
  /** Again, on the same ports. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** `furnish`: what has to lie in its folder before it starts, such as music. */
export async function startSwitchProcess(
  environment: NodeJS.ProcessEnv = {},
  furnish: (folder: string) => Promise<unknown> = async () => undefined,
): Promise<SwitchProcess> {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'music'), { recursive: true });
  await furnish(folder);
  const [sip, drachtio, eventSocket] = [await freePort(), await freePort(), await freePort()];
  const secret = 'test-secret-of-the-switch';
  const host = '127.0.0.1';
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    HILO_DATA: folder,
    HILO_SIP_PORT: String(sip),
    HILO_SIPS_PORT: '0',
    HILO_WS_PORT: '0',
    HILO_WSS_PORT: '0',
    HILO_WEBRTC_PORT: '0',
    DRACHTIO_PORT: String(drachtio),
    DRACHTIO_SECRET: secret,
    FREESWITCH_PORT: String(eventSocket),
    FREESWITCH_SECRET: secret,
    HILO_RTP_PORTS: '41000-43999',
    HILO_LOG_LEVEL: 'warn',
    ...environment,
  };
  const lines: string[] = [];
  let child = await launch(env, lines);
  const kill = async (name: NodeJS.Signals): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(name);
    await gone;
  };
  return {
    folder,
    secret,
    sip: { host, port: sip },
    drachtio: { host, port: drachtio },
    eventSocket: { host, port: eventSocket },
    get pid() {
      return child.pid ?? 0;
    },
    errors: () => lines.filter((line) => /"level":[56]0/.test(line)),
    kill: () => kill('SIGKILL'),
    signal: (name) => void child.kill(name),
    async restart() {
      child = await launch(env, lines);
    },
    async close() {
      await kill('SIGTERM');
      await removeFolder(folder);
    },
  };
}

async function launch(env: NodeJS.ProcessEnv, lines: string[]): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['--enable-source-maps', PROGRAM], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  createInterface({ input: child.stderr }).on('line', (line) => lines.push(line));
  const ready = new Promise<void>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => line.includes('"ready":true') && resolve());
    child.once('exit', (code) => reject(new Error(`the switch ended with ${code}:\n${lines.slice(-10).join('\n')}`)));
  });
  await withTimeOut(systemClock, 'starting the switch', READY_LIMIT_MS, ready);
  return child;
}
