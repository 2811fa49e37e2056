// Closes matters in which nothing is live, nothing promised and nothing can be taken up again; finds forgotten agents; forgets
// what is too old.
import { SAME_MATTER_MS } from '../core/policy/returning-caller.js';
import type { Clock, Timer } from '../lib/clock.js';
import type { Log } from '../lib/log.js';
import type { AttachmentFiles } from './conversation/files.js';
import type { Reception } from './conversation/reception.js';
import type { AgentStore } from './floor/agent-store.js';
import type { Agents } from './floor/agents.js';
import type { Works } from './floor/works.js';
import type { RecordStore } from './ports.js';
import type { Interactions } from './record/interactions.js';

const EVERY_MS = 60_000;
const BATCH = 200;
/** What is kept for a day need not be looked for more often than once an hour. */
const ROUNDS_A_LOOK_AT_FILES = 60;
/** How long it is known how agents spent their time: a month of this year beside the same of the last one. */
export const PRESENCE_KEPT_MS = 400 * 86_400_000;
/** Rows in one statement, once in {@link EVERY_MS}: more than 500 agents write. */
export const FORGOTTEN_AT_ONCE = 5_000;

export interface HousekeepingPorts {
  readonly store: RecordStore;
  readonly interactions: Interactions;
  readonly agents: Agents;
  readonly agentStore: Pick<AgentStore, 'forgetPresence'>;
  /** What agents and queues hold of written conversations. */
  readonly works: Pick<Works, 'restore'>;
  readonly reception: Pick<Reception, 'lookAfter'>;
  /** Of this node's own disk. */
  readonly files: Pick<AttachmentFiles, 'forgetOld'>;
  /** One node of the centre is enough. */
  readonly leading: () => boolean;
  readonly clock: Clock;
  readonly log: Log;
}

export class Housekeeping {
  #timer: Timer | undefined;
  #closed = false;
  #rounds = 0;

  constructor(private readonly ports: HousekeepingPorts) {}

  start(): void {
    this.#timer = this.ports.clock.after(EVERY_MS, () => void this.#round());
  }

  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
  }

  async #round(): Promise<void> {
    try {
      if (this.ports.leading()) {
        this.ports.agents.reconcile();
        await this.ports.works.restore();
        await this.ports.reception.lookAfter();
        await this.closeIdle();
        await this.forgetOld();
      }
      if (this.#rounds++ % ROUNDS_A_LOOK_AT_FILES === 0) await this.ports.files.forgetOld();
    } catch (error) {
      this.ports.log.warn({ err: error }, 'housekeeping has to wait');
    }
    if (!this.#closed) this.start();
  }

  /** Closes one batch of interactions that were left idle for too long to be the same matter. */
  async closeIdle(): Promise<void> {
    const { store, interactions, clock } = this.ports;
    const idle = await store.find({ state: 'idle', toMs: clock.nowMs() - SAME_MATTER_MS, limit: BATCH });
    for (const { id, updatedAtMs } of idle.interactions) {
      if (clock.nowMs() - updatedAtMs <= SAME_MATTER_MS) continue;
      const thread = await interactions.resume(id);
      if (thread.state.state !== 'idle') continue;
      await thread.record({ type: 'interaction-closed', data: { reason: 'nothing-open' } });
    }
  }

  /** Forgets one batch of the oldest changes of agents' presence. */
  async forgetOld(): Promise<void> {
    const { agentStore, clock, log } = this.ports;
    const forgotten = await agentStore.forgetPresence(clock.nowMs() - PRESENCE_KEPT_MS, FORGOTTEN_AT_ONCE);
    if (forgotten > 0) log.info({ forgotten }, 'old changes of agents are forgotten');
  }
}
