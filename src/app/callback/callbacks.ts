// Promised call-backs: the record holds the promise, a job is the alarm clock, the reconciler mends lost alarms.
import {
  type CallbackCommand,
  type CallbackDecision,
  type CallbackRule,
  decideCallback,
} from '../../core/callback/callback.js';
import { isPromised, type PromisedCallback } from '../../core/interaction/callback.js';
import type { Centre } from '../../core/routing/centre.js';
import { nextCallableMs } from '../../core/routing/opening/customer-hours.js';
import type { Clock, Timer } from '../../lib/clock.js';
import type { Log } from '../../lib/log.js';
import type { Eventually } from '../eventually.js';
import type { LiveState } from '../floor/live-state.js';
import type { Queueing } from '../floor/queueing.js';
import type { Job, Jobs, LiveStore, RecordStore } from '../ports.js';
import type { Interactions } from '../record/interactions.js';
import type { Thread } from '../record/thread.js';
import type { CallbackCalls } from './callback-call.js';

const RECONCILE_EVERY_MS = 30_000;
/** Alarms further away than this are looked at later. */
const RECONCILE_AHEAD_MS = 10 * 60_000;
/** Longer than it takes until every node sees a call-back that has begun, shorter than two rounds of the reconciler. */
const BEGIN_ONCE_MS = 20_000;
/** So long after being asked for on the line it is looked again whether the line is free. */
const LINE_BUSY_MS = 5_000;

export interface CallbacksPorts {
  readonly interactions: Interactions;
  readonly store: RecordStore;
  readonly jobs: Jobs;
  readonly calls: CallbackCalls;
  readonly live: LiveState;
  readonly queueing: Queueing;
  readonly liveStore: LiveStore;
  readonly centre: () => Centre;
  readonly eventually: Eventually;
  readonly clock: Clock;
  readonly log: Log;
}

export class Callbacks {
  readonly #ports: CallbacksPorts;
  #timer: Timer | undefined;
  #closed = false;

  constructor(ports: CallbacksPorts) {
    this.#ports = ports;
    ports.calls.onFailed(async (thread, reason) => {
      await this.#decide(thread, { type: 'attempt-failed', reason });
    });
    ports.calls.onDeclined(async (thread) => {
      await this.end(thread, { type: 'cancel', reason: 'customer-declined' });
    });
    ports.calls.onOver((thread) => this.#over(thread));
  }

  async start(): Promise<void> {
    await this.#reconcile();
  }

  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
  }

  /** Whoever had call-backs in hand may be gone: they are not left to the next round. */
  lookNow(): void {
    if (!this.#closed) void this.#reconcile();
  }

  /** For calls to that number: at times that suit the centre, and the customer where the number tells of a country. */
  rule(number?: string): CallbackRule {
    const centre = this.#ports.centre();
    const { attemptDelaysMs, offerValidMs, retryAfterMs } = centre.recovery;
    return {
      attemptDelaysMs,
      offerValidMs,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      nextOpenMs: (atMs) => nextCallableMs(centre, number, atMs),
    };
  }

  /** Stores the promise and sets the alarm. Rejects with HiloError `store-unavailable`: then nothing is promised. */
  async request(thread: Thread, command: CallbackCommand & { type: 'request' }): Promise<CallbackDecision> {
    const decision = await this.#decide(thread, command);
    if (!decision.ok) return decision;
    if (decision.leaves !== undefined) this.#leave(thread, decision.leaves);
    const { callback } = thread.state;
    if (isPromised(callback)) this.promised(thread.id, callback);
    return decision;
  }

  /** Moved: no agent is kept, or rung, for the time that does not count any more. */
  #leave(thread: Thread, entry: string): void {
    this.giveUp(entry);
    this.#ports.calls.stop(thread.id);
  }

  /** The record says that it is promised: the alarm is set, and the offer does not lapse any more. */
  promised(interaction: string, callback: Pick<PromisedCallback, 'id' | 'dueAtMs'>): void {
    this.schedule(interaction, callback);
    this.#ports.eventually.do(`end of offer ${callback.id}`, () => this.#ports.jobs.cancel(`lapse:${callback.id}`));
  }

  /** The customer rang in, declined or cancelled: whatever is pending ends here, also a queue entry. */
  async end(thread: Thread, command: CallbackCommand & { type: 'supersede' | 'cancel' | 'decline' }): Promise<boolean> {
    const pending = thread.state.callback;
    const decision = await this.#decide(thread, command);
    if (!decision.ok || pending === undefined) return false;
    if (pending.state === 'waiting') this.giveUp(pending.entry);
    this.ended(thread, pending.id);
    return true;
  }

  /** Its place in a queue, whichever node holds it: that node's run is over when it is gone. */
  giveUp(entry: string): void {
    this.#ports.queueing.remove(entry);
  }

  /** The record already says that it is over: no agent is kept for it, no alarm rings any more. */
  ended(thread: Thread, callback: string): void {
    this.#ports.calls.stop(thread.id);
    this.#ports.eventually.do(`alarms of call-back ${callback}`, async () => {
      await this.#ports.jobs.cancel(`callback:${callback}`);
      await this.#ports.jobs.cancel(`lapse:${callback}`);
    });
  }

  schedule(interaction: string, { id, dueAtMs }: Pick<PromisedCallback, 'id' | 'dueAtMs'>): void {
    this.#ports.eventually.do(`alarm of call-back ${id}`, () =>
      this.#ports.jobs.schedule(`callback:${id}`, dueAtMs, alarmOf(interaction, id)),
    );
  }

  scheduleLapse(interaction: string, callback: string, atMs: number): void {
    const job = { kind: 'offer-lapses', interaction, callback } as const;
    this.#ports.eventually.do(`end of offer ${callback}`, () =>
      this.#ports.jobs.schedule(`lapse:${callback}`, atMs, job),
    );
  }

  /** The alarm rang. Starts the call-back unless it was ended, moved or begun meanwhile. */
  async due(interaction: string, callback: string): Promise<void> {
    const thread = await this.#ports.interactions.resume(interaction);
    const promised = thread.state.callback;
    if (!isPromised(promised) || promised.id !== callback) return;
    if (promised.dueAtMs > this.#ports.clock.nowMs()) {
      this.schedule(interaction, promised);
      return;
    }
    if (this.#isUnderWay(promised, interaction)) return;
    // The alarm, or the reconciler, may ring when it is closed again, or nobody could be reached.
    // Who was promised it on the line has to hang up first.
    if (thread.state.segments.some((one) => one.kind === 'call' && one.direction === 'in' && one.state !== 'ended')) {
      this.schedule(interaction, { id: callback, dueAtMs: this.#ports.clock.nowMs() + LINE_BUSY_MS });
      return;
    }
    const rule = this.rule(promised.number);
    const untilMs = this.#ports.calls.heldUntilMs(rule);
    if (untilMs !== undefined) {
      this.schedule(interaction, { id: callback, dueAtMs: untilMs });
      return;
    }
    // Alarms may ring twice, and on two nodes at once; the node that was first may have died: then it is looked again.
    const { attempts, dueAtMs } = promised;
    if (!(await this.#ports.liveStore.once(`callback:${callback}:${attempts}:${dueAtMs}`, BEGIN_ONCE_MS))) {
      this.schedule(interaction, { id: callback, dueAtMs: this.#ports.clock.nowMs() + BEGIN_ONCE_MS });
      return;
    }
    this.#ports.calls.begin(thread, promised, rule);
  }

  /** Some node has it in a queue, or an agent on the line for it. */
  #isUnderWay(callback: PromisedCallback, interaction: string): boolean {
    const { live, calls } = this.#ports;
    if (calls.isRunning(interaction)) return true;
    if (callback.state === 'waiting' && live.entry(callback.entry) !== undefined) return true;
    // A customer who is rung first keeps the place meanwhile.
    if ([...live.entries()].some((one) => one.kind === 'callback' && one.interaction === interaction)) return true;
    return [...live.agents()].some((agent) => agent.state === 'busy' && agent.interaction === interaction);
  }

  async lapse(interaction: string, callback: string): Promise<void> {
    const thread = await this.#ports.interactions.resume(interaction);
    if (thread.state.callback?.id === callback) await this.#decide(thread, { type: 'lapse' });
  }

  /** Not before: an alarm that rings while the run still winds up finds it under way, and is spent. */
  #over(thread: Thread): void {
    const { callback } = thread.state;
    if (isPromised(callback)) this.schedule(thread.id, callback);
  }

  async #decide(thread: Thread, command: CallbackCommand): Promise<CallbackDecision> {
    const { clock, log } = this.#ports;
    const { callback } = thread.state;
    const number = command.type === 'request' ? command.number : isPromised(callback) ? callback.number : undefined;
    const decision = decideCallback(callback, command, this.rule(number), clock.nowMs());
    if (decision.ok) await thread.record(...decision.events);
    else log.info({ interaction: thread.id, command: command.type, refused: decision.refused }, 'call-back unchanged');
    return decision;
  }

  /** Promises in the record without an alarm get one in time; setting the same alarm again changes nothing. */
  async #reconcile(): Promise<void> {
    const { store, calls, jobs, clock } = this.#ports;
    try {
      for (const { id, callback } of await store.pendingCallbacks()) {
        if (callback === undefined || calls.isRunning(id)) continue;
        if (callback.dueAtMs - clock.nowMs() > RECONCILE_AHEAD_MS) continue;
        // One after the other: thousands at once would crowd out what else has to happen.
        await jobs.schedule(`callback:${callback.id}`, callback.dueAtMs, alarmOf(id, callback.id));
      }
    } catch (error) {
      this.#ports.log.warn({ err: error }, 'promised call-backs cannot be checked now');
    }
    this.#timer?.cancel();
    if (!this.#closed) this.#timer = this.#ports.clock.after(RECONCILE_EVERY_MS, () => void this.#reconcile());
  }
}

function alarmOf(interaction: string, callback: string): Job {
  return { kind: 'callback-due', interaction, callback };
}
