// A message that somebody sends to see whether a channel works. It belongs to no customer and to no matter.
import type { ChannelName } from '../../core/interaction/event.js';
import type { Centre } from '../../core/routing/centre.js';
import { checkNumber } from '../../core/routing/outbound.js';
import type { Clock } from '../../lib/clock.js';
import type { Ids } from '../../lib/ids.js';
import type { Audit } from '../audit.js';
import { HiloError } from '../errors.js';
import type { Messenger } from './messenger.js';

/** Providers take money for each. */
export const TRIALS_AN_HOUR = 20;
const HOUR_MS = 3_600_000;
/** Where a provider wants an approved text, this one: it is the shortest of those that Hilo has (README). */
const TEMPLATE = { name: 'hilo_information', parameters: ['HILO-TEST'] };
const TEXTS = {
  es: 'Mensaje de prueba de Hilo: este canal funciona.',
  en: 'Test message from Hilo: this channel works.',
};

export interface TrialPorts {
  readonly messengers: readonly Messenger[];
  readonly audit: Pick<Audit, 'note'>;
  readonly centre: () => Pick<Centre, 'outbound' | 'country'>;
  readonly clock: Clock;
  readonly ids: Ids;
}

export interface Trial {
  readonly channel: ChannelName;
  /** As somebody types it. */
  readonly to: string;
  readonly language: 'es' | 'en';
  readonly by: string;
}

export class ChannelTrials {
  #sentMs: readonly number[] = [];

  constructor(private readonly ports: TrialPorts) {}

  /**
   * Resolves when the provider took it, with its id for it. Rejects with HiloError `not-found` (no such channel in use),
   * `invalid-input` (no number that may be written to), `too-many-requests`, and what the provider says: `message-refused`,
   * `message-not-sent`.
   */
  async send({ channel, to, language, by }: Trial): Promise<{ readonly number: string; readonly providerId: string }> {
    const { messengers, audit, centre, ids } = this.ports;
    const messenger = messengers.find((one) => one.channel === channel);
    if (messenger === undefined) throw new HiloError('not-found', `${channel} is not set up in the environment`);
    const { outbound, country } = centre();
    const check = checkNumber(to, outbound, country);
    if (!check.ok) {
      throw new HiloError('invalid-input', `${to}: ${check.reason}`, { why: { reason: check.reason } });
    }
    this.#count();
    const { number } = check;
    await audit.note({ by, act: 'channel-tried', on: channel, detail: { to: number } });
    const message = { message: ids.uuid(), to: number, text: TEXTS[language], language, template: TEMPLATE };
    return { number, ...(await messenger.send(message)) };
  }

  #count(): void {
    const nowMs = this.ports.clock.monotonicMs();
    const recent = this.#sentMs.filter((atMs) => nowMs - atMs < HOUR_MS);
    if (recent.length >= TRIALS_AN_HOUR) {
      throw new HiloError('too-many-requests', `${TRIALS_AN_HOUR} test messages were sent within an hour; try later`);
    }
    this.#sentMs = [...recent, nowMs];
  }
}
