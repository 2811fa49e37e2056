// Callers, agents' phones and outside numbers without a wire: one network, and what each node does on it.
import { HiloError } from '../../../src/app/errors.js';
import type {
  DialOutcome,
  DialRequest,
  DialTarget,
  Holdings,
  IncomingCall,
  Leg,
  LegEnd,
  Telephony,
} from '../../../src/app/ports.js';
import type { RefusalReason } from '../../../src/core/interaction/event.js';
import type { Timer } from '../../../src/lib/clock.js';
import type { Ids } from '../../../src/lib/ids.js';
import { Faults, Gate, gated, type Life } from './gate.js';
import { FakeLeg, LEG_METHODS } from './leg.js';

/** What the person at a phone does when it rings; a phone that is told nothing rings until somebody acts. */
export type Habit =
  | { readonly does: 'answers'; readonly afterMs: number }
  | { readonly does: 'refuses'; readonly reason: RefusalReason; readonly afterMs: number }
  | { readonly does: 'nothing' };

/** How long the media server takes to answer a call. */
const ANSWER_MS = 50;

/** A phone that rings, or rang. */
export class Ringing {
  outcome: 'ringing' | 'answered' | 'withdrawn' | RefusalReason = 'ringing';
  leg: FakeLeg | undefined;

  constructor(
    readonly phone: string,
    readonly atMs: number,
    readonly headers: Readonly<Record<string, string>>,
    private readonly settle: (ringing: Ringing) => void,
    private readonly makeLeg: () => FakeLeg,
  ) {}

  answer(): FakeLeg {
    if (this.outcome !== 'ringing') throw new Error(`${this.phone} does not ring any more: ${this.outcome}`);
    this.leg = this.makeLeg();
    this.#over('answered');
    return this.leg;
  }

  refuse(reason: RefusalReason): void {
    this.#over(reason);
  }

  withdraw(): void {
    this.#over('withdrawn');
  }

  #over(outcome: Ringing['outcome']): void {
    if (this.outcome !== 'ringing') return;
    this.outcome = outcome;
    this.settle(this);
  }
}

/** Phones, numbers and registrations: the same for all nodes. */
export class FakeNetwork {
  /** Everything that was ever rung, in order. */
  readonly rung: Ringing[] = [];
  /** Legs for which somebody was expected to be rung. */
  readonly expected: Leg[] = [];
  readonly habits = new Map<string, Habit>();
  readonly registered = new Set<string>();
  /** Most legs a phone ever had at the same time: more than one, and an agent had two calls. */
  readonly mostLegs = new Map<string, number>();
  /** So long lasts what is played to a leg; the default of legs when left out. */
  promptMs: number | undefined;
  readonly #nodes: FakeTelephony[] = [];

  join(node: FakeTelephony): void {
    this.#nodes.push(node);
  }

  register(device: string): void {
    this.registered.add(device);
    for (const node of this.#nodes) node.registration(device, true);
  }

  unregister(device: string): void {
    this.registered.delete(device);
    for (const node of this.#nodes) node.registration(device, false);
  }

  /** What the phone is doing right now. */
  ringing(phone: string): Ringing | undefined {
    return this.rung.find((ringing) => ringing.phone === phone && ringing.outcome === 'ringing');
  }

  /** The leg of whoever answered that phone last, if it is still up. */
  talking(phone: string): FakeLeg | undefined {
    return this.rung.findLast(({ phone: other, leg }) => other === phone && leg?.end === undefined)?.leg;
  }

  countLegs(phone: string): void {
    const legs = this.rung.filter(({ phone: other, leg }) => other === phone && leg !== undefined && !leg.end).length;
    this.mostLegs.set(phone, Math.max(this.mostLegs.get(phone) ?? 0, legs));
  }
}

export interface FakeTelephonyParts {
  readonly network: FakeNetwork;
  readonly life: Life;
  readonly faults: Faults;
  readonly ids: Ids;
}

/** One node's hands on the network. */
export class FakeTelephony implements Telephony {
  readonly legs: FakeLeg[] = [];
  /** `starting`: the switch has not been asked yet who is registered. */
  state: 'starting' | 'up' = 'up';
  /** Phones have real-time text. */
  hasText = false;
  /** Channels of the media server that no leg has, and those of legs that it has lost. */
  readonly strayChannels = new Set<string>();
  readonly lostChannels = new Set<string>();
  readonly #arrived = new Map<string, AbortSignal>();
  readonly #rung: Ringing[] = [];
  readonly #parts: FakeTelephonyParts;
  readonly #gate: Gate;
  readonly #ungated: Gate;
  /** Legs as the centre holds them, by their own name. */
  readonly #own = new Map<Leg, FakeLeg>();
  #onCall: ((call: IncomingCall) => void) | undefined;
  #onRegistration: ((device: string, registered: boolean) => void) | undefined;

  constructor(parts: FakeTelephonyParts) {
    this.#parts = parts;
    const { life, faults } = parts;
    const error = (): Error => new HiloError('media-time-out', 'the media server does not answer');
    this.#gate = new Gate({ name: 'leg', life, faults, error });
    this.#ungated = new Gate({ name: 'leg', life, faults: new Faults(), error });
    parts.network.join(this);
  }

  onCall(handler: (call: IncomingCall) => void): void {
    this.#onCall = handler;
  }

  onRegistration(handler: (device: string, registered: boolean) => void): void {
    this.#onRegistration = handler;
    if (this.state === 'up') for (const device of this.#parts.network.registered) handler(device, true);
  }

  isRegistered(device: string): boolean {
    return this.state === 'up' && this.#parts.network.registered.has(device);
  }

  registration(device: string, registered: boolean): void {
    if (!this.#parts.life.dead) this.#onRegistration?.(device, registered);
  }

  health(): { signalling: boolean; media: boolean } {
    return { signalling: this.state === 'up', media: this.state === 'up' };
  }

  async holdings(): Promise<Holdings> {
    const server = 'media';
    const legs = this.legs.filter(({ ended }) => !ended.aborted);
    const held = legs.map((leg) => ({
      ...{ id: leg.id, callId: leg.callId, channel: leg.id, server },
      ...(leg.interaction === undefined ? {} : { interaction: leg.interaction }),
      end: (end: LegEnd) => leg.hangUp(end),
    }));
    const channels = [...legs.map(({ id }) => id), ...this.strayChannels].filter((id) => !this.lostChannels.has(id));
    return {
      arrived: new Set([...this.#arrived].filter(([, ended]) => !ended.aborted).map(([callId]) => callId)),
      legs: held,
      servers: new Set(this.state === 'up' ? [server] : []),
      channels: new Map(channels.map((id) => [id, async () => void this.strayChannels.delete(id)])),
    };
  }

  /** An INVITE that passed the checks. */
  invite(call: IncomingCall): void {
    this.#arrived.set(call.callId, call.ended);
    this.#onCall?.(call);
  }

  /** A leg that nobody was given is hung up: it is the telephony's own. */
  expectDial(beside: Leg): void {
    this.#parts.network.expected.push(beside);
  }

  async dial(request: DialRequest): Promise<DialOutcome> {
    let outcome: DialOutcome | undefined;
    try {
      return await this.#gate.pass('dial', async () => {
        outcome = await this.#dial(request);
        return outcome;
      });
    } catch (error) {
      if (outcome?.kind === 'answered') await outcome.leg.hangUp({ by: 'hilo', reason: 'fault' });
      throw error;
    }
  }

  /** The port's leg of a call that is answered now. */
  async answer(callId: string, ended: AbortSignal): Promise<{ own: FakeLeg; leg: Leg }> {
    await this.#gate.pass('answer', () => this.#pause(ANSWER_MS));
    if (ended.aborted) throw new HiloError('leg-ended', 'cancelled', { cause: ended.reason });
    return this.#leg(callId);
  }

  /** The process is gone: the switch ends what it held. */
  die(): void {
    for (const ringing of this.#rung) ringing.withdraw();
    for (const leg of this.legs) leg.finish({ by: 'network', reason: 'signalling-lost' });
  }

  async #dial(request: DialRequest): Promise<DialOutcome> {
    const rounds = request.order === 'together' ? [request.targets] : request.targets.map((target) => [target]);
    let last: DialOutcome = { kind: 'failed', reason: 'unreachable' };
    for (const targets of rounds) {
      last = await this.#round(targets, request);
      if (last.kind !== 'failed') return last;
    }
    return last;
  }

  #round(targets: readonly DialTarget[], request: DialRequest): Promise<DialOutcome> {
    const { life, network } = this.#parts;
    return new Promise((resolve) => {
      let open = targets.length;
      const all: Ringing[] = [];
      const over = (outcome: DialOutcome): void => {
        for (const timer of timers) timer.cancel();
        request.signal.removeEventListener('abort', withdraw);
        for (const ringing of all) ringing.withdraw();
        resolve(outcome);
      };
      const settled = (target: DialTarget, ringing: Ringing): void => {
        open -= 1;
        network.countLegs(ringing.phone);
        const leg = this.#portOf(ringing.leg);
        if (leg !== undefined) over({ kind: 'answered', leg, target });
        else if (ringing.outcome === 'withdrawn') over({ kind: 'withdrawn' });
        else if (open === 0) over({ kind: 'failed', reason: ringing.outcome as RefusalReason });
      };
      const withdraw = (): void => over({ kind: 'withdrawn' });
      const timers: Timer[] = [];
      if (request.signal.aborted) {
        withdraw();
        return;
      }
      request.signal.addEventListener('abort', withdraw, { once: true });
      for (const target of targets) {
        const ringing = this.#ring(target, request, settled);
        all.push(ringing);
        timers.push(life.after(target.ringMs ?? request.ringMs, () => ringing.refuse('no-answer')));
      }
    });
  }

  #ring(target: DialTarget, request: DialRequest, settled: (target: DialTarget, ringing: Ringing) => void): Ringing {
    const { network, life, ids } = this.#parts;
    const phone = target.kind === 'device' ? target.device : target.number;
    const ringing = new Ringing(
      phone,
      life.nowMs(),
      request.headers,
      (own) => settled(target, own),
      () => this.#leg(`call-${ids.token(4)}`, request.interaction).own,
    );
    network.rung.push(ringing);
    this.#rung.push(ringing);
    const habit = network.habits.get(phone) ?? { does: 'nothing' };
    if (habit.does === 'answers') life.after(habit.afterMs, () => ringing.outcome === 'ringing' && ringing.answer());
    if (habit.does === 'refuses') life.after(habit.afterMs, () => ringing.refuse(habit.reason));
    return ringing;
  }

  #leg(callId: string, interaction?: string): { own: FakeLeg; leg: Leg } {
    const { life, ids, network } = this.#parts;
    const own = new FakeLeg(ids.uuid(), callId, life, interaction, network.promptMs);
    if (this.hasText) {
      const write = async (text: string): Promise<boolean> => own.written.push(text) > 0;
      own.text = { onTyped: (listener) => void own.typed.push(listener), write };
    }
    const leg = this.#behindGate(own);
    this.legs.push(own);
    this.#own.set(leg, own);
    return { own, leg };
  }

  /** A leg's doings may fail like any port call; to hang up always succeeds in the end. */
  #behindGate(own: FakeLeg): Leg {
    const leg: Leg = {
      id: own.id,
      callId: own.callId,
      ended: own.ended,
      play: (paths, options) => own.play(paths, options),
      collect: (request) => own.collect(request),
      startMusic: (name) => own.startMusic(name),
      silence: () => own.silence(),
      record: (path, options) => own.record(path, options),
      recordCall: (path) => own.recordCall(path),
      stopRecording: () => own.stopRecording(),
      maskRecording: (masked) => own.maskRecording(masked),
      bridge: (other) => own.bridge(this.#own.get(other) ?? other),
      unbridge: () => own.unbridge(),
      listenTo: (other, mode) => own.listenTo(this.#own.get(other) ?? other, mode),
      ...own.atTheDesk(),
      onKey: (listener) => own.onKey(listener),
      ...(own.text === undefined ? {} : { text: own.text }),
      quality: () => own.quality(),
      hangUp: (end) => own.hangUp(end),
    };
    return gated(gated(leg, this.#gate, LEG_METHODS), this.#ungated, ['hangUp', 'unbridge']);
  }

  #portOf(own: FakeLeg | undefined): Leg | undefined {
    for (const [leg, candidate] of this.#own) if (candidate === own) return leg;
    return undefined;
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => void this.#parts.life.after(ms, resolve));
  }
}
