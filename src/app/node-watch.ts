// Nodes that died: what they held is closed in the record, their agents are freed, their callers get a call-back.
import { agentTransition } from '../core/acd/agent-transition.js';
import type { CallEnd } from '../core/interaction/event.js';
import { isLive } from '../core/interaction/segment.js';
import type { Clock, Timer } from '../lib/clock.js';
import type { Log } from '../lib/log.js';
import type { LiveState, Wish } from './floor/live-state.js';
import type { Recovery } from './message/recovery.js';
import type { LiveStore, RecordStore } from './ports.js';
import type { Interactions } from './record/interactions.js';
import type { Thread } from './record/thread.js';

const BEAT_EVERY_MS = 1_000;
/** A node that was silent for so long is dead: its calls cannot be controlled any more. */
const BEAT_TTL_MS = 6_000;
/** Live documents changed in one commit. */
const CHUNK = 50;

export interface NodeWatchPorts {
  readonly store: LiveStore;
  readonly live: LiveState;
  readonly record: RecordStore;
  readonly interactions: Interactions;
  readonly recovery: Recovery;
  /** Only one node buries the dead. */
  readonly leading: () => boolean;
  readonly node: string;
  readonly clock: Clock;
  readonly log: Log;
}

export class NodeWatch {
  readonly #ports: NodeWatchPorts;
  #timer: Timer | undefined;
  #closed = false;

  constructor(ports: NodeWatchPorts) {
    this.#ports = ports;
  }

  async start(): Promise<void> {
    await this.#round();
  }

  /** A node that ends in order is not a lost one. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#timer?.cancel();
    await this.#ports.store.forgetNode(this.#ports.node);
  }

  async #round(): Promise<void> {
    const { store, node, log, clock } = this.#ports;
    try {
      await store.beat(node, BEAT_TTL_MS);
      if (this.#ports.leading()) await this.#bury();
    } catch (error) {
      log.warn({ err: error }, 'signs of life cannot be exchanged');
    }
    if (!this.#closed) this.#timer = clock.after(BEAT_EVERY_MS, () => void this.#round());
  }

  async #bury(): Promise<void> {
    const { store, record, node, log } = this.#ports;
    const lost = new Set(await store.lostNodes());
    const alive = new Set(await store.aliveNodes());
    // The live store may have lost its memory of a node together with the node: the record has not.
    for (const name of await record.nodesWithLiveCalls()) if (!alive.has(name) && name !== node) lost.add(name);
    for (const name of lost) {
      log.error({ node: name }, 'a node is lost: its calls are closed and its callers called back');
      await this.#freeLiveState(name);
      for (const { id } of await record.liveOn(name))
        await this.#close(await this.#ports.interactions.resume(id), name);
      await store.forgetNode(name);
    }
  }

  async #freeLiveState(node: string): Promise<void> {
    const { live, clock } = this.#ports;
    for (;;) {
      const committed = await live.change(() => {
        const wishes: Wish[] = [];
        const gone = new Set<string>();
        for (const entry of live.entries()) {
          if (entry.node !== node || wishes.length >= CHUNK) continue;
          gone.add(entry.entry);
          wishes.push({ kind: 'entry', id: entry.entry, value: null });
        }
        for (const agent of live.agents()) {
          const event =
            agent.state === 'ringing' && gone.has(agent.entry)
              ? ({ type: 'withdrawn', offer: agent.offer } as const)
              : ({ type: 'node-lost', node } as const);
          const free = agentTransition(agent, event, clock.nowMs());
          if (free.ok && free.next !== agent && wishes.length < 2 * CHUNK - 1) {
            wishes.push({ kind: 'agent', id: agent.agent, value: free.next });
          }
        }
        return wishes;
      });
      if (committed === undefined) return;
    }
  }

  async #close(thread: Thread, node: string): Promise<void> {
    const live = thread.state.segments.filter(isLive).filter((segment) => segment.node === node);
    if (live.length === 0) return;
    const end: CallEnd = { by: 'hilo', result: 'failed', reason: 'node-lost' };
    await thread.record(
      { type: 'node-lost', data: { node } },
      ...live.map(({ id }) => ({ type: 'call-ended' as const, data: { ...end, segment: id, talkedMs: 0 } })),
    );
    const inbound = live.find(({ direction }) => direction === 'in');
    if (inbound !== undefined && !(await this.#ports.recovery.promiseAfterLoss(thread, inbound.number))) {
      this.#ports.log.warn({ interaction: thread.id }, 'caller of a lost node cannot be called back');
    }
  }
}
