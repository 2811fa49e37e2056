// SIPp, the standard SIP tester, as callers and phones that know nothing of Hilo: one scenario of test/sipp per process.
import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventually, removeFolder } from '../servers.js';

const SCENARIOS = fileURLToPath(new URL('../../sipp/', import.meta.url));
const LIMIT_S = 40;
const SHOWN_LINES = 60;

export interface SippOptions {
  /** Own address: tells trunks and strangers apart. */
  readonly address?: string;
  readonly port?: number;
  /** Whom it calls; left out for a phone that is called. */
  readonly server?: { readonly host: string; readonly port: number };
  /** One call for each line, which is `[field0]` in the scenario. */
  readonly list?: readonly string[];
  readonly calls?: number;
  /** `[name]` in the scenario. */
  readonly keys?: Readonly<Record<string, string>>;
  readonly account?: { readonly user: string; readonly password: string };
  /** What `<pause/>` waits. */
  readonly pauseMs?: number;
}

export class Sipp {
  /** Resolves when every call went as the scenario says; rejects with the messages of the one that did not. */
  readonly done: Promise<void>;
  readonly #process: ChildProcess;
  readonly port: number;

  private constructor(scenario: string, process: ChildProcess, folder: string, port: number) {
    this.#process = process;
    this.port = port;
    this.done = this.#end(scenario, folder);
    this.done.catch(() => undefined);
  }

  /** Resolves when it is ready to be called, or has begun to call. */
  static async start(scenario: string, options: SippOptions = {}): Promise<Sipp> {
    const address = options.address ?? '127.0.0.1';
    const port = options.port ?? (await freeUdpPort(address));
    const folder = await mkdtemp(join(tmpdir(), 'hilo-sipp-'));
    const { server, list = [], calls = Math.max(1, list.length), keys = {}, account, pauseMs = 0 } = options;
    await writeFile(join(folder, 'list.csv'), ['SEQUENTIAL', ...list, ''].join('\n'));
    const remote = server === undefined ? [] : [`${server.host}:${server.port}`];
    const process = spawn(
      'sipp',
      [
        ...remote,
        ...['-sf', join(SCENARIOS, `${scenario}.xml`), '-i', address, '-p', String(port)],
        ...['-m', String(calls), '-d', String(pauseMs), '-nostdin', '-timeout', `${LIMIT_S}s`, '-timeout_error'],
        ...[
          '-trace_msg',
          '-message_file',
          join(folder, 'messages'),
          '-trace_err',
          '-error_file',
          join(folder, 'errors'),
        ],
        ...(list.length === 0 ? [] : ['-inf', join(folder, 'list.csv')]),
        ...(account === undefined ? [] : ['-au', account.user, '-ap', account.password]),
        ...Object.entries(keys).flatMap(([name, value]) => ['-key', name, value]),
      ],
      { stdio: 'ignore' },
    );
    const sipp = new Sipp(scenario, process, folder, port);
    await Promise.race([eventually(`sipp ${scenario} listens`, () => isBound(port)), sipp.done]);
    return sipp;
  }

  /** Gone without a word, like a phone whose plug is pulled. */
  async kill(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    this.#process.kill('SIGKILL');
    await this.done.catch(() => undefined);
  }

  async #end(scenario: string, folder: string): Promise<void> {
    try {
      const [code, signal] = await once(this.#process, 'exit');
      if (code === 0) return;
      const texts = ['errors', 'messages'].map((name) => tail(join(folder, name)));
      throw new Error(`sipp ${scenario} ended with ${code ?? signal}:\n${texts.join('\n')}`);
    } finally {
      await removeFolder(folder);
    }
  }
}

/** Runs a scenario to its end. */
export async function runSipp(scenario: string, options: SippOptions): Promise<void> {
  await (await Sipp.start(scenario, options)).done;
}

async function freeUdpPort(address: string): Promise<number> {
  const socket = createSocket('udp4');
  socket.bind(0, address);
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  await once(socket, 'close');
  return port;
}

function isBound(port: number): boolean {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  return new RegExp(`^\\s*\\d+: [0-9A-F]{8}:${hex} `, 'm').test(readFileSync('/proc/net/udp', 'utf8'));
}

function tail(path: string): string {
  try {
    return readFileSync(path, 'utf8').split('\n').slice(-SHOWN_LINES).join('\n');
  } catch {
    return '';
  }
}
