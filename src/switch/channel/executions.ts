// Owns the order in which commands run on one channel: one after the other, and nested inside what takes time.
import { Control, type StopReason } from './control.js';

/** A command to a channel: `sendmsg … call-command: execute`, an inline dialplan or a broadcast. */
export interface Command {
  readonly application: string;
  readonly argument: string;
  /** Comes back as Application-UUID. */
  readonly id: string;
  /** `event-lock: true`: nothing runs nested inside this one. */
  readonly locked?: boolean;
  /** Called after its completion event. */
  readonly ended?: () => void;
}

/** Deepest nesting; a further command waits for the innermost to end. */
export const NESTING_MAX = 16;
/** Most commands waiting on one channel. */
export const WAITING_MAX = 1_000;

export interface ExecutionHooks {
  begin(command: Command): void;
  /** Runs the application; the text becomes Application-Response. */
  run(command: Command, control: Control): string | Promise<string>;
  end(command: Command, response: string): void;
  failed(command: Command, error: unknown): void;
}

interface Frame {
  readonly command: Command;
  readonly control: Control;
  response?: string;
}

type Mode =
  /** Commands start as they come. */
  | 'running'
  /** The channel changes its occupation: commands wait. */
  | 'held'
  /** The channel is gone: commands end at once. */
  | 'closed';

/**
 * FreeSWITCH reads new commands inside the loop of a playback, a recording or a digit collection and runs them there,
 * so a `set` works while a prompt plays and a second playback suspends the first. A frame ends only after the frames
 * nested in it, whatever ended first.
 */
export class Executions {
  readonly #hooks: ExecutionHooks;
  readonly #frames: Frame[] = [];
  readonly #waiting: Command[] = [];
  #mode: Mode = 'running';
  #pumping = false;
  #idle: (() => void)[] = [];

  constructor(hooks: ExecutionHooks) {
    this.#hooks = hooks;
  }

  /** A command too many, or after the hang-up, ends at once. */
  submit(command: Command): void {
    if (this.#mode === 'closed') this.#abandon(command, GONE);
    else if (this.#waiting.length >= WAITING_MAX) this.#abandon(command, '-ERR too many commands are waiting');
    else {
      this.#waiting.push(command);
      this.#pump();
    }
  }

  /** `break` reaches the innermost application that can hear it, every other reason reaches all. */
  stop(reason: StopReason): void {
    if (reason === 'break') {
      this.#frames.findLast((frame) => frame.control.interruptible)?.control.stop('break');
      return;
    }
    for (const frame of [...this.#frames].reverse()) frame.control.stop(reason);
  }

  /** Stops what runs and keeps what waits; resolves when nothing runs. {@link resume} goes on. */
  hold(): Promise<void> {
    if (this.#mode === 'running') this.#mode = 'held';
    return this.#stopAll('transfer');
  }

  /** Commands start again, `first` before those that waited. */
  resume(first?: Command): void {
    if (this.#mode === 'closed') {
      if (first) this.#abandon(first, GONE);
      return;
    }
    if (first) this.#waiting.unshift(first);
    this.#mode = 'running';
    this.#pump();
  }

  /** Ends everything, also what waits; resolves when nothing runs. */
  async close(): Promise<void> {
    this.#mode = 'closed';
    await this.#stopAll('hangup');
    for (const command of this.#waiting.splice(0)) this.#abandon(command, GONE);
  }

  /** Ends the frames that did not stop in time, innermost first. */
  forceEnd(): void {
    for (const frame of this.#frames.splice(0).reverse()) this.#end(frame.command, frame.response ?? GONE);
    this.#tellIdle();
  }

  #stopAll(reason: StopReason): Promise<void> {
    this.stop(reason);
    if (this.#frames.length === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  /** Never started: only its end is told, so that the client's promise settles. */
  #abandon(command: Command, response: string): void {
    this.#end(command, response);
  }

  #end(command: Command, response: string): void {
    this.#hooks.end(command, response);
    command.ended?.();
  }

  #pump(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    try {
      while (this.#mode === 'running' && this.#accepts()) {
        const command = this.#waiting.shift();
        if (!command) break;
        this.#start(command);
      }
    } finally {
      this.#pumping = false;
    }
  }

  #accepts(): boolean {
    const top = this.#frames.at(-1);
    return top === undefined || (top.command.locked !== true && this.#frames.length < NESTING_MAX);
  }

  #start(command: Command): void {
    const frame: Frame = { command, control: new Control() };
    this.#frames.push(frame);
    this.#hooks.begin(command);
    let result: string | Promise<string>;
    try {
      result = this.#hooks.run(command, frame.control);
    } catch (error) {
      this.#fail(frame, error);
      return;
    }
    if (typeof result === 'string') this.#settle(frame, result);
    else {
      result.then(
        (response) => this.#settle(frame, response),
        (error: unknown) => this.#fail(frame, error),
      );
    }
  }

  /** Whether the channel is between two occupations. */
  get held(): boolean {
    return this.#mode === 'held';
  }

  #fail(frame: Frame, error: unknown): void {
    this.#hooks.failed(frame.command, error);
    this.#settle(frame, '-ERR internal error');
  }

  #settle(frame: Frame, response: string): void {
    if (!this.#frames.includes(frame)) return; // ended by force before
    frame.response = response;
    for (let top = this.#frames.at(-1); top?.response !== undefined; top = this.#frames.at(-1)) {
      this.#frames.pop();
      this.#end(top.command, top.response);
    }
    if (this.#frames.length === 0) this.#tellIdle();
    this.#pump();
  }

  #tellIdle(): void {
    const waiting = this.#idle;
    this.#idle = [];
    for (const resolve of waiting) resolve();
  }
}

const GONE = '-ERR the channel is gone';
