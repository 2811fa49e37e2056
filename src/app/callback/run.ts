// One run of a call-back: from the alarm to the end of this attempt, and what it needs of the centre.
import type { Offer } from '../../core/acd/entry.js';
import type { QueueConfig } from '../../core/acd/queue.js';
import { type CallbackRule, decideCallback } from '../../core/callback/callback.js';
import type { PromisedCallback } from '../../core/interaction/callback.js';
import type { Centre } from '../../core/routing/centre.js';
import type { Clock } from '../../lib/clock.js';
import type { Ids } from '../../lib/ids.js';
import type { Log } from '../../lib/log.js';
import type { Call, StoryEnd } from '../call/call.js';
import { firstTaken } from '../call/first-taken.js';
import type { OutboundGuard } from '../call/outbound-guard.js';
import type { AgentRinging } from '../call/ring-agent.js';
import type { Conversing } from '../call/talk.js';
import type { TrunkHealth } from '../call/trunk-health.js';
import type { Eventually } from '../eventually.js';
import type { Agents } from '../floor/agents.js';
import type { LiveState } from '../floor/live-state.js';
import type { Queueing, Waiting } from '../floor/queueing.js';
import type { WrapUps } from '../floor/wrap-ups.js';
import type { Leg, Telephony } from '../ports.js';
import type { Thread } from '../record/thread.js';
import type { Speech } from '../speech.js';
import type { Writing } from '../writing/writing.js';

export interface CallbackCallPorts {
  readonly telephony: Telephony;
  readonly centre: () => Centre;
  readonly queueing: Queueing;
  readonly live: LiveState;
  readonly agents: Agents;
  readonly wrapUps: WrapUps;
  readonly ringing: AgentRinging;
  readonly conversing: Conversing;
  readonly writing: Writing;
  readonly guard: OutboundGuard;
  readonly speech: Speech;
  readonly trunkHealth: TrunkHealth;
  readonly eventually: Eventually;
  readonly node: string;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
}

/** Who is told how it went. */
export interface RunEnd {
  /** The attempt did not bring them together; once per attempt. */
  readonly failed: (thread: Thread, reason: string) => Promise<void>;
  /** The customer, on the line, does not want it any more. */
  readonly declined: (thread: Thread) => Promise<void>;
  /** A talk was cut off by a fault; its end is in the record. */
  readonly lost: (call: Call) => void;
  /** An agent sent the customer on; resolves with the end of that. */
  readonly onward: (call: Call) => Promise<StoryEnd>;
}

/** A call to a customer, promised or not. */
export interface CustomerCall {
  readonly thread: Thread;
  readonly number: string;
  /** Absent: nothing was promised. */
  readonly callback?: PromisedCallback;
  /** Absent: no queue's. */
  readonly queue?: QueueConfig;
  readonly segment: string;
  /** Settled otherwise: whatever rings falls silent. */
  readonly stop: AbortController;
}

export interface Run extends CustomerCall {
  readonly callback: PromisedCallback;
  readonly queue: QueueConfig;
  readonly rule: CallbackRule;
}

/** The place that brought the agent; of a call that no queue offered only its name is known. */
export type Standing = Pick<Waiting, 'entry' | 'waitedMs' | 'leave'>;

/** An agent's answered leg, and the offer that brought it. */
export interface AgentLeg extends RungLeg {
  readonly offer: Offer;
}

export interface RungLeg {
  readonly leg: Leg;
  readonly device: string;
}

/** Stores that an attempt begins with that agent. False: the promise was settled otherwise meanwhile. */
export async function beginAttempt(
  { thread, rule }: Pick<Run, 'thread' | 'rule'>,
  agent: string,
  clock: Clock,
  byHand?: true,
): Promise<boolean> {
  const command = { type: 'attempt', agent, ...(byHand === undefined ? {} : { byHand }) } as const;
  const begun = decideCallback(thread.state.callback, command, rule, clock.nowMs());
  if (!begun.ok) return false;
  await thread.record(...begun.events);
  return true;
}

/** Undefined when one of the signals is aborted first. */
export function nextOffer(waiting: Waiting, ...stops: readonly AbortSignal[]): Promise<Offer | undefined> {
  const stop = AbortSignal.any([...stops]);
  return new Promise((resolve) => {
    const stopped = (): void => {
      waiting.onOffer(undefined);
      resolve(undefined);
    };
    if (stop.aborted) {
      stopped();
      return;
    }
    stop.addEventListener('abort', stopped, { once: true });
    waiting.onOffer((offer) => {
      stop.removeEventListener('abort', stopped);
      resolve(offer);
    });
  });
}

/** The offer rings at the agent's phones, and those beside it at theirs; undefined: somebody else's turn. */
export function ringAgents(
  ports: Pick<CallbackCallPorts, 'ringing' | 'log'>,
  run: Run,
  waiting: Waiting,
  offer: Offer,
  customer?: Leg,
): Promise<AgentLeg | undefined> {
  const tries = waiting.together(offer).map((one) => ringAgent(ports, run, waiting, one, customer));
  return firstTaken(tries, (taken) => taken !== undefined);
}

async function ringAgent(
  ports: Pick<CallbackCallPorts, 'ringing' | 'log'>,
  run: Run,
  waiting: Waiting,
  offer: Offer,
  customer?: Leg,
): Promise<AgentLeg | undefined> {
  const { thread, queue, callback } = run;
  const { reference } = thread.state;
  const signals = customer === undefined ? [run.stop.signal] : [run.stop.signal, customer.ended];
  const rung = await ports.ringing.ring({
    ...{ entry: waiting.entry, offer, queue, reference, interaction: thread.id },
    from: { number: callback.number, name: `Hilo ${reference}` },
    customer: AbortSignal.any(signals),
    ...(customer === undefined ? {} : { beside: customer }),
  });
  if (rung.kind === 'withdrawn') return undefined;
  if (rung.kind === 'failed') {
    waiting.refuse(offer, rung.reason, rung.sipStatus);
    return undefined;
  }
  try {
    if (await waiting.accept(offer)) return { offer, leg: rung.leg, device: rung.device };
  } catch (error) {
    ports.log.error({ err: error, offer: offer.id }, 'acceptance could not be committed');
    waiting.giveBack(offer, 'unreachable');
  }
  await rung.leg.hangUp({ by: 'hilo', reason: 'offer-gone' });
  return undefined;
}

/** The agent is done with it: free at once, or after the wrap-up of a talk. */
export function freeAgent(
  { wrapUps }: Pick<CallbackCallPorts, 'wrapUps'>,
  run: CustomerCall,
  entry: string,
  agent: string,
  talked: boolean,
): void {
  const { thread, segment, queue } = run;
  wrapUps.callEnded({ thread, segment }, { agent, entry, queue: queue?.name, servedCustomer: talked });
}
