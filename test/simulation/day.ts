// A random day of a contact centre, played on core alone: callers, agents, hang-ups, lost reports and dying nodes.
import type { Offer } from '../../src/core/acd/entry.js';
import { joinQueue } from '../../src/core/acd/entry-transition.js';
import { mayJoin } from '../../src/core/acd/join.js';
import type { QueueConfig } from '../../src/core/acd/queue.js';
import type { CallResult, EndedBy } from '../../src/core/interaction/event.js';
import { isShortAbandon } from '../../src/core/policy/abandoned-call.js';
import { overflow } from '../../src/core/policy/overflow.js';
import { returningCaller } from '../../src/core/policy/returning-caller.js';
import { agentConfig, queue } from '../support/floor.js';
import { Callbacks } from './callbacks.js';
import type { Clockwork } from './clockwork.js';
import { SimulatedFloor } from './floor.js';
import { POLICY, Records, type Thread } from './records.js';

export interface DayPlan {
  readonly agents: number;
  readonly callers: number;
  readonly customers: number;
  readonly nodeDeaths: number;
}

export const DAY_MS = 8 * 3_600_000;
const SHIFT_MS = DAY_MS / 2;

/** A caller on the line. */
interface Call {
  readonly thread: Thread;
  readonly segment: string;
  readonly number: string;
  readonly node: string;
  readonly visited: string[];
  seniorityMs: number | undefined;
  state: 'flow' | 'waiting' | 'talking' | 'over';
  entry?: string;
  queuedAtMs?: number;
  agent?: string;
}

export class Day {
  readonly records: Records;
  readonly floor: SimulatedFloor;
  readonly callbacks: Callbacks;
  readonly #calls = new Map<string, Call>();
  /** Node names that are alive; a dead one is replaced under a new name. */
  readonly #nodes: [string, ...string[]] = ['n1', 'n2'];

  constructor(
    private readonly clock: Clockwork,
    plan: DayPlan,
  ) {
    this.records = new Records(clock);
    this.floor = new SimulatedFloor(clock, QUEUES, staff(clock, plan.agents), {
      offered: (entry, offer) => this.#rings(entry.entry, offer),
      refused: (entry, offer, reason) =>
        this.records.ofEntry(entry, {
          type: 'offer-refused',
          data: { entry: entry.entry, offer: offer.id, agent: offer.agent, reason },
        }),
      withdrawn: (entry, offer, reason) => {
        if (reason === 'connected' || reason === 'overflow') throw new Error(`withdrawn as ${reason}`);
        const data = { entry: entry.entry, offer: offer.id, agent: offer.agent, reason };
        this.records.ofEntry(entry, { type: 'offer-withdrawn', data });
      },
      wrappedUp: (agent, entry, wrapUpMs) => this.records.wrappedUp(agent, entry, wrapUpMs),
    });
    this.callbacks = new Callbacks(clock, this.floor, this.records, () => this.clock.oneOf(this.#nodes));
    for (const name of this.floor.agentConfigs.keys()) this.#planShift(name);
    for (let n = 0; n < plan.callers; n += 1) {
      const number = `+346001${String(clock.between(1, plan.customers)).padStart(5, '0')}`;
      clock.after(clock.between(0, SHIFT_MS), () => this.#arrive(number));
    }
    for (let n = 0; n < plan.nodeDeaths; n += 1) clock.after(clock.between(0, SHIFT_MS), () => this.#nodeDies());
  }

  /** Segments whose calls go on. */
  isLive(segment: string): boolean {
    return this.#calls.has(segment);
  }

  /** Agents who talk, one line for each call. */
  talking(): string[] {
    const inbound = [...this.#calls.values()].flatMap(({ state, agent }) =>
      state === 'talking' && agent !== undefined ? [agent] : [],
    );
    return [...inbound, ...this.callbacks.talking()];
  }

  // ── Agents ──────────────────────────────────────────────────────────────────────────────────────────────────────

  #planShift(agent: string): void {
    const { clock, floor } = this;
    const registers = { type: 'device-registered', first: true, availableOnRegister: true } as const;
    clock.after(clock.seconds(0, 600), () => floor.tell(agent, registers));
    for (let n = 0; n < 12; n += 1) {
      clock.after(clock.between(0, SHIFT_MS), () => this.#whim(agent));
    }
  }

  #whim(agent: string): void {
    const { clock, floor } = this;
    const backAt = clock.seconds(1, 900);
    const whims = [
      () => floor.tell(agent, { type: 'set-state', to: { state: 'break', reason: 'coffee' }, reachable: true }),
      () => floor.tell(agent, { type: 'device-unregistered', last: true }),
      () => floor.tell(agent, { type: 'set-state', to: { state: 'available' }, reachable: true }),
      () => this.#callsOut(agent),
      () => floor.force(agent),
    ] as const;
    clock.oneOf<() => unknown>([...whims])();
    clock.after(backAt, () => floor.tell(agent, { type: 'device-registered', first: true, availableOnRegister: true }));
    clock.after(backAt, () => floor.tell(agent, { type: 'set-state', to: { state: 'available' }, reachable: true }));
  }

  #callsOut(agent: string): void {
    const entry = this.clock.id('own');
    const begun = this.floor.tell(agent, {
      type: 'connected-outside',
      interaction: entry,
      entry,
      node: 'outside',
      why: 'own-call',
    });
    if (!begun) return;
    this.callbacks.outside.add(agent);
    this.clock.after(this.clock.seconds(5, 300), () => {
      this.callbacks.outside.delete(agent);
      if (!this.floor.tell(agent, { type: 'call-ended', entry, wrapUpMs: 0 })) throw new Error('own call lost');
    });
  }

  /** What the phone does: answered, rejected, left ringing, or its report is lost and the lease has to end it. */
  #rings(entryId: string, offer: Offer): void {
    const { clock, floor } = this;
    const entry = floor.entries.get(entryId);
    if (entry === undefined) throw new Error('an offer for nobody');
    const data = { entry: entryId, offer: offer.id, queue: entry.queue, agent: offer.agent, why: offer.why };
    this.records.ofEntry(entry, { type: 'offered', data });
    const ringMs = QUEUES.get(entry.queue)?.ringMs ?? 0;
    const mood = clock.between(1, 100);
    // An answer may also come while the lease is running out, or after it.
    if (mood <= 75) clock.after(clock.between(500, ringMs), () => this.#answers(entryId, offer));
    else if (mood <= 80) clock.at(offer.expiresAtMs + clock.between(-1, 1_000), () => this.#answers(entryId, offer));
    else if (mood <= 88) clock.after(clock.between(500, ringMs), () => floor.refuse(entryId, offer, 'rejected'));
    else if (mood <= 96) clock.after(ringMs, () => floor.refuse(entryId, offer, 'no-answer'));
  }

  #answers(entryId: string, offer: Offer): void {
    const entry = this.floor.entries.get(entryId);
    if (entry?.kind === 'callback') {
      this.callbacks.agentAnswers(entry, offer);
      return;
    }
    const call = [...this.#calls.values()].find((one) => one.entry === entryId);
    const accepted = this.floor.accept(entryId, offer, entry?.interaction ?? '', call?.node ?? '');
    if (!accepted) return;
    if (entry === undefined || call === undefined) throw new Error('an agent answered a caller who is not there');
    if (this.clock.chance(0.05)) {
      this.floor.giveBack(entryId, offer);
      return;
    }
    this.#talk(call, entryId, entry.queue, offer.agent);
  }

  // ── Callers ─────────────────────────────────────────────────────────────────────────────────────────────────────

  #arrive(number: string): void {
    const { clock, records } = this;
    const back = returningCaller(records.openOf(number), clock.nowMs);
    const thread = back === undefined ? records.open(number) : records.thread(back.interaction.id);
    const node = clock.oneOf(this.#nodes);
    const segment = clock.id('s');
    thread.tell({
      type: 'call-arrived',
      data: { segment, callId: segment, from: number, to: '1000', trunk: 'lab', node },
    });
    if (back !== undefined) thread.tell(...back.events);
    if (back?.leaves !== undefined) this.callbacks.giveUp(back.leaves, 'superseded');
    const seniorityMs = back?.place?.seniorityMs;
    const call: Call = { thread, segment, number, node, visited: [], seniorityMs, state: 'flow' };
    this.#calls.set(segment, call);
    thread.tell({ type: 'call-answered', data: { segment } });
    thread.tell({ type: 'flow-entered', data: { segment, flow: 'main', revision: 'r1', language: 'es' } });
    const patienceMs = clock.seconds(1, 400);
    clock.after(patienceMs, () => this.#hangsUp(call));
    clock.after(clock.seconds(1, 20), () => this.#chooses(call));
  }

  #chooses(call: Call): void {
    if (call.state !== 'flow') return;
    if (this.clock.chance(0.1)) this.#end(call, 'served', 'hilo', 'flow-finished');
    else this.#wait(call, this.clock.oneOf(['support', 'sales', 'tiny', 'empty']));
  }

  #wait(call: Call, name: string): void {
    const config = QUEUES.get(name);
    if (config === undefined) throw new Error(`no queue ${name}`);
    const { clock, floor } = this;
    call.visited.push(name);
    const entries = floor.entries.values();
    const { agentConfigs } = floor;
    const answer = mayJoin({ kind: 'call', queue: config, entries, agents: floor.agents.values(), agentConfigs });
    if (!answer.join) {
      this.#overflows(call, config, answer.cause);
      return;
    }
    const entry = clock.id('e');
    call.seniorityMs ??= clock.nowMs;
    const { seniorityMs, segment, thread, node } = call;
    const place = { entry, queue: name, priority: config.priority, seniorityMs, kind: 'call' } as const;
    Object.assign(call, { state: 'waiting', entry, queuedAtMs: clock.nowMs });
    thread.tell({ type: 'queued', data: { ...place, segment } });
    floor.join(joinQueue({ ...place, interaction: thread.id, joinedAtMs: clock.nowMs, node }));
    clock.after(config.maxWaitMs, () => {
      if (call.state !== 'waiting' || call.entry !== entry || floor.entries.get(entry)?.state === 'accepted') return;
      this.#leavesQueue(call, name, 'max-wait');
      this.#overflows(call, config, 'max-wait');
    });
  }

  #leavesQueue(call: Call, name: string, reason: 'max-wait' | 'caller-hung-up' | 'connected' | 'node-lost'): void {
    const { entry = '', queuedAtMs = 0 } = call;
    this.floor.leave(entry, reason);
    const waitedMs = this.clock.nowMs - queuedAtMs;
    call.thread.tell({ type: 'left-queue', data: { entry, queue: name, reason, waitedMs } });
  }

  #overflows(call: Call, config: QueueConfig, cause: string): void {
    const { visited, number, thread } = call;
    call.state = 'flow';
    const command = overflow({ queue: config, queues: QUEUES, visited, number });
    const to = 'queue' in command ? command.queue : command.type;
    thread.tell({ type: 'overflowed', data: { entry: call.entry ?? '', queue: config.name, to, cause } });
    if (command.type === 'move-to-queue') this.#wait(call, command.queue);
    else if (command.type === 'promise-callback') {
      const promised = this.callbacks.promise(thread, number, command.queue, call.seniorityMs ?? this.clock.nowMs);
      this.#end(call, promised ? 'callback-promised' : 'refused', 'hilo', cause);
    } else if (command.type === 'send-message') {
      const sent = this.callbacks.recover(thread, call.segment, number, 'overflow');
      this.#end(call, sent ? 'message-sent' : 'refused', 'hilo', cause);
    } else this.#end(call, 'refused', 'hilo', cause);
  }

  #talk(call: Call, entry: string, name: string, agent: string): void {
    const { clock } = this;
    const { thread, segment } = call;
    call.agent = agent;
    const waitedMs = clock.nowMs - (call.queuedAtMs ?? 0);
    thread.tell({ type: 'connected', data: { segment, entry, agent, device: `${agent}-desk`, waitedMs } });
    this.#leavesQueue(call, name, 'connected');
    call.state = 'talking';
    const fromMs = clock.nowMs;
    clock.after(clock.seconds(5, 600), () => {
      if (call.state !== 'talking') return;
      const by = clock.oneOf<EndedBy>(['customer', 'agent']);
      this.floor.tell(agent, { type: 'call-ended', entry, wrapUpMs: QUEUES.get(name)?.wrapUpMs ?? 0 });
      this.#end(call, 'served', by, 'hung-up', clock.nowMs - fromMs);
    });
  }

  /** Patience is over: counts only while nobody serves the caller. */
  #hangsUp(call: Call): void {
    if (call.state === 'talking' || call.state === 'over') return;
    const entry = call.state === 'waiting' ? this.floor.entries.get(call.entry ?? '') : undefined;
    if (entry !== undefined) this.#leavesQueue(call, entry.queue, 'caller-hung-up');
    const waitedMs = entry === undefined ? 0 : this.clock.nowMs - entry.joinedAtMs;
    this.#end(call, isShortAbandon(waitedMs, POLICY) ? 'short-abandoned' : 'abandoned', 'customer', 'caller-hung-up');
    this.callbacks.recover(call.thread, call.segment, call.number, 'abandoned');
  }

  #end(call: Call, result: CallResult, by: EndedBy, reason: string, talkedMs = 0): void {
    if (call.state === 'over') throw new Error('a call that ends twice');
    call.state = 'over';
    this.#calls.delete(call.segment);
    call.thread.tell({ type: 'call-ended', data: { segment: call.segment, by, result, reason, talkedMs } });
  }

  #nodeDies(): void {
    const node = this.clock.oneOf(this.#nodes);
    this.#nodes[this.#nodes.indexOf(node)] = this.clock.id('n-new');
    for (const call of [...this.#calls.values()].filter((one) => one.node === node)) {
      call.thread.tell({ type: 'node-lost', data: { node } });
      const entry = call.state === 'waiting' ? this.floor.entries.get(call.entry ?? '') : undefined;
      if (entry !== undefined) this.#leavesQueue(call, entry.queue, 'node-lost');
      this.#end(call, 'failed', 'hilo', 'node-lost');
      this.callbacks.promiseAfterLoss(call.thread, call.number);
    }
    for (const agent of this.floor.agents.keys()) this.floor.tell(agent, { type: 'node-lost', node });
    this.callbacks.nodeLost(node);
  }
}

const QUEUES: ReadonlyMap<string, QueueConfig> = new Map(
  [
    queue('support', { maxWaitMs: 300_000, overflow: { kind: 'callback' } }),
    queue('sales', { priority: 3, wrapUpMs: 0, overflow: { kind: 'queue', queue: 'support' } }),
    queue('tiny', { skill: 'sales', maxLength: 1, overflow: { kind: 'message' } }),
    queue('empty', { skill: 'nobody-has-it', maxWaitMs: 60_000, overflow: { kind: 'queue', queue: 'tiny' } }),
  ].map((config) => [config.name, config]),
);

function staff(clock: Clockwork, count: number) {
  const names = Array.from({ length: count }, (_, n) => `agent${n + 1}`);
  const skills = (): Record<string, number> => {
    const level = clock.between(1, 5);
    return clock.oneOf<Record<string, number>>([{ support: level }, { sales: level }, { support: level, sales: 1 }]);
  };
  return new Map(names.map((name) => [name, agentConfig(name, skills())]));
}
