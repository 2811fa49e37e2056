// Our own switch: the embedded SIP and media server as a child process; it tells its addresses in one line of JSON.
import { fileURLToPath } from 'node:url';
import type { Clock } from '../lib/clock.js';
import type { Log } from '../lib/log.js';
import { Child } from './child.js';
import { forgetKept, type Kept, processOf, readKept, writeKept } from './kept-process.js';

const PROGRAM = fileURLToPath(new URL('../switch/main.js', import.meta.url));
const READY_LIMIT_MS = 15_000;
const STOP_LIMIT_MS = 10_000;
/** Callers hear nothing while the switch is away: it comes back within a second. */
const BACK_OFF = { firstMs: 50, maxMs: 2_000 };

export interface LocalSwitch<Ready> {
  /** What the switch said when it was ready the first time. */
  readonly ready: Ready;
  /** The switch died and is back; addresses may have changed. */
  onRestart(listener: (ready: Ready) => void): void;
  pid(): number | undefined;
  snapshot(): object;
  /** Settles when the switch is gone. Safe to call twice. */
  close(): Promise<void>;
}

export interface LocalSwitchOptions<Ready> {
  /** Checks the ready line's JSON; undefined when it is some other line. */
  readonly parseReady: (value: unknown) => Ready | undefined;
  /** Environment of the switch process, whole. */
  readonly env: NodeJS.ProcessEnv;
  /** Written down here, so that the next start finds it; undefined: it ends with us. `facts`: what that start has to know. */
  readonly keep?: { readonly file: string; readonly key: string; readonly facts: object };
  /** Found by {@link findSwitch}. */
  readonly kept?: Kept;
  /** Script to run instead of the built one: for tests. */
  readonly program?: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** Settles when the switch listens. Rejects with ChildFailed when it cannot be started (port taken, for example). */
export async function startSwitch<Ready>(options: LocalSwitchOptions<Ready>): Promise<LocalSwitch<Ready>> {
  const { clock, keep, kept } = options;
  const log = options.log.child({ process: 'switch' });
  const child = new Child({
    name: 'switch',
    launch: () =>
      Promise.resolve({
        command: process.execPath,
        args: ['--enable-source-maps', options.program ?? PROGRAM],
        env: options.env,
      }),
    readyLine: (line) => {
      const value = parseJson(line);
      return value === undefined ? undefined : options.parseReady(value);
    },
    readyLimitMs: READY_LIMIT_MS,
    stopSignal: 'SIGTERM',
    stopLimitMs: STOP_LIMIT_MS,
    backOff: BACK_OFF,
    outlivesUs: keep !== undefined,
    find: async () => {
      const ready = options.parseReady(factsOf(kept).ready);
      return kept === undefined || ready === undefined ? undefined : { running: processOf(kept, clock), ready };
    },
    onLine: (line) => {
      const value = parseJson(line);
      if (value === undefined || options.parseReady(value) === undefined) forward(line, value, log);
    },
    clock,
    log,
  });
  const ready = await child.start();
  const writeDown = (now: Ready): void => {
    const pid = child.pid;
    if (keep === undefined || pid === undefined) return;
    writeKept(keep.file, pid, keep.key, { ...keep.facts, ready: now }).catch((error: unknown) => {
      log.error({ err: error }, 'the next start will not find the switch');
    });
  };
  writeDown(ready);
  child.onRestart(writeDown);
  return {
    ready,
    onRestart: (listener) => child.onRestart(listener),
    pid: () => child.pid,
    snapshot: () => child.snapshot(),
    async close() {
      await child.stop();
      if (keep !== undefined) await forgetKept(keep.file);
    },
  };
}

/** A switch of an earlier start that still runs with the same settings; one with others is asked to end. */
export async function findSwitch(file: string, key: string, clock: Clock, log: Log): Promise<Kept | undefined> {
  const kept = await readKept(file);
  if (kept === undefined || kept.key === key) return kept;
  log.warn({ pid: kept.pid }, 'a switch with other settings still runs from an earlier start: it is stopped');
  const { process, gone } = processOf(kept, clock);
  process.kill('SIGTERM');
  const timer = clock.after(STOP_LIMIT_MS, () => process.kill('SIGKILL'));
  await gone;
  timer.cancel();
  return undefined;
}

/** What was kept with it. */
export function factsOf(kept: Kept | undefined): Readonly<Record<string, unknown>> {
  const { facts } = kept ?? {};
  return typeof facts === 'object' && facts !== null ? { ...facts } : {};
}

/** The switch logs in pino's JSON: its level and fields are kept. Anything else it prints is worth a look. */
function forward(line: string, value: unknown, log: Log): void {
  if (typeof value !== 'object' || value === null || !('level' in value)) {
    log.info({}, line);
    return;
  }
  const {
    level,
    msg,
    time: _time,
    pid: _pid,
    hostname: _hostname,
    name: _name,
    ...fields
  } = value as Record<string, unknown>;
  const message = typeof msg === 'string' ? msg : '';
  const severity = Number(level);
  if (severity >= 50) log.error(fields, message);
  else if (severity >= 40) log.warn(fields, message);
  else if (severity >= 30) log.info(fields, message);
  else log.debug(fields, message);
}

function parseJson(line: string): unknown {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
