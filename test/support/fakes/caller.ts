// A customer with a telephone, for stories without a network.
import type { IncomingCall, Leg, LegEnd } from '../../../src/app/ports.js';
import type { FakeLeg } from './leg.js';
import type { FakeTelephony } from './telephony.js';

export class Caller {
  refusedWith: number | undefined;
  leg: FakeLeg | undefined;
  readonly #end = new AbortController();

  constructor(
    readonly from: string,
    readonly to: string,
    readonly callId: string,
    private readonly telephony: FakeTelephony,
    private readonly origin: IncomingCall['origin'] = { kind: 'trunk', trunk: 'lab' },
  ) {}

  get heard(): readonly string[] {
    return this.leg?.heard ?? [];
  }

  /** Whether the call is over for the caller, however it ended. */
  get isGone(): boolean {
    return this.#end.signal.aborted || this.leg?.end !== undefined;
  }

  dial(): this {
    this.telephony.invite({
      callId: this.callId,
      from: this.from,
      fromName: '',
      to: this.to,
      origin: this.origin,
      ended: this.#end.signal,
      ring: () => undefined,
      answer: () => this.#answered(),
      reject: (sipStatus) => this.#refused(sipStatus),
    });
    return this;
  }

  press(keys: string): void {
    if (this.leg === undefined) throw new Error('nobody has answered yet');
    for (const key of keys) this.leg.press(key);
  }

  /** Writes a line. */
  write(line: string): void {
    for (const listener of this.leg?.typed ?? []) listener(`${line}\u2028`);
  }

  /** CANCEL before, BYE after the answer. */
  hangUp(): void {
    const end: LegEnd = { by: 'customer', reason: this.leg === undefined ? 'cancelled' : 'hung-up' };
    this.leg?.finish(end);
    this.#end.abort(end);
  }

  async #answered(): Promise<Leg> {
    try {
      const { own, leg } = await this.telephony.answer(this.callId, this.#end.signal);
      this.leg = own;
      own.ended.addEventListener('abort', () => this.#end.abort(own.end), { once: true });
      return leg;
    } catch (error) {
      // As the port promises: then the call is refused already.
      if (!this.#end.signal.aborted) this.#refused(503);
      throw error;
    }
  }

  #refused(sipStatus: number): void {
    this.refusedWith = sipStatus;
    this.#end.abort({ by: 'hilo', reason: 'refused', sipStatus });
  }
}
