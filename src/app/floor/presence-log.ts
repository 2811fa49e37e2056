// Writes down every change of every agent's state: what times in states are computed from.
import { changeOf, type PresenceChange } from '../../core/acd/agent-times.js';
import type { Clock, Timer } from '../../lib/clock.js';
import type { Log } from '../../lib/log.js';
import type { AgentStore } from './agent-store.js';
import type { LiveState } from './live-state.js';

const FLUSH_AFTER_MS = 200;
const RETRY_AFTER_MS = 2_000;
/** Rows that wait for a database that is away; beyond that the oldest are given up: sums stay right, details are missing. */
export const MAX_PENDING = 20_000;
/** Rows in one statement. */
const BATCH = 500;

export interface PresenceLogPorts {
  readonly live: LiveState;
  readonly agentStore: AgentStore;
  readonly clock: Clock;
  readonly log: Log;
}

/** Every node writes what it sees: one that dies takes nothing with it. The store keeps each row once. */
export class PresenceLog {
  readonly #ports: PresenceLogPorts;
  /** The last change of each agent that was taken down. */
  readonly #last = new Map<string, string>();
  #pending: PresenceChange[] = [];
  #timer: Timer | undefined;
  #writing: Promise<void> | undefined;
  #closed = false;

  constructor(ports: PresenceLogPorts) {
    this.#ports = ports;
    ports.live.onChange(({ kind, id }) => {
      if (kind === 'agent') this.#look(id);
    });
    ports.live.onReset(() => {
      for (const { agent } of ports.live.agents()) this.#look(agent);
    });
  }

  get pending(): number {
    return this.#pending.length;
  }

  /** Waits until what was seen is written, or cannot be. */
  async settled(): Promise<void> {
    await this.#writing;
    await this.#write();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#timer?.cancel();
    await this.settled();
  }

  #look(agent: string): void {
    const presence = this.#ports.live.agent(agent);
    if (presence === undefined) return;
    const change = changeOf(presence, this.#ports.live.agentVersion(agent));
    const key = `${change.atMs} ${change.state} ${change.reason ?? ''}`;
    if (this.#last.get(agent) === key) return;
    this.#last.set(agent, key);
    this.#pending.push(change);
    if (this.#pending.length > MAX_PENDING) this.#giveUp();
    this.#later(FLUSH_AFTER_MS);
  }

  #giveUp(): void {
    const lost = this.#pending.splice(0, BATCH).length;
    this.#ports.log.error({ lost }, 'the database was away for so long that changes of agents are not written down');
  }

  #later(ms: number): void {
    if (this.#closed || this.#timer !== undefined) return;
    this.#timer = this.#ports.clock.after(ms, () => {
      this.#timer = undefined;
      void this.#write();
    });
  }

  #write(): Promise<void> {
    this.#writing ??= this.#drain().finally(() => {
      this.#writing = undefined;
    });
    return this.#writing;
  }

  async #drain(): Promise<void> {
    while (this.#pending.length > 0) {
      const batch = this.#pending.slice(0, BATCH);
      try {
        await this.#ports.agentStore.keepPresence(batch);
      } catch (error) {
        this.#ports.log.warn({ err: error }, 'changes of agents wait for the database');
        this.#later(RETRY_AFTER_MS);
        return;
      }
      // By what they are: the oldest may have been given up meanwhile.
      const written = new Set(batch);
      this.#pending = this.#pending.filter((change) => !written.has(change));
    }
  }
}
