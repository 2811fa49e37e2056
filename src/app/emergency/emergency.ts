// The message that every caller hears before anything else while something is wrong: switched on and off by people, kept in the record.
import type { Centre } from '../../core/routing/centre.js';
import type { Clock, Timer } from '../../lib/clock.js';
import type { Ids } from '../../lib/ids.js';
import type { Log } from '../../lib/log.js';
import { HiloError } from '../errors.js';

/** Another node may have switched it: so long it takes at most until all of them know. */
export const REFRESH_MS = 5_000;

export interface EmergencyWish {
  /** Language of the centre → what is said. Without a recording one at least. */
  readonly texts: Readonly<Record<string, string>>;
  /** Name of a recording; where a language has none its text is said. */
  readonly recorded?: string;
  /** Numbers of the centre whose callers hear it; absent: all. */
  readonly numbers?: readonly string[];
  readonly afterwards: Afterwards;
}

/** What follows: the call as if nothing had been, its end, or a queue. */
export type Afterwards =
  | { readonly kind: 'go-on' }
  | { readonly kind: 'hang-up' }
  | { readonly kind: 'queue'; readonly queue: string };

export interface EmergencyMessage extends EmergencyWish {
  readonly id: string;
  readonly by: string;
  readonly atMs: number;
}

export interface EmergencyStore {
  /** What was decided last; undefined when it was to switch it off, or nothing ever was. Rejects with HiloError `store-unavailable`. */
  emergency(): Promise<EmergencyMessage | undefined>;
  /** Durable when it resolves; what was decided before is kept beside it. Without a message: switched off. */
  decideEmergency(decision: {
    readonly message?: EmergencyMessage;
    readonly by: string;
    readonly atMs: number;
  }): Promise<void>;
}

export interface EmergencyPorts {
  readonly store: EmergencyStore;
  readonly centre: () => Centre;
  /** Whether a prompt has a sound or a text in a language. */
  readonly isHeard: (prompt: string, language: string) => boolean;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
}

export class Emergency {
  readonly #ports: EmergencyPorts;
  #present: EmergencyMessage | undefined;
  #timer: Timer | undefined;
  #closed = false;

  constructor(ports: EmergencyPorts) {
    this.#ports = ports;
  }

  /** Never rejects: a store that is away must not keep callers out. */
  async start(): Promise<void> {
    await this.#refresh();
  }

  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
  }

  present(): EmergencyMessage | undefined {
    return this.#present;
  }

  /** What callers of that number of the centre hear. */
  of(number: string): EmergencyMessage | undefined {
    const message = this.#present;
    return message?.numbers === undefined || message.numbers.includes(number) ? message : undefined;
  }

  /** In force on this node when it resolves. Rejects with HiloError `invalid-input` or `store-unavailable`: then nothing changed. */
  async set(wish: EmergencyWish, by: string): Promise<EmergencyMessage> {
    const { store, clock, ids, log } = this.#ports;
    const mistake = mistakeIn(wish, this.#ports);
    if (mistake !== undefined) throw new HiloError('invalid-input', mistake);
    const message = { ...wish, id: ids.uuid(), by, atMs: clock.nowMs() };
    await store.decideEmergency({ message, by, atMs: message.atMs });
    this.#present = message;
    log.warn(
      { emergency: message.id, by, afterwards: wish.afterwards, numbers: wish.numbers },
      'emergency message switched on',
    );
    return message;
  }

  /** False when there was none. Rejects with HiloError `store-unavailable`: then it stays on. */
  async clear(by: string): Promise<boolean> {
    const { store, clock, log } = this.#ports;
    const was = this.#present ?? (await store.emergency());
    if (was === undefined) return false;
    await store.decideEmergency({ by, atMs: clock.nowMs() });
    this.#present = undefined;
    log.warn({ emergency: was.id, by }, 'emergency message switched off');
    return true;
  }

  async #refresh(): Promise<void> {
    const before = this.#present;
    try {
      const stored = await this.#ports.store.emergency();
      // What was switched here while the store was asked is newer than its answer.
      if (this.#present === before) this.#present = stored;
    } catch (error) {
      this.#ports.log.warn(
        { err: error },
        'whether there is an emergency message cannot be asked; what was known stays',
      );
    }
    if (!this.#closed) this.#timer = this.#ports.clock.after(REFRESH_MS, () => void this.#refresh());
  }
}

function mistakeIn(
  { texts, recorded, numbers, afterwards }: EmergencyWish,
  ports: Pick<EmergencyPorts, 'centre' | 'isHeard'>,
): string | undefined {
  const centre = ports.centre();
  const languages = Object.keys(texts);
  const strange = languages.find((language) => !centre.languages.includes(language));
  if (strange !== undefined) return `the centre does not speak '${strange}', but ${centre.languages.join(', ')}`;
  if (languages.length === 0 && recorded === undefined) return 'there is nothing to say: give a text, or a recording';
  const isSilent = (language: string) =>
    texts[language] === undefined && recorded !== undefined && !ports.isHeard(recorded, language);
  const silent = centre.languages.filter(isSilent);
  if (silent.length === centre.languages.length) {
    return `'${recorded}' has neither a sound nor a text in ${silent.join(', ')}: record it, or give a text`;
  }
  const known = centre.numbers.map(({ number }) => number);
  const unknown = numbers?.find((number) => !known.includes(number));
  if (unknown !== undefined) return `the centre has no number '${unknown}'`;
  if (afterwards.kind === 'queue' && !centre.queues.has(afterwards.queue)) {
    return `there is no queue '${afterwards.queue}'`;
  }
  return undefined;
}
