// Keeps one server process running: starts it, knows when it is ready, starts it again when it dies, stops it.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Clock, Timer } from '../lib/clock.js';
import type { Log } from '../lib/log.js';
import type { processOf, RunningProcess } from './kept-process.js';
import { LineSplitter } from './lines.js';

/** What to run; asked for anew at each start. */
export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Run as this user (only root can). */
  readonly user?: { readonly uid: number; readonly gid: number };
}

export interface BackOff {
  readonly firstMs: number;
  readonly maxMs: number;
}

export interface ChildOptions<Ready> {
  readonly name: string;
  /** Clears the way (leftovers of an earlier run) and says what to run. */
  readonly launch: () => Promise<Launch>;
  /** Looks at each line of output; anything but undefined says that the process is ready, and with what. */
  readonly readyLine: (line: string) => Ready | undefined;
  readonly readyLimitMs: number;
  /** SIGKILL follows after `stopLimitMs`. */
  readonly stopSignal: NodeJS.Signals;
  readonly stopLimitMs: number;
  readonly backOff: BackOff;
  /** One that runs already, from an earlier start: used instead of a new one. */
  readonly find?: () => Promise<{ readonly running: ReturnType<typeof processOf>; readonly ready: Ready } | undefined>;
  /** Lives on when we die without a chance to stop it. */
  readonly outlivesUs?: boolean;
  readonly onLine: (line: string) => void;
  readonly clock: Clock;
  readonly log: Log;
}

/** The child did not come up; `message` holds its last lines. */
export class ChildFailed extends Error {
  override readonly name = 'ChildFailed';
}

//            start()              ready line
//  stopped ─────────▶ starting ─────────────▶ running
//     ▲                │  ▲ back-off over      │ died
//     │                ▼  │                    │
//     └── stop() ◀── waiting ◀─────────────────┘      stop() from anywhere: stopping ─▶ stopped
type State =
  | { readonly state: 'stopped' }
  | { readonly state: 'starting' }
  | { readonly state: 'running'; readonly sinceMs: number }
  | { readonly state: 'waiting'; readonly timer: Timer }
  | { readonly state: 'stopping'; readonly done: Promise<void> };

interface Running {
  readonly process: RunningProcess & { readonly stdin?: ChildProcess['stdin'] };
  /** Settles with how it ended: a signal, a code, or why it could not be started. */
  readonly gone: Promise<string>;
}

const LINES_KEPT = 20;
/** Its own children may hold the pipes for longer than it lives; what it said last is read for this long. */
const LAST_WORDS_MS = 200;
/** A child that ran this long has recovered: its next death is answered with the shortest wait again. */
const STEADY_MS = 30_000;
/** Has the kernel signal the child when we die without a chance to stop it (util-linux). */
const SETPRIV = '/usr/bin/setpriv';

export class Child<Ready> {
  readonly #options: ChildOptions<Ready>;
  #state: State = { state: 'stopped' };
  #running: Running | undefined;
  #deaths = 0;
  #lastLines: string[] = [];
  readonly #listeners = new Set<(ready: Ready) => void>();

  constructor(options: ChildOptions<Ready>) {
    this.#options = options;
  }

  /** Called with each ready value after the first one: the process died and is back. */
  onRestart(listener: (ready: Ready) => void): void {
    this.#listeners.add(listener);
  }

  get pid(): number | undefined {
    return this.#running?.process.pid;
  }

  snapshot(): {
    readonly name: string;
    readonly state: State['state'];
    readonly deaths: number;
    readonly pid?: number;
  } {
    const pid = this.pid;
    return {
      name: this.#options.name,
      state: this.#state.state,
      deaths: this.#deaths,
      ...(pid === undefined ? {} : { pid }),
    };
  }

  /** Settles when the process is ready. Rejects with {@link ChildFailed} when the first start does not succeed. */
  async start(): Promise<Ready> {
    if (this.#state.state !== 'stopped') throw new ChildFailed(`${this.#options.name} was started before`);
    this.#state = { state: 'starting' };
    try {
      return (await this.#find()) ?? (await this.#launch());
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Settles when the process is gone. Safe to call twice. */
  async stop(): Promise<void> {
    if (this.#state.state === 'stopping') return this.#state.done;
    if (this.#state.state === 'waiting') this.#state.timer.cancel();
    const done = this.#end().then(() => {
      this.#state = { state: 'stopped' };
    });
    this.#state = { state: 'stopping', done };
    return done;
  }

  async #end(): Promise<void> {
    if (this.#running === undefined) return;
    const { process, gone } = this.#running;
    const { clock, log, name, stopSignal, stopLimitMs } = this.#options;
    process.stdin?.end();
    process.kill(stopSignal);
    const timer = clock.after(stopLimitMs, () => {
      log.warn({ child: name, pid: process.pid }, 'does not stop, killing it');
      process.kill('SIGKILL');
    });
    await gone;
    timer.cancel();
  }

  async #find(): Promise<Ready | undefined> {
    const { clock, log, name, find } = this.#options;
    const found = await find?.();
    if (found === undefined) return undefined;
    const { running, ready } = found;
    this.#running = running;
    this.#state = { state: 'running', sinceMs: clock.monotonicMs() };
    log.warn({ child: name, pid: running.process.pid }, 'still runs from an earlier start: it is used');
    void running.gone.then((how) => {
      if (this.#running !== running) return;
      this.#running = undefined;
      this.#died(how);
    });
    return ready;
  }

  async #launch(): Promise<Ready> {
    const launch = await this.#options.launch();
    if (this.#isStopping()) throw new ChildFailed(`${this.#options.name} was stopped while starting`);
    this.#lastLines = [];
    const { stopSignal, outlivesUs } = this.#options;
    const process = spawnLaunch(launch, outlivesUs === true ? undefined : stopSignal);
    const running = { process, gone: endOf(process, this.#options.clock) };
    this.#running = running;
    return this.#ready(running, process);
  }

  #ready(running: Running, process: ChildProcess): Promise<Ready> {
    const { clock, name, readyLimitMs, readyLine, onLine } = this.#options;
    return new Promise((resolve, reject) => {
      const timer = clock.after(readyLimitMs, () => {
        process.kill('SIGKILL');
        reject(this.#failure(`${name} is not ready after ${readyLimitMs} ms`));
      });
      const onOutput = (line: string): void => {
        this.#keep(line);
        onLine(line);
        if (this.#state.state !== 'starting' || this.#running !== running) return;
        const ready = readyLine(line);
        if (ready === undefined) return;
        timer.cancel();
        this.#state = { state: 'running', sinceMs: clock.monotonicMs() };
        resolve(ready);
      };
      for (const stream of [process.stdout, process.stderr]) {
        const splitter = new LineSplitter(onOutput);
        stream?.on('data', (chunk: Buffer) => splitter.push(chunk)).on('end', () => splitter.end());
      }
      void running.gone.then((how) => {
        timer.cancel();
        reject(this.#failure(`${name} ended with ${how} before it was ready`));
        if (this.#running !== running) return;
        this.#running = undefined;
        this.#died(how);
      });
    });
  }

  #died(how: string): void {
    if (this.#state.state !== 'running') return;
    const { clock, log, name } = this.#options;
    if (clock.monotonicMs() - this.#state.sinceMs > STEADY_MS) this.#deaths = 0;
    log.error({ child: name, how, lastLines: this.#lastLines.slice(-3) }, 'died');
    this.#startAgainLater();
  }

  #startAgainLater(): void {
    const { clock, log, name, backOff } = this.#options;
    const waitMs = Math.min(backOff.maxMs, backOff.firstMs * 2 ** Math.min(this.#deaths, 16));
    this.#deaths += 1;
    log.warn({ child: name, waitMs, deaths: this.#deaths }, 'starting again');
    this.#state = { state: 'waiting', timer: clock.after(waitMs, () => void this.#startAgain()) };
  }

  async #startAgain(): Promise<void> {
    this.#state = { state: 'starting' };
    try {
      const ready = await this.#launch();
      this.#options.log.info({ child: this.#options.name, pid: this.pid }, 'is back');
      for (const listener of this.#listeners) listener(ready);
    } catch (error) {
      if (this.#isStopping()) return;
      this.#options.log.error({ child: this.#options.name, error: String(error) }, 'did not start');
      this.#startAgainLater();
    }
  }

  /** A method, because the state changes under an `await` without the compiler knowing. */
  #isStopping(): boolean {
    return this.#state.state === 'stopping' || this.#state.state === 'stopped';
  }

  #keep(line: string): void {
    this.#lastLines.push(line);
    if (this.#lastLines.length > LINES_KEPT) this.#lastLines.shift();
  }

  #failure(what: string): ChildFailed {
    return new ChildFailed([what, ...this.#lastLines].join('\n  '));
  }
}

function endOf(process: ChildProcess, clock: Clock): Promise<string> {
  process.stdin?.on('error', () => undefined); // EPIPE when it died first: its end tells the story.
  return new Promise((resolve) => {
    process.once('error', (error) => resolve(error.message));
    process.once('exit', (code, signal) => {
      const how = signal ?? `code ${code}`;
      const timer = clock.after(LAST_WORDS_MS, () => resolve(how));
      process.once('close', () => {
        timer.cancel();
        resolve(how);
      });
    });
  });
}

/** A process group of its own, so that Ctrl-C in a terminal reaches only us and we stop the children in order. */
function spawnLaunch(launch: Launch, deathSignal: NodeJS.Signals | undefined): ChildProcess {
  const options = {
    stdio: ['pipe', 'pipe', 'pipe'] as ['pipe', 'pipe', 'pipe'],
    detached: true,
    ...(launch.cwd === undefined ? {} : { cwd: launch.cwd }),
    ...(launch.env === undefined ? {} : { env: launch.env }),
  };
  if (deathSignal === undefined || !existsSync(SETPRIV))
    return spawn(launch.command, launch.args, { ...options, ...launch.user });
  // The kernel forgets the death signal when the user changes, so setpriv does both, in the right order.
  const user = launch.user ? [`--reuid=${launch.user.uid}`, `--regid=${launch.user.gid}`, '--clear-groups'] : [];
  const args = [...user, `--pdeathsig=${deathSignal.slice(3)}`, '--', launch.command, ...launch.args];
  return spawn(SETPRIV, args, options);
}
