// Nodes that died: what they held is closed in the record, their agents are freed, their callers get a call-back.
import { agentTransition } from '../core/acd/agent-transition.js';
import { isPromised } from '../core/interaction/callback.js';
import type { CallEnd } from '../core/interaction/event.js';
import { isLive, type Segment } from '../core/interaction/segment.js';
import type { Clock, Timer } from '../lib/clock.js';
import type { Log } from '../lib/log.js';
import type { Callbacks } from './callback/callbacks.js';
import type { LiveState, Wish } from './floor/live-state.js';
import type { Recovery } from './message/recovery.js';
import type { LiveStore, RecordStore } from './ports.js';
import type { Interactions } from './record/interactions.js';
import type { Thread } from './record/thread.js';
import type { Survivors } from './survivors/surviving.js';
import type { TakenOverCalls } from './survivors/taken-over.js';

const BEAT_EVERY_MS = 1_000;
/** A node that was silent for so long is dead: its calls cannot be controlled any more. */
const BEAT_TTL_MS = 6_000;
/** A switch that is away for longer has nothing left of those calls. */
const UNASKED_LIMIT_MS = 15_000;
/** Live documents changed in one commit. */
const CHUNK = 50;

export interface NodeWatchPorts {
  readonly store: LiveStore;
  readonly live: LiveState;
  readonly record: RecordStore;
  readonly interactions: Interactions;
  readonly recovery: Recovery;
  readonly callbacks: Pick<Callbacks, 'lookNow'>;
  /** Calls that may have outlived the node; absent: there are none. */
  readonly survivors?: Survivors;
  readonly takenOver: TakenOverCalls;
  /** Whether the switch can be asked for them. */
  readonly canAsk: () => boolean;
  /** Only one node buries the dead. */
  readonly leading: () => boolean;
  readonly node: string;
  readonly clock: Clock;
  readonly log: Log;
}

export class NodeWatch {
  readonly #ports: NodeWatchPorts;
  /** Nodes that hold something and give no sign of life, and since when (monotonic ms). */
  #missing = new Map<string, number>();
  /** Lost nodes whose calls the switch could not be asked for, and since when. */
  readonly #unasked = new Map<string, number>();
  #timer: Timer | undefined;
  #burying: Promise<void> | undefined;
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
    try {
      await this.#ports.store.forgetNode(this.#ports.node);
    } catch (error) {
      this.#ports.log.warn({ err: error }, 'this node will be taken for a lost one');
    }
  }

  async #round(): Promise<void> {
    const { store, node, log, clock } = this.#ports;
    try {
      await store.beat(node, BEAT_TTL_MS);
      // Many calls take long to bury; the sign of life must not wait for it.
      if (this.#ports.leading()) this.#burying ??= this.#buryAll();
    } catch (error) {
      log.warn({ err: error }, 'signs of life cannot be exchanged');
    }
    if (!this.#closed) this.#timer = clock.after(BEAT_EVERY_MS, () => void this.#round());
  }

  async #buryAll(): Promise<void> {
    try {
      for (const name of await this.#lost()) await this.#bury(name);
    } catch (error) {
      this.#ports.log.warn({ err: error }, 'a lost node cannot be buried now');
    } finally {
      this.#burying = undefined;
    }
  }

  async #bury(name: string): Promise<void> {
    const { store, record, log, interactions } = this.#ports;
    if (!this.#mayBury(name)) return;
    log.error({ node: name }, 'a node is lost: its calls are closed and its callers called back');
    await this.#takeOver(name);
    await this.#freeLiveState(name);
    for (const { id } of await record.liveOn(name)) await this.#close(await interactions.resume(id), name);
    await store.forgetNode(name);
    this.#missing.delete(name);
    this.#ports.callbacks.lookNow();
  }

  /**
   * Nodes that stopped giving signs of life, and nodes that still hold something but are not known to the live store:
   * it may have lost its memory a moment ago, so these have time to give their next sign.
   */
  async #lost(): Promise<ReadonlySet<string>> {
    const { store, record, live, node, clock } = this.#ports;
    const lost = new Set(await store.lostNodes());
    const alive = new Set([...(await store.aliveNodes()), node]);
    const nowMs = clock.monotonicMs();
    const holders = [...(await record.nodesWithLiveCalls()), ...nodesIn(live)];
    const missing = new Map<string, number>();
    for (const name of holders) if (!alive.has(name)) missing.set(name, this.#missing.get(name) ?? nowMs);
    this.#missing = missing;
    for (const [name, sinceMs] of missing) if (nowMs - sinceMs >= BEAT_TTL_MS) lost.add(name);
    lost.delete(node);
    return lost;
  }

  /** While the switch cannot be asked who talks on, that node's calls are left alone, for a while. */
  #mayBury(name: string): boolean {
    const { survivors, canAsk, clock } = this.#ports;
    if (survivors === undefined || canAsk()) return true;
    const sinceMs = this.#unasked.get(name) ?? clock.monotonicMs();
    this.#unasked.set(name, sinceMs);
    return clock.monotonicMs() - sinceMs >= UNASKED_LIMIT_MS;
  }

  /** Who talks goes on talking; whatever else the switch still has of that node is ended. */
  async #takeOver(name: string): Promise<void> {
    const { survivors, takenOver, log } = this.#ports;
    this.#unasked.delete(name);
    try {
      const calls = (await survivors?.of(name)) ?? [];
      const taken = await Promise.all(calls.map((call) => takenOver.take(call, name)));
      const goOn = taken.filter((segment) => segment !== undefined).length;
      if (calls.length > 0) log.warn({ node: name, calls: calls.length, goOn }, 'calls that outlived their node');
    } catch (error) {
      log.error({ err: error, node: name }, 'calls that outlived their node cannot be looked for');
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
        for (const agent of [...live.agents(), ...live.lostAgents()]) {
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
    const closed = thread.record(
      { type: 'node-lost', data: { node } },
      ...live.map(({ id }) => ({ type: 'call-ended' as const, data: { ...end, segment: id, talkedMs: 0 } })),
    );
    // Told in one turn, so it is stored with it: whoever dies between the two would leave a caller whom nobody owes anything.
    await Promise.all([closed, this.#callBack(thread, live)]);
  }

  /** Who had called in; or was being called back, unless that promise is still to be kept and is kept by itself. */
  async #callBack(thread: Thread, live: readonly Segment[]): Promise<void> {
    const call =
      live.find(({ direction }) => direction === 'in') ??
      live.find((segment) => segment.kind === 'call' && segment.callback !== undefined);
    if (call?.kind !== 'call' || (call.direction === 'out' && isPromised(thread.state.callback))) return;
    if (await this.#ports.recovery.promiseAfterLoss(thread, call.number)) return;
    this.#ports.log.warn({ interaction: thread.id }, 'caller of a lost node cannot be called back');
  }
}

/** Nodes that hold callers' places or agents' calls. */
function nodesIn(live: LiveState): string[] {
  // Messages and tasks are held by no node: they outlive all of them.
  const entries = [...live.entries()].flatMap(({ node }) => (node === '' ? [] : [node]));
  const agents = [...live.agents(), ...live.lostAgents()];
  return [...entries, ...agents.flatMap((agent) => (agent.state === 'busy' ? [agent.node] : []))];
}
