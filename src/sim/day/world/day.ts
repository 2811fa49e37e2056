// A simulated stretch of days on the real core: callers walk their flow, wait, are offered, talk, hang up, call again.
import type { Entry, Offer } from '../../../core/acd/entry.js';
import { joinQueue } from '../../../core/acd/entry-transition.js';
import { admission } from '../../../core/acd/join.js';
import type { QueueConfig } from '../../../core/acd/queue.js';
import { isEmpty } from '../../../core/acd/wait/at-work.js';
import type { JoinGiven } from '../../../core/interaction/decision/given.js';
import type { EndedBy, InteractionEvent, LeaveReason } from '../../../core/interaction/event.js';
import type { Ask } from '../../../core/ivr/ask.js';
import type { Session } from '../../../core/ivr/session.js';
import { isShortAbandon } from '../../../core/policy/abandoned-call.js';
import { overflow } from '../../../core/policy/overflow.js';
import { returningCaller } from '../../../core/policy/returning-caller.js';
import { factOf } from '../../../core/replay/walk-facts.js';
import { type Call, type CallEnding, NODE } from './call.js';
import { type Caller, callersOf } from './callers.js';
import { draw } from './chance.js';
import { Clockwork } from './clockwork.js';
import { SimulatedFloor } from './floor.js';
import { Guide, type Onwards, type Way } from './guide.js';
import { DAY_MS, type Plan, type SimulatedAgent } from './plan.js';
import { Records, type SimulatedThread } from './records.js';
import { Recovery } from './recovery.js';
import { Standing } from './standing.js';

/** So long nobody has to be there before a queue counts as empty. */
const EMPTY_FOR_MS = 10_000;

export interface DayRecord {
  readonly threads: readonly SimulatedThread[];
  readonly spells: SimulatedFloor['spells'];
  /** Callers whom no number led to their queue at that hour: they were put there directly. */
  readonly withoutFlow: number;
}

/** The same plan, seed and run give the same record to the byte. */
export function simulate(plan: Plan, seed: number, run: number): DayRecord {
  const day = new SimulatedDay(plan);
  for (const caller of callersOf(plan, seed, run)) day.expect(caller);
  return day.run();
}

class SimulatedDay {
  readonly #plan: Plan;
  readonly #clock: Clockwork;
  readonly #records: Records;
  readonly #floor: SimulatedFloor;
  readonly #recovery: Recovery;
  readonly #guide: Guide;
  readonly #standing: Standing;
  /** Calls by the entry they wait with. */
  readonly #waiting = new Map<string, Call>();
  #ids = 0;
  #withoutFlow = 0;
  /** By number: whether the last call was served. */
  readonly #contentOf = new Map<string, boolean | 'on-the-line'>();

  constructor(plan: Plan) {
    this.#plan = plan;
    const { centre, agents } = plan;
    const clock = new Clockwork(plan.startMs);
    this.#clock = clock;
    const diverts = (queue: string): boolean => centre.queues.get(queue)?.divert !== undefined;
    this.#records = new Records(clock, (before, recorded) => this.#standing.learn(before, recorded, diverts));
    this.#guide = new Guide(centre, plan.catalogue, plan);
    this.#floor = new SimulatedFloor(clock, centre, new Map(agents.map(({ config }) => [config.name, config])), {
      offered: (entry, offer) => this.#rings(entry, offer),
      refused: ({ interaction, entry }, { id: offer, agent }, reason) =>
        this.#tell(interaction, { type: 'offer-refused', data: { entry, offer, agent, reason } }),
      withdrawn: ({ interaction, entry }, { id: offer, agent }, reason) => {
        if (reason === 'connected' || reason === 'overflow') throw new Error(`withdrawn as ${reason}`);
        this.#tell(interaction, { type: 'offer-withdrawn', data: { entry, offer, agent, reason } });
      },
      wentHome: () => clock.after(EMPTY_FOR_MS, () => this.#leaveEmptyQueues()),
      wrappedUp: (agent, { interaction, segment, entry }, wrapUpMs) =>
        this.#tell(interaction, { type: 'wrapped-up', data: { segment, entry, agent, wrapUpMs } }),
    });
    this.#standing = new Standing(clock, this.#floor);
    this.#recovery = new Recovery({
      plan,
      clock,
      floor: this.#floor,
      records: this.#records,
      id: (prefix) => this.#id(prefix),
      callAgain: (caller, attempt) => this.#arrive(caller, attempt),
    });
    for (const agent of agents) this.#planShifts(agent);
  }

  expect(caller: Caller): void {
    this.#clock.at(caller.arriveMs, () => this.#arrive(caller, 1));
  }

  run(): DayRecord {
    this.#clock.run();
    this.#floor.close();
    return { threads: [...this.#records.all()], spells: this.#floor.spells, withoutFlow: this.#withoutFlow };
  }

  #planShifts({ config: { name }, shifts }: SimulatedAgent): void {
    const set = (to: 'available' | 'offline') => () =>
      this.#floor.tell(name, { type: 'set-state', to: { state: to }, reachable: true });
    for (let day = 0; day < this.#plan.days; day += 1) {
      const midnightMs = this.#plan.startMs + day * DAY_MS;
      for (const { fromMs, toMs } of shifts) {
        // Whose next shift has begun when one ends stays.
        const goesOn = [...shifts, ...(day + 1 < this.#plan.days ? shifts.map(nextDay) : [])];
        this.#clock.at(midnightMs + fromMs, set('available'));
        if (!goesOn.some((other) => other.fromMs <= toMs && toMs < other.toMs))
          this.#clock.at(midnightMs + toMs, set('offline'));
      }
    }
  }

  /** Nobody is left who could serve them: the queue may say that they go then. */
  #leaveEmptyQueues(): void {
    const { agents, agentConfigs } = this.#floor;
    for (const queue of this.#plan.centre.queues.values()) {
      if (queue.leaveEmpty !== 'overflow' || !isEmpty(queue, { agents: agents.values(), agentConfigs })) continue;
      for (const [entry, call] of [...this.#waiting]) {
        if (call.phase.phase !== 'waiting' || call.phase.queue !== queue.name) continue;
        if (this.#leaves(call, entry, 'nobody-signed-in')) this.#notServed(call, queue, 'nobody-signed-in');
      }
    }
  }

  // ── Callers ─────────────────────────────────────────────────────────────────────────────────────────────────────

  #arrive(caller: Caller, attempt: number): void {
    const { centre } = this.#plan;
    const { nowMs } = this.#clock;
    const { number: from, queue } = caller;
    if (attempt === 1 && caller.again === true && this.#contentOf.get(from) !== false) return;
    this.#contentOf.set(from, 'on-the-line');
    const back = returningCaller(this.#records.openOf(from), nowMs, centre.recovery.resumePlaceMs);
    const thread = back === undefined ? this.#records.open(from) : this.#records.thread(back.interaction.id);
    const way = this.#guide.wayTo(queue, nowMs);
    const segment = this.#id('s');
    const to = way?.number ?? '';
    thread.tell({ type: 'call-arrived', data: { segment, callId: segment, from, to, trunk: 'sim', node: NODE } });
    thread.tell({ type: 'call-answered', data: { segment } });
    if (back !== undefined) thread.tell(...back.events);
    if (back?.leaves !== undefined) this.#recovery.giveUp(back.leaves, 'superseded');
    const seniorityMs = back?.place?.seniorityMs;
    const call: Call = { caller, thread, segment, attempt, visited: [], seniorityMs, phase: { phase: 'flow' } };
    if (way === undefined) this.#withoutFlow += 1;
    for (const line of way?.trace ?? []) thread.tell(factOf(segment, line));
    this.#clock.after(way?.takesMs ?? 0, () => this.#wait(call, queue, way));
  }

  #wait(call: Call, name: string, way?: Way): void {
    const { centre } = this.#plan;
    const queue = centre.queues.get(name);
    if (queue === undefined) throw new Error(`there is no queue ${name}`);
    const { nowMs } = this.#clock;
    call.visited.push(name);
    const { thread, segment, seniorityMs = nowMs } = call;
    const priority = way?.priority ?? queue.priority;
    const given = this.#standing.given(queue, { priority, seniorityMs }, centre.revision ?? '');
    const admitted = admission(queue, given);
    if (!admitted.join) {
      const { cause, to } = admitted;
      // Who is diverted goes where the queue says; who finds no room where the flow does, if it wants to.
      this.#notServed(call, { ...queue, overflow: to }, cause, to === queue.overflow ? way : undefined, given);
      return;
    }
    call.seniorityMs = seniorityMs;
    const entry = this.#id('e');
    const place = { entry, queue: name, priority, seniorityMs, kind: 'call' } as const;
    call.phase = { phase: 'waiting', entry, queue: name, sinceMs: nowMs };
    this.#waiting.set(entry, call);
    thread.tell({ type: 'queued', data: { ...place, segment, given } });
    const standing = this.#standing.of(queue, thread.id);
    const waiting = joinQueue({ ...place, ...standing, interaction: thread.id, joinedAtMs: nowMs, node: NODE });
    this.#floor.join(waiting);
    const estimated = this.#standing.estimated(queue, waiting);
    if (estimated !== undefined) thread.tell(estimated);
    this.#clock.after(call.caller.patienceMs, () => this.#hangsUp(call, entry));
    this.#clock.after(queue.maxWaitMs, () => {
      if (this.#leaves(call, entry, 'max-wait')) this.#notServed(call, queue, 'max-wait', way);
    });
  }

  #hangsUp(call: Call, entry: string): void {
    const { phase } = call;
    if (phase.phase !== 'waiting' || !this.#leaves(call, entry, 'caller-hung-up')) return;
    const waitedMs = this.#clock.nowMs - phase.sinceMs;
    const result = isShortAbandon(waitedMs, this.#plan.centre.recovery) ? 'short-abandoned' : 'abandoned';
    this.#end(call, { result, by: 'customer', reason: 'caller-hung-up' });
    this.#recovery.notServed(call, 'abandoned');
  }

  /** False when the caller does not wait there any more. */
  #leaves(call: Call, entry: string, reason: LeaveReason): boolean {
    const { phase, thread } = call;
    if (phase.phase !== 'waiting' || phase.entry !== entry) return false;
    const { queue, sinceMs } = phase;
    this.#waiting.delete(entry);
    this.#floor.leave(entry, reason);
    call.phase = { phase: 'flow' };
    thread.tell({ type: 'left-queue', data: { entry, queue, reason, waitedMs: this.#clock.nowMs - sinceMs } });
    return true;
  }

  #notServed(call: Call, queue: QueueConfig, cause: string, way?: Way, given?: JoinGiven): void {
    const { queues } = this.#plan.centre;
    const { visited, caller, thread } = call;
    if (way?.overflow === 'flow' && way.session !== undefined) {
      this.#goesOn(call, this.#guide.onwards(way.session, cause, this.#clock.nowMs), cause);
      return;
    }
    const to = 'queue' in queue.overflow ? `queue ${queue.overflow.queue}` : queue.overflow.kind;
    const entry = thread.state.waits.at(-1)?.entry ?? '';
    thread.tell({ type: 'overflowed', data: { entry, queue: queue.name, to, cause, ...(given && { given }) } });
    const command = overflow({ queue, queues, visited, number: caller.number });
    switch (command.type) {
      case 'move-to-queue':
        this.#wait(call, command.queue);
        return;
      case 'promise-callback':
        if (this.#recovery.promise(call, command.queue)) this.#end(call, told('callback-promised', cause));
        else this.#refuse(call, cause);
        return;
      case 'send-message':
        if (this.#recovery.notServed(call, 'overflow')) this.#end(call, told('message-sent', cause));
        else this.#refuse(call, cause);
        return;
      case 'take-voicemail':
        this.#end(call, told('voicemail', 'message-left'));
        return;
      case 'forward':
      case 'ring-agent':
        this.#end(call, told('forwarded', cause));
        return;
      case 'hang-up':
        this.#refuse(call, command.instead ?? cause);
    }
  }

  /** The flow decides where a caller goes who was not served. */
  #goesOn(call: Call, { trace, takesMs, ask, session }: Onwards, cause: string): void {
    for (const line of trace) call.thread.tell(factOf(call.segment, line));
    this.#clock.after(takesMs, () => {
      switch (ask.kind) {
        case 'queue':
          this.#wait(call, ask.queue, wayBy(ask, session));
          return;
        case 'callback':
          if (this.#recovery.promise(call, ask.queue)) this.#end(call, told('callback-promised', cause));
          else this.#refuse(call, cause);
          return;
        case 'message':
          if (this.#recovery.notServed(call, 'overflow')) this.#end(call, told('message-sent', cause));
          else this.#refuse(call, cause);
          return;
        case 'voicemail':
          this.#end(call, told('voicemail', 'message-left'));
          return;
        case 'forward':
          this.#end(call, told('forwarded', cause));
          return;
        default:
          this.#refuse(call, cause);
      }
    });
  }

  #refuse(call: Call, reason: string): void {
    this.#end(call, told('refused', reason));
    this.#recovery.callsAgain(call);
  }

  #end(call: Call, ending: CallEnding, talkedMs = 0): void {
    call.phase = { phase: 'over' };
    this.#contentOf.set(call.caller.number, ending.result === 'served');
    call.thread.tell({ type: 'call-ended', data: { ...ending, segment: call.segment, talkedMs } });
    const { state } = call.thread.state;
    if (ending.result === 'served' && state === 'idle') {
      call.thread.tell({ type: 'interaction-closed', data: { reason: 'served' } });
    }
  }

  // ── Agents ──────────────────────────────────────────────────────────────────────────────────────────────────────

  #rings(entry: Entry, offer: Offer): void {
    const { entry: id, queue, interaction } = entry;
    const { agent, why } = offer;
    this.#tell(interaction, { type: 'offered', data: { entry: id, offer: offer.id, queue, agent, why } });
    const caller = this.#waiting.get(id)?.caller ?? this.#recovery.callerOf(id);
    const ringMs = this.#plan.centre.queues.get(queue)?.ringMs ?? 0;
    const missed = caller.random.next() < this.#plan.missed;
    const answerMs = Math.round(draw(this.#plan.answer, caller.random));
    if (missed || answerMs >= ringMs) this.#clock.after(ringMs, () => this.#floor.refuse(id, offer, 'no-answer'));
    else this.#clock.after(answerMs, () => this.#answers(id, offer));
  }

  #answers(entryId: string, offer: Offer): void {
    const entry = this.#floor.entries.get(entryId);
    if (entry === undefined || !this.#floor.accept(entryId, offer)) return;
    if (entry.kind === 'callback') {
      this.#recovery.dial(entry, offer.agent);
      return;
    }
    const call = this.#waiting.get(entryId);
    if (call === undefined) throw new Error(`nobody waits with ${entryId}`);
    const { thread, segment } = call;
    const { agent } = offer;
    const { nowMs } = this.#clock;
    const waitedMs = nowMs - entry.joinedAtMs;
    thread.tell({ type: 'connected', data: { segment, entry: entryId, agent, device: agent, waitedMs } });
    this.#leaves(call, entryId, 'connected');
    call.phase = { phase: 'talking' };
    this.#clock.after(call.caller.talkMs, () => {
      this.#end(call, { result: 'served', by: 'agent', reason: 'hung-up' }, call.caller.talkMs);
      const conversation = { interaction: thread.id, segment, entry: entryId, queue: entry.queue };
      this.#recovery.agentFree(agent, conversation, call.caller);
    });
  }

  #tell(interaction: string, event: InteractionEvent): void {
    this.#records.thread(interaction).tell(event);
  }

  #id(prefix: string): string {
    this.#ids += 1;
    return `${prefix}${this.#ids}`;
  }
}

function nextDay({ fromMs, toMs }: { fromMs: number; toMs: number }) {
  return { fromMs: fromMs + DAY_MS, toMs: toMs + DAY_MS };
}

function wayBy({ overflow, priority }: Extract<Ask, { kind: 'queue' }>, session: Session): Way {
  const at = session.state === 'asking' ? { session } : {};
  return { number: '', trace: [], takesMs: 0, overflow, ...(priority === undefined ? {} : { priority }), ...at };
}

function told(result: CallEnding['result'], reason: string): CallEnding {
  const by: EndedBy = 'hilo';
  return { result, by, reason };
}
