// One call that an agent has placed: rings the agent, then the customer, and tells how far it has come.
import type { CallbackRule } from '../../core/callback/callback.js';
import { isLegEnded } from '../call/call.js';
import type { Leg } from '../ports.js';
import { CustomerLegs } from './customer-leg.js';
import {
  beginAttempt,
  type CallbackCallPorts,
  type CustomerCall,
  freeAgent,
  type RunEnd,
  type RungLeg,
  type Standing,
} from './run.js';

/** They have just asked for it and sit in front of it; a mobile takes its time. */
export const OWN_RING_MS = 30_000;
/** What the agent hears while the customer's telephone rings. */
const MUSIC = 'moh';

export type PlacedCallPorts = CallbackCallPorts;

export interface Placed extends CustomerCall {
  readonly agent: string;
  /** Names the agent's call for the live state. */
  readonly entry: string;
  readonly rule: CallbackRule;
  readonly placedAtMs: number;
}

export type PlacedProgress =
  | { readonly state: 'ringing-agent' }
  | { readonly state: 'ringing-customer' }
  | { readonly state: 'talking' }
  | { readonly state: 'over'; readonly result: 'talked' }
  | {
      readonly state: 'over';
      readonly result: 'not-reached';
      readonly who: 'agent' | 'customer';
      readonly reason: string;
    };

export interface PlacedCallView {
  readonly id: string;
  readonly agent: string;
  readonly interaction: string;
  readonly reference: string;
  readonly number: string;
  readonly placedAtMs: number;
  readonly progress: PlacedProgress;
}

export interface PlacedEnd {
  readonly end: RunEnd;
  readonly changed: () => void;
  /** They talk now. */
  readonly met: () => Promise<void>;
}

export class PlacedCall {
  readonly #placed: Placed;
  readonly #ports: PlacedCallPorts;
  readonly #told: PlacedEnd;
  readonly #customers: CustomerLegs;
  #progress: PlacedProgress = { state: 'ringing-agent' };
  #reason = 'failed';

  constructor(placed: Placed, ports: PlacedCallPorts, told: PlacedEnd) {
    this.#placed = placed;
    this.#ports = ports;
    this.#told = told;
    this.#customers = new CustomerLegs(ports, { ...told.end, failed: (_thread, reason) => this.#failed(reason) });
  }

  get view(): PlacedCallView {
    const { entry: id, agent, thread, number, placedAtMs } = this.#placed;
    const { reference } = thread.state;
    return { id, agent, interaction: thread.id, reference, number, placedAtMs, progress: this.#progress };
  }

  stop(): void {
    this.#placed.stop.abort();
  }

  /** Until it is over. The agent is busy with it already, and free again however it ends. */
  async run(): Promise<void> {
    const { agent } = this.#placed;
    let talked = false;
    let own: RungLeg | undefined;
    try {
      own = await this.#ringAgent();
      if (own !== undefined) talked = await this.#withAgent(own);
    } finally {
      await own?.leg.hangUp({ by: 'hilo', reason: talked ? 'other-side-hung-up' : 'customer-not-reached' });
      freeAgent(this.#ports, this.#placed, this.#placed.entry, agent, talked);
      if (talked) this.#now({ state: 'over', result: 'talked' });
      else if (this.#progress.state !== 'over') this.#over('customer');
    }
  }

  async #ringAgent(): Promise<RungLeg | undefined> {
    const { agent, thread, number, queue, stop } = this.#placed;
    const { reference } = thread.state;
    const rung = await this.#ports.ringing.own({
      ...{ agent, reference, interaction: thread.id, ringMs: OWN_RING_MS, signal: stop.signal },
      from: { number, name: `Hilo ${reference}` },
      ...(queue === undefined ? {} : { queue: queue.name }),
    });
    if (rung.kind === 'answered') return rung;
    this.#reason = rung.kind === 'failed' ? rung.reason : 'withdrawn';
    thread.note({ type: 'call-not-placed', data: { agent, number, reason: this.#reasonOfAgent() } });
    this.#over('agent');
    return undefined;
  }

  async #withAgent(own: RungLeg): Promise<boolean> {
    const { agent, rule, thread, callback, stop, entry } = this.#placed;
    if (callback !== undefined && !(await beginAttempt({ thread, rule }, agent, this.#ports.clock, true))) {
      this.#reason = 'superseded';
      return false;
    }
    this.#now({ state: 'ringing-customer' });
    const music = this.#wait(own.leg);
    const signal = AbortSignal.any([own.leg.ended, stop.signal]);
    const customer = await this.#customers.dial(this.#placed, { agent, signal, beside: own.leg }, () =>
      own.leg.ended.aborted ? 'agent-hung-up' : 'withdrawn',
    );
    if (customer === undefined) return false;
    await music;
    this.#ports.writing.began(this.#customers.callOf(this.#placed, customer));
    this.#now({ state: 'talking' });
    const standing: Standing = { entry, waitedMs: 0, leave: () => undefined };
    // In its turn behind what the talk records; nobody waits for it.
    this.#ports.eventually.do(`what was offered in ${thread.id}`, () => this.#told.met());
    return this.#customers.talk(this.#placed, standing, { ...own, agent }, customer);
  }

  async #wait(leg: Leg): Promise<void> {
    try {
      await leg.startMusic(this.#placed.queue?.music ?? MUSIC);
    } catch (error) {
      if (!isLegEnded(error)) this.#ports.log.warn({ err: error }, 'agent waits for the customer in silence');
    }
  }

  async #failed(reason: string): Promise<void> {
    this.#reason = reason;
    // A call-back is tried again as the policy says; a call that nobody promised is not.
    if (this.#placed.callback !== undefined) await this.#told.end.failed(this.#placed.thread, reason);
  }

  #reasonOfAgent(): string {
    return this.#reason === 'no-answer' ? 'agent-not-reached' : this.#reason;
  }

  #over(who: 'agent' | 'customer'): void {
    this.#now({ state: 'over', result: 'not-reached', who, reason: this.#reason });
  }

  #now(progress: PlacedProgress): void {
    this.#progress = progress;
    this.#told.changed();
  }
}
