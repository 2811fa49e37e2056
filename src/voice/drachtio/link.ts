// Keeps one live connection to one of several servers of a kind: back-off, next server, and an end to it when it is refused.
import { HiloError } from '../../app/errors.js';
import type { Clock, Timer } from '../../lib/clock.js';
import type { EndSignal } from '../../lib/crowd-signal.js';
import type { Log } from '../../lib/log.js';
import { withTimeOut } from '../../lib/time-out.js';
import { asError } from './deadline.js';

export interface SwitchServer {
  readonly host: string;
  readonly port: number;
  readonly secret: string;
}

/** A connection that works; `lost` is aborted when it does not any more. */
export interface Live<T> {
  readonly value: T;
  readonly lost: EndSignal;
  close(): void;
}

/** The server is there and does not want us as we are configured: trying again changes nothing. */
export class Refused extends Error {
  override readonly name = 'Refused';
}

const FIRST_DELAY_MS = 100;
const MAX_DELAY_MS = 2000;
/** One attempt: TCP, authentication and the first question. */
const OPEN_LIMIT_MS = 5000;

/*
 *  connecting ──opened──▶ up ──lost──▶ waiting ──timer──▶ connecting
 *      │ failed ──▶ waiting          every server refused ──▶ refused          close() ──▶ closed (from each)
 */
type State<T> =
  | { readonly state: 'connecting'; readonly server: SwitchServer }
  | { readonly state: 'up'; readonly server: SwitchServer; readonly live: Live<T> }
  | { readonly state: 'waiting'; readonly timer: Timer; readonly reason: string }
  | { readonly state: 'refused'; readonly reason: string }
  | { readonly state: 'closed' };

export interface LinkOptions<T> {
  /** For people: `SIP server`, `media server`. */
  readonly name: string;
  /** In order of preference, at least one. */
  readonly servers: readonly SwitchServer[];
  readonly clock: Clock;
  readonly log: Log;
  /** Rejects with {@link Refused} when the configuration is wrong. `attempt` is aborted when nobody waits any more. */
  open(server: SwitchServer, attempt: AbortSignal): Promise<Live<T>>;
}

export class Link<T> {
  readonly #options: LinkOptions<T>;
  #state: State<T> = { state: 'closed' };
  #next = 0;
  #delayMs = FIRST_DELAY_MS;
  #refusals = 0;
  #attempt = new AbortController();
  readonly #watchers = new Set<() => void>();

  constructor(options: LinkOptions<T>) {
    this.#options = options;
  }

  /** The live connection, if there is one. */
  get value(): T | undefined {
    return this.#state.state === 'up' ? this.#state.live.value : undefined;
  }

  /** Resolves with the first connection; rejects when it is refused or does not come in `limitMs`. */
  async start(limitMs: number): Promise<void> {
    const first = new Promise<void>((resolve, reject) => {
      const watch = (): void => {
        if (this.#state.state === 'up') resolve();
        else if (this.#state.state === 'refused') reject(new Refused(this.#state.reason));
      };
      this.#watchers.add(watch);
    });
    this.#connect();
    try {
      await withTimeOut(this.#options.clock, `connecting to the ${this.#options.name}`, limitMs, first);
    } catch (error) {
      const reason = this.#state.state === 'waiting' ? this.#state.reason : asError(error).message;
      throw new HiloError('telephony-unavailable', `no ${this.#options.name}: ${reason}`, { cause: error });
    } finally {
      this.#watchers.clear();
    }
  }

  close(): void {
    const was = this.#state;
    this.#enter({ state: 'closed' });
    this.#attempt.abort();
    if (was.state === 'up') was.live.close();
    if (was.state === 'waiting') was.timer.cancel();
  }

  snapshot(): { readonly state: string; readonly server?: string; readonly reason?: string } {
    const at = this.#state;
    if (at.state === 'up' || at.state === 'connecting') {
      return { state: at.state, server: `${at.server.host}:${at.server.port}` };
    }
    return at.state === 'closed' ? { state: at.state } : { state: at.state, reason: at.reason };
  }

  #enter(state: State<T>): void {
    this.#state = state;
    for (const watch of this.#watchers) watch();
  }

  #connect(): void {
    const { servers, clock, name } = this.#options;
    const server = servers[this.#next % servers.length];
    if (server === undefined) {
      this.#enter({ state: 'refused', reason: `no ${name} is configured` });
      return;
    }
    this.#enter({ state: 'connecting', server });
    const attempt = new AbortController();
    this.#attempt = attempt;
    const opening = this.#options.open(server, attempt.signal);
    // One that opens after all, when nobody waits for it any more, is closed again.
    opening.then(
      (live) => attempt.signal.aborted && live.close(),
      () => undefined,
    );
    withTimeOut(clock, `the ${name} at ${server.host}:${server.port}`, OPEN_LIMIT_MS, opening).then(
      (live) => this.#opened(server, live, attempt),
      (error: unknown) => {
        attempt.abort();
        this.#failed(server, asError(error));
      },
    );
  }

  #opened(server: SwitchServer, live: Live<T>, attempt: AbortController): void {
    if (attempt.signal.aborted) return;
    this.#delayMs = FIRST_DELAY_MS;
    this.#refusals = 0;
    this.#options.log.info({ server: `${server.host}:${server.port}` }, `${this.#options.name} connected`);
    const onLost = (): void => {
      if (this.#state.state !== 'up' || this.#state.live !== live) return;
      live.close();
      this.#options.log.error({ server: `${server.host}:${server.port}` }, `${this.#options.name} lost, reconnecting`);
      this.#wait('connection lost');
    };
    this.#enter({ state: 'up', server, live });
    if (live.lost.aborted) onLost();
    else live.lost.addEventListener('abort', onLost, { once: true });
  }

  #failed(server: SwitchServer, error: Error): void {
    if (this.#state.state !== 'connecting') return;
    const { name, servers, log } = this.#options;
    const reason = `${error.message} (${server.host}:${server.port})`;
    this.#next += 1;
    if (error instanceof Refused) {
      this.#refusals += 1;
      log.error({ server: `${server.host}:${server.port}` }, `${name}: ${error.message}`);
      if (this.#refusals >= servers.length) {
        this.#enter({ state: 'refused', reason });
        return;
      }
    } else {
      this.#refusals = 0;
      log.warn({ server: `${server.host}:${server.port}`, reason: error.message }, `${name} cannot be reached`);
    }
    this.#wait(reason);
  }

  #wait(reason: string): void {
    const timer = this.#options.clock.after(this.#delayMs, () => this.#connect());
    this.#delayMs = Math.min(MAX_DELAY_MS, this.#delayMs * 2);
    this.#enter({ state: 'waiting', timer, reason });
  }
}
