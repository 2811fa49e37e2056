// One customer's talk with our side: who hears whom, from the first word to the last, however often that changes.
import type { Destination } from '../../core/acd/queue.js';
import type { TransferWay } from '../../core/interaction/talk/talk-event.js';
import { destinationName } from '../../core/routing/forwarding.js';
import type { Call } from '../call/call.js';
import { HiloError } from '../errors.js';
import type { Leg, LegEnd } from '../ports.js';
import { Bringing, whenAborted } from './bringing.js';
import type { Colleague } from './colleagues.js';
import { Line } from './line.js';
import { dismiss, type Handover, refugeOf, type TalkSide, tooLate } from './side.js';
import { SIDES_MOST, Sides } from './sides.js';
import { type ConsultationResult, TalkFacts } from './talk-facts.js';
import type { TalkOptions, TalkOver, TalkPorts, TalkState } from './talk-state.js';
import { Turns } from './turns.js';

export class Talk {
  readonly call: Call;
  readonly #ports: TalkPorts;
  readonly #options: TalkOptions;
  #state: TalkState = { state: 'talking' };
  readonly #sides: Sides;
  #stopWatching = (): void => undefined;
  readonly #facts: TalkFacts;
  readonly #bringing: Bringing;
  readonly #line: Line;
  readonly #turns: Turns;
  #settle: (over: TalkOver) => void = () => undefined;

  constructor(call: Call, main: TalkSide, ports: TalkPorts, options: TalkOptions) {
    this.call = call;
    this.#sides = new Sides(main, (side, end) => this.#ended(side, end));
    this.#ports = ports;
    this.#options = options;
    this.#turns = new Turns(options.onChange);
    this.#facts = new TalkFacts(call);
    this.#bringing = new Bringing(call, ports.colleagues);
    this.#line = new Line(call, options.music);
  }

  get main(): TalkSide {
    return this.#sides.main;
  }

  get sides(): readonly TalkSide[] {
    return [...this.#sides];
  }

  get state(): TalkState['state'] {
    return this.#state.state;
  }

  isMuted(side: TalkSide = this.main): boolean {
    return this.#sides.isMuted(side);
  }

  /** Whom a consultation is with, rung or talked to. */
  get consulted(): Colleague | undefined {
    return 'who' in this.#state ? this.#state.who : undefined;
  }

  /** Until customer and our side no longer talk. The customer's leg is left to the story when it is still up. */
  async run(): Promise<TalkOver> {
    const over = new Promise<TalkOver>((resolve) => {
      this.#settle = (outcome) => {
        this.#settle = () => undefined;
        resolve(outcome);
      };
    });
    const { leg } = this.call;
    this.#stopWatching = whenAborted<LegEnd>(leg.ended, (end) => this.#settle({ kind: 'ended', leg, end }));
    this.#sides.enter(this.main);
    const outcome = await over;
    this.#close(outcome);
    return outcome;
  }

  // ── What may be asked for; each rejects with HiloError `wrong-state` where it makes no sense ───────────────────────

  hold(by: string, held: boolean): Promise<void> {
    return this.#inTurn(async () => {
      this.#expect(held ? 'talking' : 'on-hold');
      if (held) await this.#orBack(() => this.#park());
      else await this.#talkWith(this.main);
      this.#facts.held(by, held);
    });
  }

  mute(by: string, side: TalkSide, muted: boolean): Promise<void> {
    return this.#inTurn(async () => {
      await side.leg.mute(muted);
      this.#sides.mute(side, muted);
      this.#facts.muted(by, muted);
    });
  }

  /** Keys for whoever the agent talks with: the customer, or the number that is consulted. */
  digits(keys: string): Promise<void> {
    return this.#inTurn(async () => {
      const at = this.#state;
      await (at.state === 'consulting' ? at.colleague.leg : this.call.leg).sendKeys(keys);
    });
  }

  /** Throws HiloError `not-allowed` for a number that may not be called. Whether an agent is there is seen on the way. */
  checkTransfer(to: Destination): void {
    if (to.kind === 'number') this.#ports.colleagues.check({ kind: 'number', number: to.number });
  }

  /** Sends the customer on without asking anybody; the agent is free at once. */
  transfer(to: Destination, handover: Handover): Promise<void> {
    return this.#inTurn(async () => {
      this.#expect('talking', 'on-hold');
      this.checkTransfer(to);
      await this.#orBack(() => this.#park());
      this.#sendOn(to, handover);
    });
  }

  /** Rings a colleague while the customer hears music; resolves when it rings. */
  consult(who: Colleague, handover: Handover): Promise<void> {
    return this.#inTurn(async () => {
      this.#expect('talking', 'on-hold');
      this.#ports.colleagues.check(who);
      await this.#orBack(() => this.#park());
      const consultation = this.#ports.ids.uuid();
      const stop = new AbortController();
      this.#state = { state: 'calling', consultation, who, handover, stop };
      this.#facts.consults(consultation, who, handover);
      void this.#call(consultation, who, stop, handover);
    });
  }

  /** The colleague takes the customer. */
  complete(handover: Handover): Promise<void> {
    return this.#inTurn(async () => {
      const at = this.#state;
      if (at.state !== 'consulting') throw this.#wrong();
      await this.#handOver(at.colleague, 'attended', handover);
      this.#facts.consulted(at.consultation, 'completed');
    });
  }

  /** Gives away who talks with the caller, an agent: the second half of a transfer by the agent's phone. */
  surrender(): Promise<TalkSide> {
    return this.#inTurn(async () => {
      this.#expect('talking', 'on-hold');
      const side = this.main;
      await this.#orBack(() => this.#park());
      this.#sides.leave(side);
      this.#settle({ kind: 'ended', leg: this.call.leg, end: { by: 'agent', reason: 'transferred' } });
      return side;
    });
  }

  /** Throws HiloError `wrong-state`: nobody who is brought by other ways could take the customer now. */
  checkReceive(): void {
    this.#expect('talking', 'on-hold');
  }

  /** The customer talks with somebody who was brought by other ways. */
  receive(side: TalkSide, handover: Handover, way: TransferWay = 'attended'): Promise<void> {
    return this.#inTurn(async () => {
      this.checkReceive();
      await this.#orBack(() => this.#handOver(side, way, handover));
    }).catch((error: unknown) => tooLate(side, error));
  }

  /** The agent goes on with the customer on another leg: their browser was loaded anew. */
  again(agent: string, leg: Leg, device: string): Promise<void> {
    return this.#inTurn(async () => {
      this.#expect('talking', 'on-hold');
      if (this.main.party.name !== agent) throw this.#wrong();
      void (await this.#changeTo({ ...this.main, leg, device })).leg.hangUp({ by: 'hilo', reason: 'came-back' });
    });
  }

  /** Back to the customer; whoever was asked, or is still being rung, is gone. */
  cancel(): Promise<void> {
    return this.#inTurn(async () => {
      const at = this.#state;
      if (at.state === 'calling') at.stop.abort();
      else if (at.state !== 'consulting') throw this.#wrong();
      await this.#backToCustomer(at.consultation, 'cancelled');
    });
  }

  /** All together: with the colleague who is consulted, or with somebody who is rung first. */
  async conference(by: string, who: Colleague | undefined): Promise<void> {
    if (who === undefined) return this.#inTurn(() => this.#join(by));
    this.#expect('talking', 'on-hold', 'together');
    if (this.#sides.size >= SIDES_MOST) throw new HiloError('wrong-state', `at most ${SIDES_MOST} on our side`);
    const side = await this.#bringing.bring(who, { by }, this.main.queue);
    await this.#inTurn(() => this.#bringIn(by, side)).catch((error: unknown) => tooLate(side, error));
  }

  /** Somebody of a conference leaves it. */
  remove(name: string): Promise<void> {
    return this.#inTurn(async () => {
      this.#expect('together');
      const side = this.sides.find(({ party }) => party.name === name);
      if (side === undefined) throw new HiloError('not-found', `${name} is not in this conversation`);
      await this.#left(side, 'removed');
      dismiss(side, 'removed', true);
    });
  }

  /** A supervisor takes the customer, on the line there is or one that is rung first; who talked is free. */
  async takeOver(who: Colleague & { kind: 'agent' }, by: string, line?: TalkSide): Promise<void> {
    if (line === undefined) this.checkReceive();
    const side = line ?? (await this.#bringing.bring(who, { by }, this.main.queue));
    return this.receive(side, { by }, 'taken-over');
  }

  #ended(side: TalkSide, end: LegEnd): void {
    const at = this.#state;
    const refuge = refugeOf(this.call.leg, side, end);
    if (this.#sides.size > 1) {
      this.#inTurn(() => this.#gone(side, end)).catch((error: unknown) => this.#failed(side, error));
    } else if (at.state === 'calling') {
      // Hung up while it still rang: the customer goes to whom they were asking.
      this.#sendOn(at.who, at.handover);
    } else if (refuge !== undefined) this.#sendOn(refuge, { by: 'hilo' }, 'lost');
    // At once where nobody else is concerned: what the story waits for is not delayed by what is under way.
    else this.#settle({ kind: 'ended', leg: side.leg, end });
  }

  #sendOn(to: Destination, handover: Handover, way: TransferWay = 'blind'): void {
    this.#facts.transferred(way, this.main, destinationName(to), handover);
    this.#settle({ kind: 'sent-on', to, handover });
  }

  /** Somebody of ours hung up while others are there. */
  async #gone(side: TalkSide, end: LegEnd): Promise<void> {
    const at = this.#state;
    if (!this.#sides.has(side)) return;
    if (at.state === 'consulting' && side === at.colleague) return this.#backToCustomer(at.consultation, 'hung-up');
    if (at.state === 'consulting') {
      // The customer is not lost with the agent who asked: the colleague has them now.
      await this.#handOver(at.colleague, 'attended', { by: this.main.party.name });
      return this.#facts.consulted(at.consultation, 'completed');
    }
    return this.#left(side, end.reason);
  }

  async #call(consultation: string, who: Colleague, stop: AbortController, handover: Handover): Promise<void> {
    const { call } = this;
    const { leg: beside, queue } = this.main;
    const request = { call, who, beside, handover, queue, signal: stop.signal };
    const reached = await this.#ports.colleagues.reach(request);
    await this.#inTurn(async () => {
      const at = this.#state;
      const waits = at.state === 'calling' && at.consultation === consultation;
      if (reached.kind === 'not-there') {
        if (waits) await this.#backToCustomer(consultation, 'not-reached', reached.reason);
        return;
      }
      if (!waits) {
        dismiss(reached.side, 'cancelled');
        return;
      }
      const { side: colleague } = reached;
      await this.main.leg.bridge(colleague.leg);
      this.#state = { state: 'consulting', consultation, who, colleague };
      this.#sides.enter(colleague);
    }).catch((error: unknown) => {
      if (reached.kind === 'there') dismiss(reached.side, 'failed');
      this.#failed(this.main, error);
    });
  }

  async #backToCustomer(consultation: string, result: ConsultationResult, reason?: string): Promise<void> {
    const at = this.#state;
    if (at.state === 'consulting') {
      this.#sides.leave(at.colleague);
      if (!this.main.leg.ended.aborted) await this.main.leg.unbridge();
      dismiss(at.colleague, result);
    }
    this.#facts.consulted(consultation, result, reason);
    await this.#talkWith(this.main);
  }

  /** The customer talks with `side` from now on, and with nobody else of ours. */
  async #handOver(side: TalkSide, way: TransferWay, handover: Handover): Promise<void> {
    const from = await this.#changeTo(side);
    this.#facts.transferred(way, from, side.party.name, handover);
    dismiss(from, 'transferred', true);
  }

  async #changeTo(side: TalkSide): Promise<TalkSide> {
    const from = this.main;
    if (!from.leg.ended.aborted) await from.leg.unbridge();
    await this.#talkWith(side);
    this.#sides.leave(from);
    this.#becomes(side);
    return from;
  }

  /** `side` is the one the customer deals with. */
  #becomes(side: TalkSide): void {
    this.#sides.becomeMain(side);
    this.#facts.connected(side);
    this.#options.onMain(side);
  }

  async #join(by: string): Promise<void> {
    const at = this.#state;
    if (at.state !== 'consulting') throw this.#wrong();
    await this.main.leg.unbridge();
    await this.#gather(this.main, at.colleague);
    this.#facts.consulted(at.consultation, 'joined');
    this.#facts.joined(by, at.colleague);
  }

  async #bringIn(by: string, side: TalkSide): Promise<void> {
    this.#expect('talking', 'on-hold', 'together');
    if (this.state === 'together') await this.#line.add(side);
    else await this.#orBack(() => this.#gather(this.main, side));
    this.#sides.enter(side);
    this.#facts.joined(by, side);
  }

  /** One of several on our side is no longer there. With one left, the two talk as before. */
  async #left(side: TalkSide, reason: string): Promise<void> {
    this.#sides.leave(side);
    this.#facts.left(side, reason);
    side.release(true);
    const [next, ...others] = this.#sides;
    if (next === undefined) this.#settle({ kind: 'ended', leg: side.leg, end: side.leg.ended.reason as LegEnd });
    // Who is gone in the same breath has the next turn.
    if (next === undefined || next.leg.ended.aborted) return;
    if (others.length === 0) await this.#talkWith(next);
    if (side === this.main) this.#becomes(next);
  }

  /** What fails on the way leaves nobody in silence: customer and agent hear each other again. */
  async #orBack(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      if (!this.main.leg.ended.aborted && !this.call.leg.ended.aborted) {
        await this.#talkWith(this.main).catch((worse: unknown) => this.#failed(this.main, worse));
      }
      throw error;
    }
  }

  async #park(): Promise<void> {
    await this.#line.park();
    this.#state = { state: 'on-hold' };
  }

  async #talkWith(side: TalkSide): Promise<void> {
    await this.#line.connect(side);
    this.#state = { state: 'talking' };
  }

  async #gather(...sides: readonly TalkSide[]): Promise<void> {
    await this.#line.gather(this.#ports.ids.uuid(), sides);
    this.#state = { state: 'together' };
  }

  #close(outcome: TalkOver): void {
    const at = this.#state;
    this.#state = { state: 'over' };
    this.#bringing.stop();
    this.#stopWatching();
    if (at.state === 'calling') at.stop.abort();
    if (at.state === 'calling' || at.state === 'consulting') this.#facts.consulted(at.consultation, 'cancelled');
    const reason = outcome.kind === 'sent-on' ? 'transferred' : 'other-side-hung-up';
    const by = outcome.kind === 'sent-on' ? 'hilo' : outcome.end.by;
    for (const side of this.sides) {
      this.#sides.leave(side);
      void side.leg.hangUp({ by, reason });
      side.release(at.state !== 'consulting' || side === this.main);
    }
  }

  #inTurn<T>(act: () => Promise<T>): Promise<T> {
    return this.#turns.do(() => {
      if (this.#state.state === 'over') throw new HiloError('leg-ended', 'the conversation is over');
      return act();
    });
  }

  #expect(...states: readonly TalkState['state'][]): void {
    if (!states.includes(this.#state.state)) throw this.#wrong();
  }

  #wrong(): HiloError {
    return new HiloError('wrong-state', `the conversation is ${this.#state.state}`);
  }

  /** The media server does not do what has to be done now: better an end with a reason than people who hear nobody. */
  #failed({ leg }: TalkSide, error: unknown): void {
    if (this.#state.state === 'over' || this.call.leg.ended.aborted) return;
    this.#ports.log.error({ err: error, interaction: this.call.thread.id }, 'a conversation could not go on');
    this.#settle({ kind: 'ended', leg, end: { by: 'network', reason: 'media-lost' } });
  }
}
