// SIPp as the callers and as the registering phones: processes, and what they report.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../lib/free-port.js';
import { AGENT_HOST } from './agent-phones.js';
import { type CaptureRequest, makeCapture, replayedKeyEndMs } from './capture.js';
import { PASSWORD, SIP_HOST } from './server.js';
import { callerScenario, registerScenario } from './sipp-scenarios.js';

const CALLED = '1000';
const REGISTRATIONS_PER_SECOND = 100;
const KEY_AT_MS = 1_000;
const KEY_MS = 100;
/** Nobody speaks longer than this; the replay ends with the call. */
const SPEECH_MS = 20_000;
/** Callers who were not put through by then hang up. */
const PATIENCE_MS = 60_000;

export interface CallerStats {
  readonly started: number;
  readonly current: number;
  /** Ended as the scenario wants it: with a BYE from Hilo, which may have followed a regret. */
  readonly complete: number;
  readonly failed: number;
  /** SIPp's own names of failures → how many. */
  readonly failures: Readonly<Record<string, number>>;
  readonly retransmissions: number;
}

/** What one caller saw, Unix ms with fractions. */
export interface CallerTimes {
  readonly calledAtMs?: number;
  readonly answeredAtMs?: number;
  /** 503: turned away for the load. */
  readonly refusedAtMs?: number;
  /** When the packet with the key's end bit left. */
  readonly keyAtMs?: number;
  readonly endedAtMs?: number;
}

/** One REGISTER with digest for each agent, `agent001` …, contact at `contactPort`. */
export async function register(folder: string, server: number, agents: number, contactPort: number): Promise<void> {
  const rows = Array.from({ length: agents }, (_, index) => {
    const name = `agent${String(index + 1).padStart(3, '0')}`;
    return `${name};[authentication username=${name} password=${PASSWORD}]`;
  });
  await writeFile(join(folder, 'agents.csv'), `SEQUENTIAL\n${rows.join('\n')}\n`);
  await writeFile(join(folder, 'register.xml'), registerScenario(contactPort));
  const sipp = runSipp(folder, 'register', server, [
    ...['-i', AGENT_HOST, '-sf', 'register.xml', '-inf', 'agents.csv'],
    ...['-m', String(agents), '-r', String(REGISTRATIONS_PER_SECOND), '-timeout', '60'],
  ]);
  if ((await sipp.ended) !== 0) throw new Error(`agents could not register, see ${folder}/register.out`);
}

export interface CallersRequest {
  readonly folder: string;
  readonly server: number;
  readonly rate: number;
  readonly seconds: number;
  readonly speaking: boolean;
}

export interface Callers {
  readonly ended: Promise<number>;
  stats(): Promise<CallerStats>;
  /** By caller number; complete when SIPp has ended. */
  times(): Promise<ReadonlyMap<string, CallerTimes>>;
  stop(): void;
}

export async function startCallers(request: CallersRequest): Promise<Callers> {
  const { folder, rate, seconds, speaking } = request;
  const calls = rate * seconds;
  const key: CaptureRequest = { key: '1', keyAtMs: speaking ? KEY_AT_MS : 0, keyMs: KEY_MS };
  await writeFile(join(folder, 'caller.pcap'), makeCapture(speaking ? { ...key, speechMs: SPEECH_MS } : key));
  await writeFile(join(folder, 'callers.csv'), `SEQUENTIAL\n${callerNumbers(calls).join('\n')}\n`);
  const story = { called: CALLED, speaking, keyAtMs: KEY_AT_MS, patienceMs: PATIENCE_MS };
  await writeFile(join(folder, 'caller.xml'), callerScenario(story));
  const mediaPort = await freePort();
  const sipp = runSipp(folder, 'callers', request.server, [
    ...['-i', SIP_HOST, '-mi', SIP_HOST, '-mp', String(mediaPort), '-sf', 'caller.xml', '-inf', 'callers.csv'],
    ...['-m', String(calls), '-r', String(rate), '-l', String(calls), '-timer_resol', '1'],
    ...['-trace_logs', '-log_file', 'callers.log', '-trace_err', '-error_file', 'callers.errors'],
    ...['-trace_stat', '-stf', 'callers.stat', '-fd', '1'],
  ]);
  return {
    ended: sipp.ended,
    stop: sipp.stop,
    stats: async () => readStats(await textOf(join(folder, 'callers.stat'))),
    times: async () => readTimes(await textOf(join(folder, 'callers.log')), replayedKeyEndMs(key)),
  };
}

/** Its files and its screens, `<name>.out`, are in `folder`. */
export function runSipp(folder: string, name: string, server: number, args: readonly string[]) {
  // Screens go to a file: SIPp draws them even without a terminal.
  const shell = 'exec sipp "$@" > "$0.out" 2>&1';
  const command = ['-c', shell, name, `${SIP_HOST}:${server}`, '-nostdin', ...args];
  const sipp = spawn('sh', command, { cwd: folder, stdio: 'ignore' });
  const ended = once(sipp, 'exit').then(([code]): number => (typeof code === 'number' ? code : -1));
  return { ended, stop: () => void sipp.kill('SIGKILL') };
}

/** Every caller is somebody else, and nobody of an earlier run: a known customer's story differs. */
export function callerNumbers(count: number): string[] {
  const first = 600_000_000 + (Math.floor(Date.now() / 100) % 90_000_000);
  return Array.from({ length: count }, (_, index) => `+34${first + index}`);
}

function readStats(text: string): CallerStats {
  const lines = text.trimEnd().split('\n');
  const names = lines[0]?.split(';') ?? [];
  const values = lines.length > 1 ? (lines.at(-1)?.split(';') ?? []) : [];
  const all = new Map(names.map((name, index) => [name, Number(values[index] ?? 0)]));
  const of = (name: string): number => all.get(`${name}(C)`) ?? 0;
  const failures = [...all].flatMap(([name, count]) => {
    const kind = /^Failed(.+)\(C\)$/.exec(name)?.[1];
    return kind === undefined || kind === 'Call' || count === 0 ? [] : [[kind, count] as const];
  });
  return {
    started: of('OutgoingCall'),
    current: all.get('CurrentCall') ?? 0,
    complete: of('SuccessfulCall'),
    failed: of('FailedCall'),
    failures: Object.fromEntries(failures),
    retransmissions: of('Retransmissions'),
  };
}

/** Lines `<date>\t<time>\t<Unix seconds> <event> <number>`, with `[timestamp]` in front. */
function readTimes(log: string, keyEnd: number): Map<string, CallerTimes> {
  const times = new Map<string, CallerTimes>();
  for (const line of log.split('\n')) {
    const [, seconds, event, number] = /\t(\d+\.\d+) (\w+) (\+\d+)/.exec(line) ?? [];
    if (seconds === undefined || number === undefined) continue;
    const atMs = Number(seconds) * 1000;
    const known = times.get(number) ?? {};
    if (event === 'called') times.set(number, { ...known, calledAtMs: atMs });
    else if (event === 'refused') times.set(number, { ...known, refusedAtMs: atMs });
    else if (event === 'answered') times.set(number, { ...known, answeredAtMs: atMs });
    else if (event === 'key') times.set(number, { ...known, keyAtMs: atMs + keyEnd });
    else if (event === 'ended') times.set(number, { ...known, endedAtMs: atMs });
  }
  return times;
}

async function textOf(path: string): Promise<string> {
  return existsSync(path) ? readFile(path, 'utf8') : '';
}
