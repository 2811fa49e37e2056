// Where each device can be reached now: contacts in memory, written through to the shared store, gone when they expire.
import type { Registration, RegistrationStore } from '../../app/ports.js';
import type { Clock, Timer } from '../../lib/clock.js';
import type { Log } from '../../lib/log.js';
import { withTimeOut } from '../../lib/time-out.js';
import { asError } from '../drachtio/deadline.js';

/** The store is asked for devices that registered with another node; a caller waits for the answer. */
const STORE_LIMIT_MS = 500;
const LOAD_LIMIT_MS = 5000;

export class Location {
  readonly #store: RegistrationStore;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #devices = new Map<string, readonly Registration[]>();
  readonly #timers = new Map<string, Timer>();
  #onChange: (device: string, registered: boolean) => void = () => undefined;

  constructor(store: RegistrationStore, clock: Clock, log: Log) {
    this.#store = store;
    this.#clock = clock;
    this.#log = log;
    store.onChange?.((device) => void (device === undefined ? this.load() : this.#learn(device)));
  }

  /** One listener: a device got its first contact or lost its last. */
  onChange(listener: (device: string, registered: boolean) => void): void {
    this.#onChange = listener;
  }

  /** Takes over what was registered before this process began. A store that is away costs the phones one interval. */
  async load(): Promise<void> {
    try {
      const known = await withTimeOut(this.#clock, 'reading registrations', LOAD_LIMIT_MS, this.#store.all());
      const nowMs = this.#clock.nowMs();
      const live = known.filter((registration) => registration.expiresAtMs > nowMs);
      for (const device of new Set(live.map((registration) => registration.device))) {
        this.#replace(
          device,
          live.filter((registration) => registration.device === device),
        );
      }
    } catch (error) {
      this.#log.warn({ reason: asError(error).message }, 'registrations of earlier cannot be read');
    }
  }

  /** What another node has registered or signed off. */
  async #learn(device: string): Promise<void> {
    try {
      const shared = await withTimeOut(this.#clock, 'learning of a device', STORE_LIMIT_MS, this.#store.of(device));
      const nowMs = this.#clock.nowMs();
      this.#replace(
        device,
        shared.filter(({ expiresAtMs }) => expiresAtMs > nowMs),
      );
    } catch (error) {
      this.#log.warn({ device, reason: asError(error).message }, 'registrations of another node cannot be read');
    }
  }

  /** Contacts known to this process. */
  of(device: string): readonly Registration[] {
    return this.#devices.get(device) ?? [];
  }

  /** As {@link of}, else what the store knows. Never rejects. */
  async find(device: string): Promise<readonly Registration[]> {
    const own = this.of(device);
    if (own.length > 0) return own;
    try {
      const shared = await withTimeOut(this.#clock, 'looking up a device', STORE_LIMIT_MS, this.#store.of(device));
      return shared.filter((registration) => registration.expiresAtMs > this.#clock.nowMs());
    } catch (error) {
      this.#log.warn({ device, reason: asError(error).message }, 'registrations cannot be read');
      return [];
    }
  }

  /** `bindings` is all there is from now on; `put` and `removed` are what changed, for the store. */
  update(
    device: string,
    change: {
      readonly bindings: readonly Registration[];
      readonly put: readonly Registration[];
      readonly removed: readonly string[];
    },
  ): void {
    this.#replace(device, change.bindings);
    const writes = [
      ...change.put.map((registration) => this.#store.put(registration)),
      ...change.removed.map((contact) => this.#store.remove(device, contact)),
    ];
    // The phone is registered here in any case; other nodes learn of it at its next refresh at the latest.
    Promise.all(writes).catch((error: unknown) => {
      this.#log.warn({ device, reason: asError(error).message }, 'registration not stored');
    });
  }

  get size(): number {
    return this.#devices.size;
  }

  all(): readonly Registration[] {
    return [...this.#devices.values()].flat();
  }

  close(): void {
    for (const timer of this.#timers.values()) timer.cancel();
    this.#timers.clear();
  }

  #replace(device: string, bindings: readonly Registration[]): void {
    const was = this.#devices.has(device);
    this.#timers.get(device)?.cancel();
    this.#timers.delete(device);
    if (bindings.length === 0) {
      this.#devices.delete(device);
    } else {
      this.#devices.set(device, bindings);
      const firstMs = Math.min(...bindings.map((binding) => binding.expiresAtMs));
      const delayMs = Math.max(0, firstMs - this.#clock.nowMs());
      this.#timers.set(
        device,
        this.#clock.after(delayMs, () => this.#expire(device)),
      );
    }
    const is = bindings.length > 0;
    if (was !== is) this.#onChange(device, is);
  }

  #expire(device: string): void {
    const nowMs = this.#clock.nowMs();
    const bindings = this.of(device);
    const live = bindings.filter((binding) => binding.expiresAtMs > nowMs);
    const removed = bindings.filter((binding) => !live.includes(binding)).map(({ contact }) => contact);
    if (removed.length > 0) this.#log.info({ device, contacts: removed.length }, 'registration expired');
    this.update(device, { bindings: live, put: [], removed });
  }
}
