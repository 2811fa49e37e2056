// The door through which a centre under test reaches a fake port: it can be shut, be slow, fail the n-th call, or belong to a dead process.
import type { Clock, Timer } from '../../../src/lib/clock.js';

/** `before`: nothing happened; `after`: it happened, only the answer was lost. */
export type FaultMoment = 'before' | 'after';

/** Counts the calls of all ports of a centre and lets one of them fail. */
export class Faults {
  #count = 0;
  #failing: { readonly at: number; readonly moment: FaultMoment } | undefined;
  /** The call that failed, once it has. */
  hit: string | undefined;

  get count(): number {
    return this.#count;
  }

  /** The n-th call from now on fails, n = 1, 2, 3 … */
  arm(n: number, moment: FaultMoment): void {
    this.#count = 0;
    this.#failing = { at: n, moment };
    this.hit = undefined;
  }

  async run<T>(name: string, action: () => T | Promise<T>, error: () => Error): Promise<T> {
    this.#count += 1;
    const moment = this.#failing?.at === this.#count ? this.#failing.moment : undefined;
    if (moment !== undefined) this.hit = `${name} (${moment})`;
    if (moment === 'before') throw error();
    const result = await action();
    if (moment === 'after') throw error();
    return result;
  }
}

/** One process: when it dies its timers never ring again and nobody hears the answers it asked for. */
export class Life implements Clock {
  readonly #timers = new Set<Timer>();
  dead = false;

  constructor(private readonly clock: Clock) {}

  nowMs(): number {
    return this.clock.nowMs();
  }

  monotonicMs(): number {
    return this.clock.monotonicMs();
  }

  after(delayMs: number, action: () => void): Timer {
    if (this.dead) return { cancel: () => undefined };
    const timer = this.clock.after(delayMs, () => {
      this.#timers.delete(timer);
      action();
    });
    this.#timers.add(timer);
    return {
      cancel: () => {
        this.#timers.delete(timer);
        timer.cancel();
      },
    };
  }

  /** Timers that this process has set and that have not rung. */
  get pending(): number {
    return this.#timers.size;
  }

  kill(): void {
    this.dead = true;
    for (const timer of this.#timers) timer.cancel();
    this.#timers.clear();
  }
}

export interface GateOptions {
  readonly name: string;
  readonly life: Life;
  readonly faults: Faults;
  readonly error: () => Error;
}

/** How long a port that does not answer keeps its caller waiting before it gives up. */
export const SILENT_LIMIT_MS = 5_000;

export class Gate {
  /** `refusing`: fails at once; `silent`: fails after {@link SILENT_LIMIT_MS}. */
  state: 'open' | 'refusing' | 'silent' = 'open';

  constructor(private readonly options: GateOptions) {}

  async pass<T>(method: string, action: () => T | Promise<T>): Promise<T> {
    const { life, faults, name, error } = this.options;
    if (life.dead) return new Promise<never>(() => undefined);
    if (this.state === 'silent') {
      await new Promise<void>((resolve) => {
        life.after(SILENT_LIMIT_MS, resolve);
      });
    }
    if (this.state !== 'open') throw error();
    const result = await faults.run(`${name}.${method}`, action, error);
    return life.dead ? new Promise<never>(() => undefined) : result;
  }
}

type Methods<T> = { [Key in keyof T]: T[Key] extends (...args: never[]) => Promise<unknown> ? Key : never }[keyof T];

/** The same port, its promising `methods` behind the gate. */
export function gated<T extends object>(port: T, gate: Gate, methods: readonly Methods<T>[]): T {
  const guarded = new Set<PropertyKey>(methods);
  return new Proxy(port, {
    get(target, key) {
      const member: unknown = Reflect.get(target, key, target);
      if (typeof member !== 'function') return member;
      const call = (...args: unknown[]): unknown => Reflect.apply(member, target, args);
      if (!guarded.has(key)) return call;
      return (...args: unknown[]) => gate.pass(String(key), () => call(...args));
    },
  });
}
