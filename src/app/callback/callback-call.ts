// Call-backs that are due: each waits in its queue at the place of the first wait and wins an agent; then who is to be
// rung first is rung first.
import type { Offer } from '../../core/acd/entry.js';
import type { CallbackRule } from '../../core/callback/callback.js';
import type { PromisedCallback } from '../../core/interaction/callback.js';
import type { Call, StoryEnd } from '../call/call.js';
import type { Waiting } from '../floor/queueing.js';
import type { Thread } from '../record/thread.js';
import { AgentFirst } from './agent-first.js';
import { CustomerFirst } from './customer-first.js';
import { CustomerLegs } from './customer-leg.js';
import { type CallbackCallPorts, type CustomerCall, nextOffer, type Run, type RunEnd } from './run.js';

const NOWHERE: StoryEnd = { by: 'hilo', result: 'failed', reason: 'nowhere-to-go' };

export class CallbackCalls {
  readonly #ports: CallbackCallPorts;
  /** By interaction. */
  readonly #running = new Map<string, CustomerCall>();
  /** What every story under this roof tells. */
  readonly end: RunEnd;
  #failed: (thread: Thread, reason: string) => Promise<void> = async () => undefined;
  #over: (thread: Thread) => void = () => undefined;
  #lost: (call: Call) => void = () => undefined;
  #onward: (call: Call) => Promise<StoryEnd> = async () => NOWHERE;
  #declined: (thread: Thread) => Promise<void> = async () => undefined;
  readonly #agentFirst: AgentFirst;
  readonly #customerFirst: CustomerFirst;

  constructor(ports: CallbackCallPorts) {
    this.#ports = ports;
    this.end = {
      failed: (thread, reason) => this.#failed(thread, reason),
      declined: (thread) => this.#declined(thread),
      lost: (call) => this.#lost(call),
      onward: (call) => this.#onward(call),
    };
    const customers = new CustomerLegs(ports, this.end);
    this.#agentFirst = new AgentFirst(ports, customers);
    this.#customerFirst = new CustomerFirst(ports, customers, this.end);
  }

  /** Told once per attempt that did not bring them together. */
  onFailed(listener: (thread: Thread, reason: string) => Promise<void>): void {
    this.#failed = listener;
  }

  /** Told when a run is over and nobody is kept for it any more: what is promised still may be due again. */
  onOver(listener: (thread: Thread) => void): void {
    this.#over = listener;
  }

  /** Takes customers on whom agents have sent elsewhere. */
  onSentOn(onward: (call: Call) => Promise<StoryEnd>): void {
    this.#onward = onward;
  }

  /** Told of a talk that was cut off by a fault, when its end is in the record. */
  onLost(listener: (call: Call) => void): void {
    this.#lost = listener;
  }

  /** Told when the customer, being rung first, does not want it any more. */
  onDeclined(listener: (thread: Thread) => Promise<void>): void {
    this.#declined = listener;
  }

  isRunning(interaction: string): boolean {
    return this.#running.has(interaction);
  }

  get live(): number {
    return this.#running.size;
  }

  /** Starts a run unless one is on its way already. */
  begin(thread: Thread, callback: PromisedCallback, rule: CallbackRule): void {
    if (this.#running.has(thread.id)) return;
    const queue = this.#ports.centre().queues.get(callback.queue);
    if (queue === undefined) {
      this.#ports.log.error({ interaction: thread.id, queue: callback.queue }, 'call-back to a queue that is gone');
      return;
    }
    const segment = this.#ports.ids.uuid();
    const { number } = callback;
    const run: Run = { thread, number, callback, queue, rule, segment, stop: new AbortController() };
    this.keep(run, () => this.#attempt(run));
  }

  /** A story under this roof: the one of its matter from now on, stopped like the others, and told when it is over. */
  keep(call: CustomerCall, story: () => Promise<void>): void {
    const { thread } = call;
    this.#running.set(thread.id, call);
    story()
      .catch((error: unknown) => this.#ports.log.error({ err: error, interaction: thread.id }, 'call-back failed'))
      .finally(() => {
        if (this.#running.get(thread.id) === call) this.#running.delete(thread.id);
        this.#over(thread);
      });
  }

  /** The promise is settled otherwise: a waiting run leaves its queue, a ringing one is cancelled. */
  stop(interaction: string): void {
    this.#running.get(interaction)?.stop.abort();
  }

  async #attempt(run: Run): Promise<void> {
    const { thread, segment, callback } = run;
    const { queue, priority, seniorityMs, owner } = callback;
    const preferred = owner === undefined ? {} : { preferred: owner };
    const place = { kind: 'callback', queue, priority, seniorityMs, ...preferred } as const;
    const waiting = await this.#ports.queueing.join(thread, segment, place);
    const superseded = (): void => waiting.leave('superseded');
    run.stop.signal.addEventListener('abort', superseded, { once: true });
    try {
      for (;;) {
        const offer = await this.#nextOffer(run, waiting);
        if (offer === undefined) return;
        if (this.heldUntilMs(run.rule) !== undefined) {
          waiting.leave('held');
          return;
        }
        if (await this.#make(run, waiting, offer)) return;
      }
    } finally {
      run.stop.signal.removeEventListener('abort', superseded);
      waiting.leave('superseded');
    }
  }

  /** Undefined: settled otherwise, by this node or by another one, which has taken the place away. */
  async #nextOffer(run: Run, waiting: Waiting): Promise<Offer | undefined> {
    const { live } = this.#ports;
    const gone = new AbortController();
    const unwatch = live.onChange(({ kind, id }) => {
      if (kind === 'entry' && id === waiting.entry && live.entry(id) === undefined) gone.abort();
    });
    try {
      return await nextOffer(waiting, run.stop.signal, gone.signal);
    } finally {
      unwatch();
    }
  }

  /** False: the agent did not take it, and nobody else knows of it yet. */
  async #make(run: Run, waiting: Waiting, offer: Offer): Promise<boolean> {
    if (run.queue.callbacks?.first !== 'customer') return this.#agentFirst.attempt(run, waiting, offer);
    await this.#customerFirst.attempt(run, waiting, offer);
    return true;
  }

  /** Unix ms; undefined: now. Not past closing time, and not while the trunk is dead: no agent is rung for that. */
  heldUntilMs(rule: CallbackRule): number | undefined {
    const { clock, centre, trunkHealth } = this.#ports;
    const nowMs = clock.nowMs();
    const [trunk] = centre().trunks;
    const pauseMs = trunk === undefined ? 0 : trunkHealth.pauseMs(trunk.name);
    const untilMs = rule.nextOpenMs(nowMs + pauseMs);
    return untilMs > nowMs ? untilMs : undefined;
  }
}
