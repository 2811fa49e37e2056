// All servers of a kind, connected at once: which of them take new calls, which are being emptied, which are dead.
import type { Clock, Timer } from '../../lib/clock.js';
import type { Log } from '../../lib/log.js';
import { withTimeOut } from '../../lib/time-out.js';
import { asError } from '../drachtio/deadline.js';
import { Link, type Live, type SwitchServer } from '../drachtio/link.js';
import { CHECK_EVERY_MS, CHECK_LIMIT_MS, IN, judged, reconnected, type Standing } from './standing.js';

export interface PoolOptions<T> {
  /** For people: `SIP server`, `media server`. */
  readonly name: string;
  readonly servers: readonly SwitchServer[];
  readonly clock: Clock;
  readonly log: Log;
  /** Rejects with {@link Refused} when the configuration is wrong. */
  open(server: SwitchServer, attempt: AbortSignal): Promise<Live<T>>;
  /** One round trip through the server; a rejection, or none in {@link CHECK_LIMIT_MS}, is a miss. `round` counts up. */
  check(value: T, round: number): Promise<void>;
  /** It is given up, and its connection closed. */
  onDead?(member: PoolMember<T>): void;
}

export interface ServerSnapshot {
  readonly server: string;
  readonly state: string;
  readonly standing: Standing['state'];
  readonly draining: boolean;
  readonly reason?: string;
}

/** One server; the object stays the same when its connection comes and goes. */
export class PoolMember<T> {
  /** `host:port` */
  readonly name: string;
  readonly #server: SwitchServer;
  readonly #options: PoolOptions<T>;
  readonly #link: Link<T>;
  #standing: Standing = IN;
  #live: Live<T> | undefined;
  #round = 0;
  #timer: Timer | undefined;
  draining = false;

  constructor(server: SwitchServer, options: PoolOptions<T>) {
    this.name = `${server.host}:${server.port}`;
    this.#server = server;
    this.#options = options;
    const { name, clock, log } = options;
    this.#link = new Link<T>({ name, servers: [server], clock, log, open: (_server, attempt) => this.#open(attempt) });
  }

  /** The live connection, whether it takes new calls or not. */
  get value(): T | undefined {
    return this.#link.value;
  }

  /** Takes new calls. */
  get usable(): boolean {
    return this.value !== undefined && this.#standing.state === 'in' && !this.draining;
  }

  async start(limitMs: number): Promise<void> {
    this.#check();
    await this.#link.start(limitMs);
  }

  close(): void {
    this.#timer?.cancel();
    this.#link.close();
  }

  snapshot(): ServerSnapshot {
    const { name: server, draining } = this;
    return { ...this.#link.snapshot(), server, standing: this.#standing.state, draining };
  }

  async #open(attempt: AbortSignal): Promise<Live<T>> {
    const live = await this.#options.open(this.#server, attempt);
    this.#live = live;
    this.#enter(reconnected(this.#standing));
    return live;
  }

  #check(): void {
    const { clock, check, name } = this.#options;
    this.#timer = clock.after(CHECK_EVERY_MS, () => {
      const { value } = this;
      if (value === undefined) {
        this.#check();
        return;
      }
      this.#round += 1;
      withTimeOut(clock, `check of the ${name} ${this.name}`, CHECK_LIMIT_MS, check(value, this.#round)).then(
        () => this.#judge(value, true),
        (error: unknown) => this.#judge(value, false, asError(error).message),
      );
    });
  }

  #judge(value: T, good: boolean, reason?: string): void {
    this.#check();
    // A connection that was lost meanwhile, or replaced, is not what was checked.
    if (this.value !== value) return;
    const before = this.#standing;
    this.#enter(judged(before, good), reason);
    if (this.#standing.state !== 'dead') return;
    this.#options.onDead?.(this);
    this.#live?.close();
  }

  #enter(standing: Standing, reason?: string): void {
    const before = this.#standing;
    this.#standing = standing;
    if (before.state === standing.state) return;
    const facts = { server: this.name, standing: standing.state, ...(reason === undefined ? {} : { reason }) };
    const { log, name } = this.#options;
    if (standing.state === 'dead') log.error(facts, `${name} is dead: its calls are closed`);
    else if (standing.state === 'doubted') log.warn(facts, `${name} does not answer: no new calls for it`);
    else log.info(facts, `${name} answers`);
  }
}

export class Pool<T> {
  readonly members: readonly PoolMember<T>[];

  constructor(options: PoolOptions<T>) {
    this.members = options.servers.map((server) => new PoolMember(server, options));
  }

  /** Those that take new calls. */
  get usable(): readonly PoolMember<T>[] {
    return this.members.filter(({ usable }) => usable);
  }

  /** Resolves with the first connection; rejects as the first server did when none can be had in `limitMs`. */
  async start(limitMs: number): Promise<void> {
    const starts = this.members.map((member) => member.start(limitMs));
    try {
      await Promise.any(starts);
    } catch (error) {
      throw error instanceof AggregateError ? error.errors[0] : error;
    }
  }

  /** `draining`: no new calls; those that go on end in peace. False when there is no such server. */
  drain(server: string, draining: boolean): boolean {
    const member = this.members.find(({ name }) => name === server);
    if (member !== undefined) member.draining = draining;
    return member !== undefined;
  }

  snapshot(): readonly ServerSnapshot[] {
    return this.members.map((member) => member.snapshot());
  }

  close(): void {
    for (const member of this.members) member.close();
  }
}
