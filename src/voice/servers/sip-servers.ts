// All SIP servers: which one a call goes over, and whether each can be reached from the network and reaches an application.
import type { Clock } from '../../lib/clock.js';
import type { Ids } from '../../lib/ids.js';
import type { Log } from '../../lib/log.js';
import type { SwitchServer } from '../drachtio/link.js';
import { openSipConnection, type RequestHandler, type SipConnection } from '../drachtio/sip-connection.js';
import { OptionsProbe } from './options-probe.js';
import { Pool, type ServerSnapshot } from './pool.js';

export interface SipServersOptions {
  readonly servers: readonly SwitchServer[];
  readonly handlers: Readonly<Record<string, RequestHandler>>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
}

export class SipServers {
  readonly #pool: Pool<SipConnection>;
  readonly #probe: OptionsProbe;
  /** Servers that our questions have reached once: what was never possible is no fault of today. */
  readonly #probed = new Set<string>();
  #turn = 0;

  constructor({ servers, handlers, clock, ids, log }: SipServersOptions) {
    this.#probe = new OptionsProbe(clock, ids);
    this.#pool = new Pool<SipConnection>({
      name: 'SIP server',
      servers,
      clock,
      log,
      open: (server, attempt) => openSipConnection(server, attempt, handlers, clock, log),
      check: (connection) => this.#check(connection),
    });
  }

  /** Proves in an OPTIONS that it is a check of our own. */
  get checkKey(): string {
    return this.#probe.key;
  }

  start(limitMs: number): Promise<void> {
    return this.#pool.start(limitMs);
  }

  /** The one named, if it is there; else one of those that take new calls, in turn. */
  choose(name?: string): SipConnection | undefined {
    const named = this.#pool.members.find((member) => member.name === name)?.value;
    if (named !== undefined) return named;
    const { usable } = this.#pool;
    this.#turn += 1;
    return usable[this.#turn % Math.max(1, usable.length)]?.value;
  }

  /** Where the servers that are connected take SIP over UDP, as they say themselves. */
  get listeners(): readonly string[] {
    return this.#pool.members.flatMap(({ value }) => value?.listener ?? []);
  }

  /** Where browsers reach those that are connected: `ws://10.0.0.1:5066`. */
  get webSockets(): readonly string[] {
    return this.#pool.members.flatMap(({ value }) => value?.webSockets ?? []);
  }

  isDraining({ server }: SipConnection): boolean {
    return this.#pool.members.some(({ name, draining }) => name === server && draining);
  }

  drain(server: string, draining: boolean): boolean {
    return this.#pool.drain(server, draining);
  }

  snapshot(): readonly ServerSnapshot[] {
    return this.#pool.snapshot();
  }

  close(): void {
    this.#probe.close();
    this.#pool.close();
  }

  /** Through the network, the server and an application, and back. */
  async #check({ listener, server }: SipConnection): Promise<void> {
    if (listener === undefined) return;
    try {
      await this.#probe.ask(listener);
      this.#probed.add(server);
    } catch (error) {
      if (this.#probed.has(server)) throw error;
    }
  }
}
