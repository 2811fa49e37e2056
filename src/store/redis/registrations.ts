// Where the devices are, shared by all nodes; a registration disappears by itself when it ends.

import { letterOf } from '../../app/nodes/letters.js';
import type { Registration, RegistrationStore } from '../../app/ports.js';
import type { Clock } from '../../lib/clock.js';
import type { Ids } from '../../lib/ids.js';
import type { RedisLetters } from './letters.js';
import type { Link } from './link.js';
import { PUT_REGISTRATION } from './scripts.js';

/** To all nodes, whatever they are called: node names begin otherwise. */
const CHANNEL = '-registrations';

interface Told {
  readonly kind: 'registration';
  /** Which process it is, so that it does not heed itself. */
  readonly from: string;
  readonly device: string;
}

/** A device registered from more places than this loses the one that ends soonest. */
export const CONTACTS_MAX = 10;

export class RedisRegistrations implements RegistrationStore {
  readonly #link: Link;
  readonly #prefix: string;
  readonly #clock: Clock;
  readonly #letters: RedisLetters;
  readonly #self: string;

  constructor(
    link: Link,
    letters: RedisLetters,
    prefix: string,
    { clock, ids }: { clock: Clock; ids: Pick<Ids, 'uuid'> },
  ) {
    this.#link = link;
    this.#letters = letters;
    this.#self = ids.uuid();
    this.#prefix = prefix;
    this.#clock = clock;
  }

  async put(registration: Registration): Promise<void> {
    const { device, contact } = registration;
    const args = [contact, JSON.stringify(registration), this.#clock.nowMs(), CONTACTS_MAX, device];
    await this.#link.run((redis) => PUT_REGISTRATION.run(redis, [this.#key(device), this.#devices], args));
    await this.#tell(device);
  }

  async remove(device: string, contact?: string): Promise<void> {
    const key = this.#key(device);
    await this.#link.run((redis) => (contact === undefined ? redis.del(key) : redis.hdel(key, contact)));
    await this.#tell(device);
  }

  onChange(listener: (device: string | undefined) => void): void {
    this.#letters.listen(CHANNEL, (text) => {
      const told = letterOf(text, 'registration') as Told | undefined;
      if (told !== undefined && told.from !== this.#self) listener(told.device);
    });
    this.#letters.onBack(() => listener(undefined));
  }

  async of(device: string): Promise<readonly Registration[]> {
    return this.#current(await this.#link.run((redis) => redis.hvals(this.#key(device))));
  }

  async all(): Promise<readonly Registration[]> {
    // Only configured devices may register, so the set of devices stays small without being cleaned.
    const devices = await this.#link.run((redis) => redis.smembers(this.#devices));
    const lists = await Promise.all(devices.map((device) => this.#link.run((redis) => redis.hvals(this.#key(device)))));
    return this.#current(lists.flat());
  }

  async #tell(device: string): Promise<void> {
    const told: Told = { kind: 'registration', from: this.#self, device };
    await this.#letters.send(CHANNEL, JSON.stringify(told));
  }

  #current(texts: readonly string[]): readonly Registration[] {
    const nowMs = this.#clock.nowMs();
    return texts.map((text) => JSON.parse(text) as Registration).filter(({ expiresAtMs }) => expiresAtMs > nowMs);
  }

  #key(device: string): string {
    return `${this.#prefix}:registrations:${device}`;
  }

  get #devices(): string {
    return `${this.#prefix}:devices`;
  }
}
