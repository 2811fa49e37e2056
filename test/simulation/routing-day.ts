// A random day of routing alone: queues of every strategy with rings, teams, stickiness and ageing; calls, call-backs,
// messages and tasks; agents who answer, refuse, leave and come back. Every change goes through the transitions of core.
import type { AgentPresence } from '../../src/core/acd/agent.js';
import { type AgentEvent, agentTransition, newAgent, wakeAtMs } from '../../src/core/acd/agent-transition.js';
import { type Entry, type EntryKind, type Offer, offersOf } from '../../src/core/acd/entry.js';
import { entryTransition, joinQueue } from '../../src/core/acd/entry-transition.js';
import { type QueueConfig, STRATEGIES } from '../../src/core/acd/queue.js';
import { type Floor, type OfferDecision, selectOffers } from '../../src/core/acd/select.js';
import { newDay } from '../../src/core/acd/tally/counting.js';
import { isWork, offerEnded, offeredTo } from '../../src/core/acd/work/agent-offer.js';
import { worksOf } from '../../src/core/acd/work/work.js';
import { workTransition } from '../../src/core/acd/work/work-transition.js';
import type { AgentConfig } from '../../src/core/routing/centre.js';
import { agentConfig, queue } from '../support/floor.js';
import type { Clockwork } from './clockwork.js';

export interface RoutingPlan {
  readonly agents: number;
  readonly entries: number;
  readonly hours: number;
}

/** Rounds are at most this late after something that could matter. */
export const ROUND_LAG_MS = 2;
/** Leases that ran out are found at most this late. */
export const LEASE_LAG_MS = 1_000;

/** What happened, as a record would tell it. */
export interface Told {
  readonly atMs: number;
  readonly what: 'joined' | 'offered' | 'accepted' | 'refused' | 'withdrawn' | 'expired' | 'left' | 'call-over';
  readonly entry: string;
  readonly agent?: string;
  readonly talkMs?: number;
}

export class RoutingDay {
  readonly agents = new Map<string, AgentPresence>();
  readonly entries = new Map<string, Entry>();
  readonly queues: ReadonlyMap<string, QueueConfig>;
  readonly configs: ReadonlyMap<string, AgentConfig>;
  readonly log: Told[] = [];
  /** Entries as they joined. */
  readonly joined = new Map<string, Entry>();
  readonly rounds: { readonly floor: Floor; readonly decisions: readonly OfferDecision[] }[] = [];
  readonly dayMs: number;
  /** Agents on a call, by what they were connected with. */
  readonly calls = new Map<string, string>();
  /** A round is on its way: whoever could be served may still wait. */
  pending = false;

  constructor(
    private readonly clock: Clockwork,
    plan: RoutingPlan,
  ) {
    this.dayMs = clock.nowMs;
    this.queues = randomQueues(clock);
    this.configs = randomStaff(clock, plan.agents);
    for (const name of this.configs.keys()) {
      this.agents.set(name, newDay(newAgent(name, clock.nowMs), this.dayMs));
      clock.after(clock.seconds(0, 300), () => this.#comesIn(name));
      for (let n = 0; n < 3 * plan.hours; n += 1) clock.after(this.#moment(plan), () => this.#whim(name));
    }
    for (let n = 0; n < plan.entries; n += 1) clock.after(this.#moment(plan), () => this.#join());
  }

  floor(): Floor {
    return {
      ...{ waiting: [...this.entries.values()], agents: [...this.agents.values()], queues: this.queues },
      ...{ agentConfigs: this.configs, nowMs: this.clock.nowMs, seed: this.clock.between(0, 2 ** 31) },
    };
  }

  #moment({ hours }: RoutingPlan): number {
    return this.clock.between(0, hours * 3_600_000);
  }

  // ── Agents ──────────────────────────────────────────────────────────────────────────────────────────────────────

  #comesIn(agent: string): void {
    this.#tell(agent, { type: 'device-registered', first: true, availableOnRegister: true });
    this.#tell(agent, { type: 'set-state', to: { state: 'available' }, reachable: true });
  }

  #whim(agent: string): void {
    const { clock } = this;
    if (clock.chance(0.5)) this.#tell(agent, { type: 'device-unregistered', last: true });
    else this.#tell(agent, { type: 'set-state', to: { state: 'break', reason: 'coffee' }, reachable: true });
    clock.after(clock.seconds(10, 900), () => this.#comesIn(agent));
  }

  #tell(agent: string, event: AgentEvent): boolean {
    const before = this.#presence(agent);
    const result = agentTransition(before, event, this.clock.nowMs);
    if (result.ok) this.#put(result.next);
    return result.ok;
  }

  #presence(agent: string): AgentPresence {
    const presence = this.agents.get(agent);
    if (presence === undefined) throw new Error(`no agent ${agent}`);
    return presence;
  }

  #put(presence: AgentPresence): void {
    this.agents.set(presence.agent, presence);
    this.#soon();
    const wakeMs = wakeAtMs(presence);
    if (presence.state === 'wrap-up' && wakeMs !== undefined) {
      this.clock.at(wakeMs, () => void this.#tell(presence.agent, { type: 'wrap-up-over' }));
    } else if (presence.state === 'available' && wakeMs !== undefined) this.clock.at(wakeMs, () => this.#soon());
  }

  // ── Those who wait ──────────────────────────────────────────────────────────────────────────────────────────────

  #join(): void {
    const { clock } = this;
    const { nowMs } = clock;
    const [first = '', ...names] = this.queues.keys();
    const name = clock.oneOf([first, ...names]);
    const config = this.queues.get(name);
    if (config === undefined) return;
    const kind = clock.oneOf<EntryKind>(['call', 'call', 'call', 'callback', 'message', 'task']);
    const agents = [...this.configs.keys()];
    const preferred = clock.oneOf([agents[0] ?? 'nobody', ...agents.slice(1)]);
    const { stickyMs, ageingMs } = config;
    const entry = joinQueue({
      ...{ entry: clock.id('e'), interaction: clock.id('i'), kind, queue: name, node: 'n' },
      ...{ priority: clock.between(0, 9), seniorityMs: nowMs - clock.seconds(0, 60), joinedAtMs: nowMs },
      ...(ageingMs === undefined ? {} : { ageingMs }),
      ...(stickyMs === undefined ? {} : { preferred: { agent: preferred, untilMs: nowMs + stickyMs } }),
    });
    this.entries.set(entry.entry, entry);
    this.joined.set(entry.entry, entry);
    this.#note('joined', entry.entry);
    this.#soon();
    for (const atMs of wakes(entry, config)) clock.at(atMs, () => this.#soon());
    clock.after(clock.seconds(5, 400), () => this.#givesUp(entry.entry));
  }

  #givesUp(id: string): void {
    const entry = this.entries.get(id);
    if (entry === undefined || entry.state === 'accepted') return;
    const left = entryTransition(entry, { type: 'left', reason: 'caller-hung-up' }, this.clock.nowMs);
    if (!left.ok) throw new Error(left.refused);
    this.entries.delete(id);
    for (const offer of left.withdrawn) this.#takeBack(offer, id);
    this.#note('left', id);
    this.#soon();
  }

  // ── Rounds and offers ───────────────────────────────────────────────────────────────────────────────────────────

  #soon(): void {
    if (this.pending) return;
    this.pending = true;
    this.clock.after(ROUND_LAG_MS, () => {
      this.pending = false;
      this.#round();
    });
  }

  #round(): void {
    const floor = this.floor();
    const decisions = selectOffers(floor);
    if (decisions.length === 0) return;
    this.rounds.push({ floor, decisions });
    for (const decision of decisions) this.#offer(decision);
  }

  #offer({ entry, agent, leaseMs, beside, why }: OfferDecision): void {
    const { clock } = this;
    const { nowMs: madeAtMs } = clock;
    const offers = [{ agent, leaseMs }, ...beside].map(
      (one): Offer => ({
        ...{ id: clock.id('o'), agent: one.agent, madeAtMs, expiresAtMs: madeAtMs + one.leaseMs, why },
      }),
    );
    const [first, ...others] = offers;
    if (first === undefined) throw new Error('a decision for nobody');
    const offered = entryTransition(entry, { type: 'offered', offer: first, beside: others }, madeAtMs);
    if (!offered.ok || offered.next === null) throw new Error(`${entry.entry} cannot be offered`);
    this.entries.set(entry.entry, offered.next);
    for (const offer of offers) {
      const next = offeredTo(this.#presence(offer.agent), entry, offer, madeAtMs);
      if (next === undefined) throw new Error(`${entry.entry} cannot be offered to ${offer.agent}`);
      this.#put(next);
      this.#note('offered', entry.entry, offer.agent);
      this.#agentReacts(entry.entry, offer);
    }
  }

  #agentReacts(id: string, offer: Offer): void {
    const { clock } = this;
    const mood = clock.between(1, 100);
    const inTimeMs = Math.max(1, offer.expiresAtMs - clock.nowMs - 1);
    if (mood <= 70) clock.after(clock.between(1, Math.min(inTimeMs, 15_000)), () => this.#accept(id, offer));
    else if (mood <= 80) clock.at(offer.expiresAtMs + clock.between(-1, 500), () => this.#accept(id, offer));
    else if (mood <= 90) clock.after(clock.between(1, inTimeMs), () => this.#over(id, offer, 'refused'));
    clock.at(offer.expiresAtMs + clock.between(0, LEASE_LAG_MS), () => this.#over(id, offer, 'expired'));
  }

  #accept(id: string, offer: Offer): void {
    const { nowMs } = this.clock;
    const entry = this.entries.get(id);
    const taken = entry && entryTransition(entry, { type: 'accepted', offer: offer.id }, nowMs);
    if (entry === undefined || !taken?.ok) return;
    if (nowMs >= offer.expiresAtMs) throw new Error(`${offer.id} outlived its lease`);
    const presence = this.#presence(offer.agent);
    const mine = isWork(entry)
      ? workTransition(presence, { type: 'work-accepted', offer: offer.id }, nowMs)
      : agentTransition(
          presence,
          { type: 'accepted', offer: offer.id, interaction: entry.interaction, node: 'n', ...callbackOf(entry) },
          nowMs,
        );
    if (!mine.ok) throw new Error(`entry and agent disagree about ${offer.id}: ${mine.refused}`);
    this.entries.delete(id);
    this.#put(mine.next);
    this.#note('accepted', id, offer.agent);
    for (const other of taken.withdrawn) this.#takeBack(other, id);
    if (isWork(entry)) this.clock.after(this.clock.seconds(5, 300), () => this.#finishes(offer.agent, id));
    else this.#talks(offer.agent, id);
    this.#soon();
  }

  #talks(agent: string, id: string): void {
    const fromMs = this.clock.nowMs;
    if (this.calls.has(agent)) throw new Error(`${agent} has two calls`);
    this.calls.set(agent, id);
    this.clock.after(this.clock.seconds(5, 300), () => {
      this.calls.delete(agent);
      const wrapUpMs = this.clock.oneOf([0, 5_000]);
      if (!this.#tell(agent, { type: 'call-ended', entry: id, wrapUpMs })) throw new Error('a call that does not end');
      this.log.push({ atMs: this.clock.nowMs, what: 'call-over', entry: id, agent, talkMs: this.clock.nowMs - fromMs });
    });
  }

  #finishes(agent: string, id: string): void {
    const done = workTransition(this.#presence(agent), { type: 'work-finished', entry: id }, this.clock.nowMs);
    if (!done.ok) throw new Error(`${agent} cannot finish ${id}: ${done.refused}`);
    this.#put(done.next);
  }

  #over(id: string, offer: Offer, how: 'refused' | 'expired'): void {
    const { nowMs } = this.clock;
    const entry = this.entries.get(id);
    const end = how === 'expired' ? { type: how } : { type: how, reason: 'rejected' as const };
    const back = entry && entryTransition(entry, { ...end, offer: offer.id }, nowMs);
    const free = offerEnded(this.#presence(offer.agent), offer.id, end, nowMs);
    if ((back?.ok ?? false) !== (free !== undefined)) throw new Error(`entry and agent disagree about ${offer.id}`);
    if (!back?.ok || back.next === null || free === undefined) return;
    this.entries.set(id, back.next);
    this.#put(free);
    this.#note(how, id, offer.agent);
    for (const { untilMs } of Object.values(back.next.refusedBy)) this.clock.at(untilMs, () => this.#soon());
  }

  #takeBack({ agent, id }: Offer, entry: string): void {
    const free = offerEnded(this.#presence(agent), id, { type: 'withdrawn' }, this.clock.nowMs);
    if (free === undefined) throw new Error(`${id} rang nowhere`);
    this.#put(free);
    this.#note('withdrawn', entry, agent);
  }

  #note(what: Told['what'], entry: string, agent?: string): void {
    this.log.push({ atMs: this.clock.nowMs, what, entry, ...(agent === undefined ? {} : { agent }) });
  }
}

/** Offers that are out, as the entries know them and as the agents do: `entry offer agent`. */
export function offersBothWays({ entries, agents }: RoutingDay): { entries: string[]; agents: string[] } {
  const known = [...entries.values()].flatMap((entry) =>
    offersOf(entry).map(({ id, agent }) => `${entry.entry} ${id} ${agent}`),
  );
  const rings = [...agents.values()].flatMap((agent) => [
    ...(agent.state === 'ringing' ? [`${agent.entry} ${agent.offer} ${agent.agent}`] : []),
    ...worksOf(agent).flatMap((work) =>
      work.state === 'offered' ? [`${work.entry} ${work.offer} ${agent.agent}`] : [],
    ),
  ]);
  return { entries: known.toSorted(), agents: rings.toSorted() };
}

function callbackOf({ kind, queue: name }: Entry): { callbackOf?: string } {
  return kind === 'callback' ? { callbackOf: name } : {};
}

/** When somebody else may serve it without anything happening. */
function wakes({ joinedAtMs, preferred }: Entry, { rings = [], teamDelaysMs = {} }: QueueConfig): number[] {
  const later = [...rings.map(({ afterMs }) => afterMs), ...Object.values(teamDelaysMs)];
  return [...later.map((ms) => joinedAtMs + ms), ...(preferred === undefined ? [] : [preferred.untilMs])];
}

function randomQueues(clock: Clockwork): ReadonlyMap<string, QueueConfig> {
  const names = ['sales', 'support', 'orders'] as const;
  return new Map(
    names.map((name) => {
      const rings = [
        { afterMs: 0, skills: { [name]: clock.between(2, 5) } },
        { afterMs: clock.seconds(5, 60), skills: { [name]: 1 } },
        { afterMs: clock.seconds(61, 120), skills: { [clock.oneOf([...names])]: 1, english: 1 } },
      ];
      const strategy = clock.oneOf(STRATEGIES);
      return [
        name,
        queue(name, {
          ...{ strategy, callbackShare: clock.oneOf([0.25, 0.5, 1]) },
          ...(strategy === 'ring-all' ? { ringAtMost: clock.between(2, 4) } : {}),
          ...(clock.chance(0.5) ? { rings } : {}),
          ...(clock.chance(0.5) ? { teamDelaysMs: { backup: clock.seconds(5, 90) } } : {}),
          ...(clock.chance(0.5) ? { stickyMs: clock.seconds(5, 60) } : {}),
          ...(clock.chance(0.5) ? { ageingMs: clock.seconds(10, 60) } : {}),
        }),
      ];
    }),
  );
}

function randomStaff(clock: Clockwork, count: number): ReadonlyMap<string, AgentConfig> {
  const names = Array.from({ length: count }, (_, n) => `agent${n + 1}`);
  return new Map(
    names.map((name) => {
      const skills: Record<string, number> = {};
      for (const skill of ['sales', 'support', 'orders', 'english'])
        if (clock.chance(0.5)) skills[skill] = clock.between(1, 5);
      return [
        name,
        {
          ...agentConfig(name, skills),
          weight: clock.between(1, 5),
          ...(clock.chance(0.3) ? { team: 'backup' } : {}),
          ...(clock.chance(0.3) ? { capacity: { message: clock.between(0, 2) } } : {}),
        },
      ];
    }),
  );
}
