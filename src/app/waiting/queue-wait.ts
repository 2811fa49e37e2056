// A caller waits for an agent: music, position, offers one after the other, until somebody talks or it is over.
import type { Offer } from '../../core/acd/entry.js';
import { isSomebodyFree, mayJoin } from '../../core/acd/join.js';
import { positionOf } from '../../core/acd/position.js';
import type { QueueConfig } from '../../core/acd/queue.js';
import type { Centre } from '../../core/routing/centre.js';
import type { Clock } from '../../lib/clock.js';
import type { Log } from '../../lib/log.js';
import type { Call } from '../call/call.js';
import type { AgentRinging, Rung } from '../call/ring-agent.js';
import type { Conversing } from '../call/talk.js';
import { HiloError } from '../errors.js';
import type { Agents } from '../floor/agents.js';
import type { LiveState } from '../floor/live-state.js';
import type { Queueing, Waiting } from '../floor/queueing.js';
import type { Leg } from '../ports.js';
import type { Speech } from '../speech.js';
import { writeTalkWords } from '../survivors/talk-words.js';
import type { Writing } from '../writing/writing.js';
import { startAnnouncer } from './announcer.js';
import { happening, type Impatience, onImpatience } from './happening.js';

export interface QueueWaitPorts {
  readonly centre: () => Centre;
  readonly live: LiveState;
  readonly queueing: Queueing;
  readonly agents: Agents;
  readonly ringing: AgentRinging;
  readonly conversing: Conversing;
  readonly speech: Speech;
  readonly writing: Writing;
  readonly clock: Clock;
  readonly log: Log;
}

export type QueueOutcome =
  | { readonly outcome: 'served' }
  /** `cause`: `queue-full`, `nobody-signed-in`, `max-wait`, `exit-key`, `queue-unavailable`. The caller is still there. */
  | { readonly outcome: 'not-served'; readonly cause: string };

export class QueueWait {
  constructor(private readonly ports: QueueWaitPorts) {}

  /** Rejects with HiloError `leg-ended` when the caller hangs up; the place is then given up already. */
  async wait(call: Call, queue: QueueConfig, priority: number): Promise<QueueOutcome> {
    const { clock, live, centre } = this.ports;
    call.lastQueue = queue.name;
    const answer = mayJoin({
      kind: 'call',
      queue,
      entries: live.entries(),
      agents: live.agents(),
      agentConfigs: centre().agents,
    });
    if (!answer.join) return { outcome: 'not-served', cause: answer.cause };
    call.seniorityMs ??= clock.nowMs();
    if (isSomebodyFree(queue, live.agents(), centre().agents, clock.nowMs())) this.ports.ringing.expect(call.leg);
    const waiting = await this.#join(call, queue, priority);
    if (waiting === undefined) return { outcome: 'not-served', cause: 'queue-unavailable' };
    call.phase = { phase: 'queue', queue: queue.name, sinceMs: clock.nowMs() };
    const leave = (): void => waiting.leave('caller-hung-up');
    call.leg.ended.addEventListener('abort', leave, { once: true });
    if (call.leg.ended.aborted) leave();
    try {
      return await this.#untilServed(call, queue, waiting);
    } finally {
      call.leg.ended.removeEventListener('abort', leave);
      // Every way out that did not say why is a fault of ours: the place must not outlive the story.
      waiting.leave(call.leg.ended.aborted ? 'caller-hung-up' : 'overflow');
    }
  }

  async #join(call: Call, queue: QueueConfig, priority: number): Promise<Waiting | undefined> {
    try {
      return await this.ports.queueing.join(call.thread, call.segment, {
        kind: 'call',
        queue: queue.name,
        priority,
        seniorityMs: call.seniorityMs ?? this.ports.clock.nowMs(),
        ...(call.fromAgent === undefined ? {} : { fromAgent: call.fromAgent }),
      });
    } catch (error) {
      if (!(error instanceof HiloError)) throw error;
      this.ports.log.error({ err: error, queue: queue.name }, 'nobody can join the queue now');
      return undefined;
    }
  }

  async #untilServed(call: Call, queue: QueueConfig, waiting: Waiting): Promise<QueueOutcome> {
    const { clock, log } = this.ports;
    const announcer = startAnnouncer({
      leg: call.leg,
      music: queue.music,
      everyMs: queue.announceEveryMs,
      announcement: () => this.#announcement(call, waiting),
      clock,
      log,
    });
    try {
      for (;;) {
        const deadlineMs = waiting.joinedAtMs + queue.maxWaitMs;
        const event = await happening({ waiting, leg: call.leg, clock, deadlineMs, exitKey: queue.exitKey });
        if (event.kind !== 'offer') {
          waiting.leave(event.kind);
          return { outcome: 'not-served', cause: event.kind };
        }
        const rung = await this.#ring(call, queue, waiting, event.offer);
        if (rung.kind === 'left') return { outcome: 'not-served', cause: rung.cause };
        if (rung.kind === 'not-taken') continue;
        await announcer.stop();
        if (await this.#talk(call, queue, waiting, event.offer, rung)) return { outcome: 'served' };
        await call.leg.startMusic(queue.music);
      }
    } finally {
      await announcer.stop();
    }
  }

  /** Exit key and longest wait count while it rings: the place is given up, which withdraws the offer. */
  async #ring(call: Call, queue: QueueConfig, waiting: Waiting, offer: Offer): Promise<RungOffer> {
    const { clock } = this.ports;
    const deadlineMs = waiting.joinedAtMs + queue.maxWaitMs;
    let cause: Impatience | undefined;
    const stop = onImpatience({ leg: call.leg, clock, deadlineMs, exitKey: queue.exitKey }, (kind) => {
      cause = kind;
      waiting.leave(kind);
    });
    const rung = await this.#ringAgent(call, queue, waiting, offer).finally(stop);
    if (cause === undefined) return this.#taken(waiting, offer, rung);
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
      if (await waiting.accept(offer)) return { kind: 'connected', leg: rung.leg, device: rung.device };
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
    try {
      await this.ports.conversing.talk(call, agent.leg, { record: queue.record });
    } finally {
      const { thread, segment } = call;
      const { entry } = waiting;
      this.ports.agents.callEnded(name, entry, queue.wrapUpMs, (wrapUpMs) => {
        thread.note({ type: 'wrapped-up', data: { segment, entry, agent: name, wrapUpMs } });
      });
    }
    return true;
  }

  async #announcement(call: Call, waiting: Waiting): Promise<readonly string[]> {
    const entry = this.ports.live.entry(waiting.entry);
    const place = entry === undefined ? undefined : positionOf(entry, this.ports.live.entries(), this.ports.clock.nowMs());
    if (place === undefined) return [];
    const { speech, writing } = this.ports;
    const prompts = [speech.canned('queue-position', call.language, { position: place.position })];
    writing.say(call, prompts);
    return speech.paths(prompts);
  }
}

type RungOffer = Connected | { readonly kind: 'not-taken' } | { readonly kind: 'left'; readonly cause: Impatience };

const NOT_TAKEN = { kind: 'not-taken' } as const;

interface Connected {
  readonly kind: 'connected';
  readonly leg: Leg;
  readonly device: string;
}
