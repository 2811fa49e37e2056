// The stage of one SIP case: an application on drachtio-srf on one side of the pair, plain SIP phones on the other.
import { afterAll, afterEach, beforeAll } from 'vitest';
import type { SipRequest, SipResponse } from '../../src/switch/sip/message/message.js';
import { type App, connectApp, type Dlg } from '../switch/drachtio/application.js';
import { OFFER, Phone } from '../switch/drachtio/phone.js';
import { promised } from '../switch/drachtio/scene.js';
import { openPair, type Pair } from './pair.js';

export { OFFER, type Phone } from '../switch/drachtio/phone.js';
export { promised } from '../switch/drachtio/scene.js';

export const ANSWER = OFFER.replace('4000', '5000');

export interface Answered {
  readonly phone: Phone;
  readonly invite: SipRequest;
  readonly ok: SipResponse;
  readonly dialog: Dlg;
}

export interface Called {
  readonly phone: Phone;
  readonly invite: SipRequest;
  readonly ok: SipResponse;
  readonly dialog: Dlg;
}

/** One pair for a file; applications and phones for one case each. */
export class SipScene {
  #pair: Pair | undefined;
  readonly #closers: (() => void)[] = [];

  constructor() {
    beforeAll(async () => {
      this.#pair = await openPair();
    });
    afterEach(() => {
      for (const close of this.#closers.splice(0).reverse()) close();
    });
    afterAll(() => this.#pair?.close());
  }

  get pair(): Pair {
    if (this.#pair === undefined) throw new Error('no pair yet');
    return this.#pair;
  }

  get port(): number {
    return this.pair.sip.port;
  }

  /** Connected, its routes known to the server. */
  async app(prepare: (srf: App) => void = () => undefined): Promise<App> {
    const { host, port, secret } = this.pair.drachtio;
    const { srf } = await connectApp(port, secret, prepare, host);
    this.#closers.push(() => srf.disconnect());
    // Answered after the routes, and refused at once: nobody sends requests to itself.
    const probe = srf.request(`sip:${this.pair.sip.host}:${this.port}`, { method: 'OPTIONS' });
    await probe.catch(() => undefined);
    return srf;
  }

  async phone(): Promise<Phone> {
    const phone = await Phone.open(this.pair.sip.host);
    this.#closers.push(() => phone.close());
    return phone;
  }

  /** A call of a phone, answered by an application and acknowledged. */
  async answered(
    headers: Record<string, string> = {},
    prepare: (srf: App) => void = () => undefined,
  ): Promise<Answered> {
    const made = promised<Dlg>();
    await this.app((srf) => {
      prepare(srf);
      srf.invite((req, res) => void srf.createUAS(req, res, { localSdp: ANSWER }).then(made.resolve));
    });
    const phone = await this.phone();
    const invite = phone.ask('INVITE', this.port, { body: OFFER, headers });
    const ok = await phone.response(200);
    const dialog = await made.promise;
    const acknowledged = promised<unknown>();
    dialog.once('ack', acknowledged.resolve);
    phone.follow('ACK', invite, ok, this.port);
    await acknowledged.promise;
    return { phone, invite, ok, dialog };
  }

  /** A call of an application, answered by a phone and acknowledged. */
  async called(options: object = {}): Promise<Called> {
    const srf = await this.app();
    const phone = await this.phone();
    const dialing = srf.createUAC(phone.uri, { localSdp: OFFER, ...options });
    const invite = await phone.asked('INVITE');
    const ok = phone.answer(invite, 200, { body: ANSWER });
    await phone.asked('ACK');
    return { phone, invite, ok, dialog: await dialing };
  }
}
