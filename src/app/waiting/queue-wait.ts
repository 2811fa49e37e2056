// A caller waits for an agent: music, position, offers one after the other, until somebody talks or it is over.
import type { Offer } from '../../core/acd/entry.js';
import { joinQueue } from '../../core/acd/entry-transition.js';
import { admission, crowdOf, isSomebodyFree } from '../../core/acd/join.js';
import type { Destination, QueueConfig } from '../../core/acd/queue.js';
import { isEmpty } from '../../core/acd/wait/at-work.js';
import type { JoinGiven } from '../../core/interaction/decision/given.js';
import type { Centre } from '../../core/routing/centre.js';
import type { Clock } from '../../lib/clock.js';
import type { Log } from '../../lib/log.js';
import type { Call, StoryEnd } from '../call/call.js';
import { firstTaken } from '../call/first-taken.js';
import type { AgentRinging, Rung } from '../call/ring-agent.js';
import type { Conversing } from '../call/talk.js';
import { HiloError } from '../errors.js';
import type { Agents } from '../floor/agents.js';
import type { LiveState } from '../floor/live-state.js';
import type { Queueing, Waiting } from '../floor/queueing.js';
import type { WrapUps } from '../floor/wrap-ups.js';
import type { Leg } from '../ports.js';
import type { Speech } from '../speech.js';
import { writeTalkWords } from '../survivors/talk-words.js';
import type { TalkSide } from '../talk/side.js';
import type { Writing } from '../writing/writing.js';
import { startAnnouncer } from './announcer.js';
import type { Exits } from './exits.js';
import { happening } from './happening.js';
import { type Impatience, Patience } from './patience.js';
import { sayingsOf } from './sayings.js';
import type { WaitHistory } from './wait-history.js';

export interface QueueWaitPorts {
  readonly centre: () => Centre;
  readonly live: LiveState;
  readonly queueing: Queueing;
  readonly agents: Agents;
  readonly wrapUps: WrapUps;
  readonly ringing: AgentRinging;
  readonly conversing: Conversing;
  readonly speech: Speech;
  readonly writing: Writing;
  readonly history: WaitHistory;
  readonly exits: Exits;
  readonly clock: Clock;
  readonly log: Log;
}

/** Where the caller goes instead; absent: where the queue's overflow leads. `stored`: what it promises is in the record. */
export interface WayOut {
  readonly to: Destination;
  readonly stored: boolean;
}

export type QueueOutcome =
  /** `end`: an agent sent the customer on, and that was the end of it. */
  | { readonly outcome: 'served'; readonly end?: StoryEnd }
  /**
   * `cause`: `queue-full`, `nobody-signed-in`, `long-wait`, `too-many-waiting`, `max-wait`, `exit-key`,
   * `queue-unavailable`. The caller is still there.
   */
  | ({ readonly outcome: 'not-served' } & NotServed);

export interface NotServed {
  readonly cause: string;
  readonly wayOut?: WayOut;
  /** Of a caller who did not even begin to wait. */
  readonly given?: JoinGiven;
}

export class QueueWait {
  constructor(private readonly ports: QueueWaitPorts) {}

  /** Rejects with HiloError `leg-ended` when the caller hangs up; the place is then given up already. */
  async wait(call: Call, queue: QueueConfig, priority: number): Promise<QueueOutcome> {
    const { clock, live, centre } = this.ports;
    call.lastQueue = queue.name;
    call.seniorityMs ??= clock.nowMs();
    const { agents, channels } = centre();
    const somebodyFree = isSomebodyFree(queue, live.agents(), agents, clock.nowMs(), channels);
    const given = this.#given(call, queue, priority, somebodyFree);
    const admitted = admission(queue, given);
    if (!admitted.join) {
      const { cause, to } = admitted;
      // Where the queue's own overflow leads is for the overflow to say.
      const wayOut = to === queue.overflow ? {} : { wayOut: { to, stored: false } };
      return { outcome: 'not-served', cause, given, ...wayOut };
    }
    if (somebodyFree) this.ports.ringing.expect(call.leg);
    const waiting = await this.#join(call, queue, priority, given);
    if (waiting === undefined) return { outcome: 'not-served', cause: 'queue-unavailable' };
    this.#noteEstimate(call, queue, waiting, somebodyFree);
    call.phase = { phase: 'queue', queue: queue.name, sinceMs: clock.nowMs() };
    const leave = (): void => waiting.leave('caller-hung-up');
    call.leg.ended.addEventListener('abort', leave, { once: true });
    if (call.leg.ended.aborted) leave();
    const patience = this.#patience(call, queue, waiting);
    try {
      return await this.#untilServed(call, queue, waiting, patience);
    } finally {
      patience.stop();
      call.leg.ended.removeEventListener('abort', leave);
      // Every way out that did not say why is a fault of ours: the place must not outlive the story.
      waiting.leave(call.leg.ended.aborted ? 'caller-hung-up' : 'overflow');
    }
  }

  /** What it depends on whether the caller joins at all. */
  #given(call: Call, queue: QueueConfig, priority: number, somebodyFree: boolean): JoinGiven {
    const { live, centre, clock, history } = this.ports;
    const { agents: agentConfigs, revision = '' } = centre();
    const crowd = crowdOf({ queue, entries: live.entries(), agents: live.agents(), agentConfigs });
    const given = { centre: revision, ...crowd };
    if (somebodyFree || queue.divert === undefined) return given;
    const nowMs = clock.nowMs();
    const place = { queue: queue.name, priority, seniorityMs: call.seniorityMs ?? nowMs, joinedAtMs: nowMs };
    const entry = joinQueue({ entry: '', interaction: call.thread.id, kind: 'call', node: '', ...place });
    const outlook = history.outlook(queue, entry);
    if (outlook === undefined) return given;
    const { position, agentsAtWork: agents, estimate } = outlook;
    return { ...given, outlook: { position, agents, ...(estimate === undefined ? {} : { waitMs: estimate.waitMs }) } };
  }

  /** Kept beside the real wait, which is compared with it. */
  #noteEstimate(call: Call, queue: QueueConfig, { entry: id }: Waiting, somebodyFree: boolean): void {
    const entry = this.ports.live.entry(id);
    const outlook = entry && this.ports.history.outlook(queue, entry);
    if (outlook === undefined || (somebodyFree && outlook.position === 1)) return;
    const { position, agentsAtWork: agents, estimate } = outlook;
    const data = { entry: id, queue: queue.name, position, agents, samples: estimate?.samples ?? 0 };
    const said = estimate === undefined ? {} : { waitMs: estimate.waitMs, given: estimate.given };
    call.thread.note({ type: 'wait-estimated', data: { ...data, ...said } });
  }

  #patience(call: Call, queue: QueueConfig, waiting: Waiting): Patience {
    const { clock, exits, live, centre } = this.ports;
    const keys = new Map<string, Destination | undefined>(Object.entries(queue.exits ?? {}));
    if (queue.exitKey !== undefined) keys.set(queue.exitKey, undefined);
    const watchStaff = {
      isEmpty: () => isEmpty(queue, { agents: live.agents(), agentConfigs: centre().agents }),
      onChange: (listener: () => void) =>
        live.onChange(({ kind }) => {
          if (kind === 'agent') listener();
        }),
    };
    const patience = new Patience({
      ...{ leg: call.leg, clock, exits: keys },
      deadlineMs: waiting.joinedAtMs + queue.maxWaitMs,
      prepare: (to) => exits.prepare(call, to),
      ...(queue.leaveEmpty === 'overflow' ? { watchStaff } : {}),
    });
    waiting.onSent((to) => patience.send({ kind: 'queue', queue: to }));
    return patience;
  }

  async #join(call: Call, queue: QueueConfig, priority: number, given: JoinGiven): Promise<Waiting | undefined> {
    try {
      return await this.ports.queueing.join(call.thread, call.segment, {
        kind: 'call',
        queue: queue.name,
        priority,
        seniorityMs: call.seniorityMs ?? this.ports.clock.nowMs(),
        given,
        ...(call.fromAgent === undefined ? {} : { fromAgent: call.fromAgent }),
      });
    } catch (error) {
      if (!(error instanceof HiloError)) throw error;
      this.ports.log.error({ err: error, queue: queue.name }, 'nobody can join the queue now');
      return undefined;
    }
  }

  async #untilServed(call: Call, queue: QueueConfig, waiting: Waiting, patience: Patience): Promise<QueueOutcome> {
    const { clock, log } = this.ports;
    const sayings = sayingsOf(this.ports, call, queue, waiting);
    const announce = () => startAnnouncer({ leg: call.leg, music: queue.music, sayings, clock, log });
    let announcer = announce();
    try {
      for (;;) {
        const event = await happening({ waiting, leg: call.leg, patience });
        if (event.kind !== 'offer') {
          waiting.leave(event.kind);
          return left(event);
        }
        const rung = await this.#ring(call, queue, waiting, event.offer, patience);
        if (rung.kind === 'left') return left(rung.cause);
        if (rung.kind === 'not-taken') continue;
        const talked = patience.whileConnecting(async () => {
          await announcer.stop();
          return this.#talk(call, queue, waiting, rung.offer, rung);
        });
        if (await talked) return { outcome: 'served' };
        announcer = announce();
      }
    } finally {
      await announcer.stop();
    }
  }

  /** Keys and the longest wait count while it rings: the place is given up, which withdraws the offer. */
  async #ring(call: Call, queue: QueueConfig, waiting: Waiting, offer: Offer, patience: Patience): Promise<RungOffer> {
    const stop = patience.onOver(({ kind }) => waiting.leave(kind));
    const tries = waiting.together(offer).map(async (one): Promise<RungOffer> => {
      const rung = await this.#ringAgent(call, queue, waiting, one);
      if (rung.kind === 'answered') stop();
      return this.#unlessOver(waiting, one, rung, patience);
    });
    return firstTaken(tries, ({ kind }) => kind !== 'not-taken').finally(stop);
  }

  async #unlessOver(waiting: Waiting, offer: Offer, rung: Rung, patience: Patience): Promise<RungOffer> {
    // A way out that is being stored right now decides: nobody is promised a call-back and connected as well.
    const cause = await patience.settled();
    if (cause === undefined) return patience.whileConnecting(() => this.#taken(waiting, offer, rung));
    waiting.leave(cause.kind);
    if (rung.kind === 'answered') await rung.leg.hangUp({ by: 'hilo', reason: 'offer-gone' });
    return { kind: 'left', cause };
  }

  #ringAgent(call: Call, queue: QueueConfig, waiting: Waiting, offer: Offer): Promise<Rung> {
    const { thread } = call;
    return this.ports.ringing.ring({
      entry: waiting.entry,
      offer,
      queue,
      from: { number: call.from, name: call.fromName },
      reference: thread.state.reference,
      interaction: thread.id,
      customer: call.leg.ended,
      beside: call.leg,
      handover: call.handover,
    });
  }

  /** The agent's answered leg, accepted in the live state; else it is somebody else's turn. */
  async #taken(waiting: Waiting, offer: Offer, rung: Rung): Promise<RungOffer> {
    if (rung.kind === 'withdrawn') return NOT_TAKEN;
    if (rung.kind === 'failed') {
      waiting.refuse(offer, rung.reason, rung.sipStatus);
      return NOT_TAKEN;
    }
    try {
      if (await waiting.accept(offer)) return { kind: 'connected', offer, leg: rung.leg, device: rung.device };
    } catch (error) {
      this.ports.log.error({ err: error, offer: offer.id }, 'acceptance could not be committed');
      waiting.giveBack(offer, 'unreachable');
    }
    await rung.leg.hangUp({ by: 'hilo', reason: 'offer-gone' });
    return NOT_TAKEN;
  }

  /** False when the two never talked: the entry is back in its place. */
  async #talk(call: Call, queue: QueueConfig, waiting: Waiting, offer: Offer, agent: Connected): Promise<boolean> {
    const { thread, segment } = call;
    const words = writeTalkWords({
      ...{ interaction: thread.id, segment, entry: waiting.entry, agent: offer.agent, queue: queue.name },
      ...(call.fromAgent === undefined ? {} : { fromAgent: call.fromAgent }),
    });
    try {
      await call.leg.bridge(agent.leg, words);
    } catch (error) {
      await agent.leg.hangUp({ by: 'hilo', reason: 'bridge-failed' });
      if (call.leg.ended.aborted) {
        this.ports.agents.callEnded(offer.agent, waiting.entry, 0);
        throw error;
      }
      this.ports.log.warn({ err: error, agent: offer.agent }, 'agent answered, but could not be bridged');
      waiting.giveBack(offer, 'unreachable');
      return false;
    }
    const { waitedMs } = waiting;
    const { agent: name } = offer;
    call.thread.note({
      type: 'connected',
      data: { segment: call.segment, entry: waiting.entry, agent: name, device: agent.device, waitedMs },
    });
    waiting.leave('connected');
    const { entry } = waiting;
    const side: TalkSide = {
      ...{ entry, leg: agent.leg, device: agent.device, queue: queue.name, party: { kind: 'agent', name } },
      release: (servedCustomer) =>
        this.ports.wrapUps.callEnded(call, { agent: name, entry, queue: queue.name, servedCustomer }),
    };
    await this.ports.conversing.talk(call, side, { record: queue.record, music: queue.music });
    return true;
  }
}

function left(impatience: Impatience): QueueOutcome {
  const { kind: cause } = impatience;
  if (impatience.kind === 'moved')
    return { outcome: 'not-served', cause, wayOut: { to: impatience.to, stored: false } };
  if (impatience.kind !== 'exit-key' || impatience.to === undefined) return { outcome: 'not-served', cause };
  return { outcome: 'not-served', cause, wayOut: { to: impatience.to, stored: true } };
}

type RungOffer = Connected | { readonly kind: 'not-taken' } | { readonly kind: 'left'; readonly cause: Impatience };

const NOT_TAKEN = { kind: 'not-taken' } as const;

interface Connected {
  readonly kind: 'connected';
  readonly offer: Offer;
  readonly leg: Leg;
  readonly device: string;
}
