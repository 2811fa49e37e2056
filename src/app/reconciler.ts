// Compares from time to time what record, switch, live state and media servers say of this node's calls, and ends what only one of them knows.
import { aged, compare, type Discrepancy, nameOf, type Sides, type Stories } from '../core/interaction/accounts.js';
import type { Clock, Timer } from '../lib/clock.js';
import type { Log } from '../lib/log.js';
import type { Agents } from './floor/agents.js';
import type { LiveState } from './floor/live-state.js';
import type { Queueing } from './floor/queueing.js';
import type { Recovery } from './message/recovery.js';
import type { Holdings, LegEnd, LiveDocument, LiveStore, Telephony } from './ports.js';
import type { CallAccounts } from './record/call-accounts.js';
import type { Interactions } from './record/interactions.js';

const LOOK_EVERY_MS = 10_000;
/** A call is known to all of them within seconds, and forgotten by all within seconds: what takes longer is broken. */
export const GRACE_MS = 30_000;
/** Ended at one look; the others have their turn at the next. */
export const ENDED_PER_LOOK_MAX = 100;

const NO_CHANNEL: LegEnd = { by: 'network', reason: 'media-lost' };
const NO_CALL: LegEnd = { by: 'hilo', reason: 'no-call' };

export interface ReconcilerPorts {
  readonly accounts: CallAccounts;
  readonly telephony: Pick<Telephony, 'holdings'>;
  /** What it holds, not what this node was told of it: a change that nobody told is left behind most easily. */
  readonly liveStore: Pick<LiveStore, 'all'>;
  readonly live: LiveState;
  readonly agents: Agents;
  readonly queueing: Queueing;
  readonly interactions: Interactions;
  readonly recovery: Pick<Recovery, 'callLost'>;
  readonly stories: Stories;
  readonly node: string;
  readonly clock: Clock;
  readonly log: Log;
}

export type Found = Readonly<Record<Discrepancy['kind'], number>>;

export class Reconciler {
  readonly #ports: ReconcilerPorts;
  #since: ReadonlyMap<string, number> = new Map();
  /** Found beyond the grace time at the last look: told once. */
  #overdue: readonly Discrepancy[] = [];
  readonly #found = { call: 0, leg: 0, entry: 0, agent: 0, channel: 0 };
  #timer: Timer | undefined;
  #closed = false;

  constructor(ports: ReconcilerPorts) {
    this.#ports = ports;
  }

  /** Things that one side knows and another does not, for longer than the grace time. */
  get unaccounted(): number {
    return this.#overdue.length;
  }

  /** Those things. */
  get overdue(): readonly Discrepancy[] {
    return this.#overdue;
  }

  /** So many were found since the start, by what they are. */
  get found(): Found {
    return { ...this.#found };
  }

  start(): void {
    this.#timer = this.#ports.clock.after(LOOK_EVERY_MS, () => void this.#round());
  }

  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
  }

  async #round(): Promise<void> {
    try {
      await this.#look();
    } catch (error) {
      this.#ports.log.warn({ err: error }, 'calls cannot be compared now');
    }
    if (!this.#closed) this.start();
  }

  async #look(): Promise<void> {
    const { telephony, clock, log } = this.#ports;
    const [holdings, documents] = await Promise.all([telephony.holdings(), this.#documents()]);
    // What goes away while the centre closes is nobody's fault.
    if (this.#closed) return;
    const found = compare(this.#sides(holdings, documents));
    const { since, overdue } = aged(this.#since, found, clock.monotonicMs(), GRACE_MS);
    const told = new Set(this.#overdue.map(nameOf));
    this.#since = since;
    this.#overdue = overdue;
    for (const one of overdue) {
      if (told.has(nameOf(one))) continue;
      this.#found[one.kind] += 1;
      log.error(one, `unaccounted: ${nameOf(one)}`);
    }
    await Promise.all(overdue.slice(0, ENDED_PER_LOOK_MAX).map((one) => this.#end(one, holdings)));
  }

  /** Without the live store nobody can say what it says: then nothing is missed there. */
  async #documents(): Promise<readonly LiveDocument[]> {
    try {
      return await this.#ports.liveStore.all();
    } catch (error) {
      this.#ports.log.info({ err: error }, 'the live state cannot be compared now');
      return [];
    }
  }

  #sides({ arrived, legs, servers, channels }: Holdings, documents: readonly LiveDocument[]): Sides {
    const { accounts, node, stories } = this.#ports;
    return {
      calls: accounts.open(),
      arrived,
      legs,
      servers,
      channels: new Set(channels.keys()),
      entries: documents.flatMap(({ kind, value }) => (kind === 'entry' && value.node === node ? [value.entry] : [])),
      agents: documents.flatMap(({ kind, value }) =>
        kind === 'agent' && value.state === 'busy' && value.node === node ? [value] : [],
      ),
      stories,
    };
  }

  /** What was never told has to be read before it can be changed. */
  async #mirrored(kind: 'entry' | 'agent', id: string): Promise<void> {
    const { live } = this.#ports;
    const known = kind === 'entry' ? live.entry(id) !== undefined : live.agent(id)?.state === 'busy';
    if (!known) await live.refresh();
  }

  async #end(one: Discrepancy, { legs, channels }: Holdings): Promise<void> {
    const { queueing, agents, log } = this.#ports;
    try {
      switch (one.kind) {
        case 'call':
          // Its story will tell an end of its own; two would be one too many.
          if (!one.tended) await this.#endCall(one.interaction, one.id);
          break;
        case 'leg':
          await legs.find(({ id }) => id === one.id)?.end(one.missing === 'channel' ? NO_CHANNEL : NO_CALL);
          break;
        case 'entry':
          await this.#mirrored('entry', one.id);
          queueing.remove(one.id);
          break;
        case 'agent':
          await this.#mirrored('agent', one.id);
          agents.callEnded(one.id, one.entry, 0);
          break;
        case 'channel':
          await channels.get(one.id)?.();
          break;
      }
    } catch (error) {
      log.warn({ err: error, ...one }, 'cannot be ended now');
    }
  }

  /** Nobody knows how it ended, and the customer was not let go by anybody: as when a server is lost. */
  async #endCall(interaction: string, segment: string): Promise<void> {
    const { interactions, recovery } = this.#ports;
    const thread = await interactions.resume(interaction);
    thread.note({
      type: 'call-ended',
      data: { segment, by: 'hilo', result: 'failed', reason: 'leg-gone', talkedMs: 0 },
    });
    recovery.callLost(thread, segment);
  }
}
