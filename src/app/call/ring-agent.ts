// An offer rings at the agent's devices until one answers, all refuse, or the offer is gone.
import { type Offer, offersOf } from '../../core/acd/entry.js';
import type { QueueConfig } from '../../core/acd/queue.js';
import type { RefusalReason } from '../../core/interaction/event.js';
import type { AgentConfig, Centre } from '../../core/routing/centre.js';
import { ringRounds } from '../../core/routing/devices.js';
import type { Log } from '../../lib/log.js';
import type { LiveState } from '../floor/live-state.js';
import type { DialRequest, DialTarget, Leg, Telephony } from '../ports.js';
import type { Speech } from '../speech.js';
import { type Handover, handoverHeaders } from '../talk/side.js';
import type { Call } from './call.js';
import { dial } from './dial.js';

export interface AgentRingingPorts {
  readonly telephony: Telephony;
  readonly live: LiveState;
  readonly centre: () => Centre;
  readonly speech: Pick<Speech, 'canned' | 'paths'>;
  readonly log: Log;
}

/** Key of the canned text that asks who answers at a number to take the call. */
const ACCEPT_TEXT = 'mobile-accept';

export type Rung =
  | { readonly kind: 'answered'; readonly leg: Leg; readonly device: string }
  | { readonly kind: 'failed'; readonly reason: RefusalReason; readonly sipStatus?: number }
  | { readonly kind: 'withdrawn' };

export interface RingRequest {
  readonly entry: string;
  readonly offer: Offer;
  readonly queue: QueueConfig;
  readonly from: { readonly number: string; readonly name: string };
  readonly reference: string;
  readonly interaction: string;
  /** The customer's leg, if there is one already: when it ends, the ringing ends. */
  readonly customer?: AbortSignal;
  /** The customer's leg that the agent's will be bridged with, if it is there already. */
  readonly beside?: Leg;
  /** Somebody passed the customer on. */
  readonly handover?: Handover | undefined;
}

export interface DirectOptions {
  /** Absent: the customer's leg. */
  readonly beside?: Leg;
  /** Ends the ringing besides the customer's hang-up. */
  readonly signal?: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
  /** Only this one of their devices. */
  readonly device?: string;
}

export interface OwnRing extends Pick<RingRequest, 'from' | 'reference' | 'interaction'> {
  readonly agent: string;
  readonly queue?: string;
  readonly ringMs: number;
  readonly signal: AbortSignal;
}

export class AgentRinging {
  constructor(private readonly ports: AgentRingingPorts) {}

  async ring(request: RingRequest): Promise<Rung> {
    const { offer, queue } = request;
    const config = this.ports.centre().agents.get(offer.agent);
    const targets = config === undefined ? [] : this.#targets(config);
    if (config === undefined || targets.length === 0) return { kind: 'failed', reason: 'not-registered' };
    const withdrawn = new AbortController();
    const stopWatching = this.#watch(request, withdrawn);
    const signals = request.customer === undefined ? [withdrawn.signal] : [withdrawn.signal, request.customer];
    try {
      return await this.#dial({
        targets,
        order: config.ring,
        ringMs: queue.ringMs,
        from: request.from,
        interaction: request.interaction,
        headers: {
          'X-Hilo-Interaction': request.interaction,
          'X-Hilo-Reference': request.reference,
          'X-Hilo-Queue': queue.name,
          ...handoverHeaders(request.handover),
        },
        signal: AbortSignal.any(signals),
        ...(request.beside === undefined ? {} : { beside: request.beside }),
      });
    } finally {
      stopWatching();
    }
  }

  /** Rings an agent's own devices before there is any customer: for a call that the agent asked for. */
  async own(request: OwnRing): Promise<Rung> {
    const config = this.ports.centre().agents.get(request.agent);
    const targets = config === undefined ? [] : this.#targets(config);
    if (config === undefined || targets.length === 0) return { kind: 'failed', reason: 'not-registered' };
    const { from, interaction, reference, ringMs, signal, queue } = request;
    return this.#dial({
      ...{ targets, order: config.ring, ringMs, from, interaction, signal },
      headers: {
        'X-Hilo-Interaction': interaction,
        'X-Hilo-Reference': reference,
        'X-Hilo-Placed': 'true',
        ...(queue === undefined ? {} : { 'X-Hilo-Queue': queue }),
      },
    });
  }

  /** Rings an agent without any offer: somebody wants just this person. */
  async direct(call: Call, agent: string, ringMs: number, options: DirectOptions = {}): Promise<Rung> {
    const config = this.ports.centre().agents.get(agent);
    const { beside = call.leg, signal, headers = handoverHeaders(call.handover), device } = options;
    const all = config === undefined ? [] : this.#targets(config);
    const targets = all.filter(
      (target) => device === undefined || (target.kind === 'device' && target.device === device),
    );
    if (config === undefined || targets.length === 0) return { kind: 'failed', reason: 'not-registered' };
    const { thread } = call;
    return this.#dial({
      targets,
      order: config.ring,
      ringMs,
      from: { number: call.from, name: call.fromName },
      interaction: thread.id,
      headers: { 'X-Hilo-Interaction': thread.id, 'X-Hilo-Reference': thread.state.reference, ...headers },
      signal: signal === undefined ? call.leg.ended : AbortSignal.any([signal, call.leg.ended]),
      beside,
    });
  }

  async #dial(request: DialRequest): Promise<Rung> {
    const targets = await this.#asking(request.targets);
    const outcome = await dial(this.ports.telephony, { ...request, targets }, this.ports.log);
    if (outcome.kind !== 'answered') return outcome;
    const { leg, target } = outcome;
    return { kind: 'answered', leg, device: target.kind === 'device' ? target.device : target.number };
  }

  /** Whoever answers at a number hears what is wanted of them. */
  async #asking(targets: readonly DialTarget[]): Promise<readonly DialTarget[]> {
    const { speech, centre } = this.ports;
    const { texts, defaultLanguage } = centre();
    if (!texts.has(ACCEPT_TEXT) || targets.every(({ kind }) => kind !== 'number')) return targets;
    const acceptPrompts = await speech.paths([speech.canned(ACCEPT_TEXT, defaultLanguage)]);
    return targets.map((target) => (target.kind === 'number' ? { ...target, acceptPrompts } : target));
  }

  /** An agent is free who may be offered this call in a moment. */
  expect(customer: Leg): void {
    this.ports.telephony.expectDial(customer);
  }

  reachable(agent: string): boolean {
    const config = this.ports.centre().agents.get(agent);
    return config !== undefined && this.#targets(config).length > 0;
  }

  /** Aborts when the live state no longer says that this entry is offered to this agent. */
  #watch({ entry, offer }: RingRequest, withdrawn: AbortController): () => void {
    const { live } = this.ports;
    const check = (): void => {
      const now = live.entry(entry);
      const holders = now?.state === 'accepted' ? [now.offer] : now === undefined ? [] : offersOf(now);
      if (!holders.some(({ id }) => id === offer.id)) withdrawn.abort();
    };
    const stops = [
      live.onChange(({ kind, id }) => {
        if (kind === 'entry' && id === entry) check();
      }),
      live.onReset(check),
    ];
    check();
    return () => {
      for (const stop of stops) stop();
    };
  }

  /** Registered phones, and mobiles over the trunk, in the agent's order. */
  #targets(config: AgentConfig): DialTarget[] {
    const [trunk] = this.ports.centre().trunks;
    const reachable = ringRounds(config, (device) => this.ports.telephony.isRegistered(device)).flat();
    return reachable.flatMap((device): DialTarget[] => {
      const time = device.ringMs === undefined ? {} : { ringMs: device.ringMs };
      if (device.kind === 'sip') return [{ kind: 'device', agent: config.name, device: device.name, ...time }];
      if (device.number === undefined || trunk === undefined) return [];
      return [{ kind: 'number', number: device.number, trunk: trunk.name, acceptKey: '1', ...time }];
    });
  }
}
