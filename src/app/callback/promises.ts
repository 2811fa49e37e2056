// Promises of call-backs, whoever asks: a flow, an overflow, a form on a web page, an agent. Stored before they are told.
import { MAX_AHEAD_MS } from '../../core/callback/when.js';
import { isPromised } from '../../core/interaction/callback.js';
import type { InteractionEvent } from '../../core/interaction/event.js';
import type { Centre } from '../../core/routing/centre.js';
import type { Clock } from '../../lib/clock.js';
import type { Ids } from '../../lib/ids.js';
import type { Log } from '../../lib/log.js';
import type { Clearance, OutboundGuard } from '../call/outbound-guard.js';
import { HiloError } from '../errors.js';
import type { Thread } from '../record/thread.js';
import type { Callbacks } from './callbacks.js';

/** Where a queue does not say. */
const OWNER_WAIT_MS = 10 * 60_000;

export interface PromisesPorts {
  readonly callbacks: Callbacks;
  readonly guard: OutboundGuard;
  readonly centre: () => Centre;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
}

export interface PromiseRequest {
  /** The matter it belongs to. */
  readonly thread: Thread;
  /** As soon as it is its turn, or not before a moment (Unix ms). Opening hours move it on. */
  readonly when: 'asap' | { readonly atMs: number };
  /** As dialled or typed; checked against what may be dialled. */
  readonly number: string;
  readonly queue: string;
  /** Start of the first wait (Unix ms): the place that is kept; now when left out. */
  readonly seniorityMs?: number;
  readonly priority?: number;
  readonly source: Extract<InteractionEvent, { type: 'callback-requested' }>['data']['source'];
  /** The agent whose call-back it is: offered to that agent alone first, for as long as the queue says. */
  readonly owner?: string;
}

export type PromiseRefusal =
  | (Clearance & { allowed: false })['reason']
  | 'unknown-queue'
  | 'too-far-ahead'
  /** It is being dialled at this moment. */
  | 'already-dialling'
  | 'store-unavailable';

/** `dueAtMs`: first moment at which it may be dialled. `adjusted`: not the moment asked for, because of the hours. */
export type Promised =
  | { readonly ok: true; readonly callback: string; readonly dueAtMs: number; readonly adjusted: boolean }
  | { readonly ok: false; readonly reason: PromiseRefusal };

export class Promises {
  constructor(private readonly ports: PromisesPorts) {}

  /** Resolves when the promise is stored; whoever promised may say so now. Never rejects for a store that is away. */
  async promiseCallback(request: PromiseRequest): Promise<Promised> {
    const { guard, centre, clock, log, ids, callbacks } = this.ports;
    const { thread, when, queue, source } = request;
    const config = centre().queues.get(queue);
    if (config === undefined) return { ok: false, reason: 'unknown-queue' };
    const permitted = guard.permits(request.number);
    if (!permitted.allowed) return { ok: false, reason: permitted.reason };
    const nowMs = clock.nowMs();
    const wantedMs = when === 'asap' ? nowMs : Math.max(nowMs, when.atMs);
    if (wantedMs - nowMs > MAX_AHEAD_MS) return { ok: false, reason: 'too-far-ahead' };
    try {
      const decision = await callbacks.request(thread, {
        type: 'request',
        id: ids.uuid(),
        number: permitted.number,
        queue,
        dueAtMs: wantedMs,
        seniorityMs: request.seniorityMs ?? nowMs,
        priority: request.priority ?? config.priority,
        source,
        ...(request.owner === undefined
          ? {}
          : { owner: { agent: request.owner, waitMs: config.callbacks?.ownerWaitMs ?? OWNER_WAIT_MS } }),
      });
      const { callback } = thread.state;
      if (!decision.ok || !isPromised(callback)) return { ok: false, reason: 'already-dialling' };
      const { id, dueAtMs } = callback;
      return { ok: true, callback: id, dueAtMs, adjusted: dueAtMs > wantedMs };
    } catch (error) {
      if (!(error instanceof HiloError)) throw error;
      log.error({ err: error, interaction: thread.id }, 'call-back could not be stored, none is promised');
      return { ok: false, reason: 'store-unavailable' };
    }
  }

  /** First moment at or after the given one at which that number may be called back (Unix ms). */
  opensAtMs(number: string, atMs: number): number {
    return this.ports.callbacks.rule(number).nextOpenMs(atMs);
  }
}
