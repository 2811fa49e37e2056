// Text messages over SMPP 3.4: cut into short messages, submitted once, receipts of all of them made one.
import { HiloError } from '../../app/errors.js';
import type { IncomingMessage, MessageReceipt, Messenger, OutgoingMessage } from '../../app/message/messenger.js';
import type { Clock } from '../../lib/clock.js';
import type { Ids } from '../../lib/ids.js';
import type { Log } from '../../lib/log.js';
import { Handlers } from '../handlers.js';
import { destinationOf, sourceOf } from './address.js';
import type { SmscAddress } from './connection.js';
import { type Handover, Handovers } from './handovers.js';
import { Incoming } from './incoming.js';
import { SmppLink } from './link.js';
import { deliveryOf, type SmppAddress } from './pdu.js';
import type { SegmentReceipt } from './receipt.js';
import { MAX_SEGMENTS, segmentsOf } from './segments.js';

export interface SmsPorts {
  /** `smpp://user:password@host:port`, or `ssmpp://` for TLS; user and password percent-encoded. */
  readonly url: string;
  /** Who it comes from: a number, a short code, or a name. */
  readonly source: string;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
}

/** Connects in the background and for ever. Throws when `url` or `source` make no sense. */
export function openSms(ports: SmsPorts): SmsMessenger {
  return new SmsMessenger(ports, smscAddress(ports.url), sourceOf(ports.source));
}

export class SmsMessenger implements Messenger {
  readonly channel = 'sms';
  readonly #clock: Clock;
  readonly #ids: Ids;
  readonly #source: SmppAddress;
  readonly #handlers = new Handlers();
  readonly #handovers = new Handovers();
  readonly #incoming: Incoming;
  readonly #link: SmppLink;
  #reference: number;

  constructor({ clock, ids, log }: SmsPorts, address: SmscAddress, source: SmppAddress) {
    this.#clock = clock;
    this.#ids = ids;
    this.#source = source;
    // Phones remember references for days: a new run does not begin where the last one did.
    this.#reference = Number.parseInt(ids.token(1), 16);
    this.#incoming = new Incoming({
      ...{ clock, ids, log },
      message: (message) => this.#handlers.message(message),
      receipt: (receipt) => this.#receipt(receipt),
    });
    this.#link = new SmppLink(address, { clock, log, deliver: (pdu) => this.#incoming.take(deliveryOf(pdu)) });
  }

  async send({ message, to, text }: OutgoingMessage): Promise<{ readonly providerId: string }> {
    const destination = destinationOf(to);
    if (destination === undefined) throw new HiloError('message-refused', 'the recipient has no phone number');
    if (text === '') throw new HiloError('message-refused', 'the message is empty');
    const handover = this.#handovers.of(message, () => segmentsOf(text, this.#nextReference()));
    if (handover === undefined) {
      throw new HiloError('message-refused', `the message needs more than ${MAX_SEGMENTS} short messages`);
    }
    return { providerId: await this.#handovers.run(handover, () => this.#submit(handover, destination)) };
  }

  onMessage(handler: (message: IncomingMessage) => Promise<void>): void {
    this.#handlers.onMessage(handler);
  }

  onReceipt(handler: (receipt: MessageReceipt) => Promise<void>): void {
    this.#handlers.onReceipt(handler);
  }

  snapshot(): object {
    return { ...this.#link.snapshot(), ...this.#incoming.snapshot(), handovers: this.#handovers.size };
  }

  async close(): Promise<void> {
    await this.#link.close();
    await this.#incoming.close();
  }

  /** What the SMSC has already is not sent again. The first segment goes alone: where it is refused, the rest stays here. */
  async #submit(handover: Handover, destination: SmppAddress): Promise<string> {
    const [, ...rest] = handover.segments.contents.keys();
    const first = await this.#segment(handover, destination, 0);
    const outcomes = await Promise.allSettled(rest.map((index) => this.#segment(handover, destination, index)));
    const failures = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
    const final = failures.find((failure) => failure instanceof HiloError && failure.code === 'message-refused');
    if (failures.length > 0) throw final ?? failures[0];
    return first;
  }

  async #segment(handover: Handover, destination: SmppAddress, index: number): Promise<string> {
    const known = handover.ids[index];
    if (known !== undefined) return known;
    const { dataCoding, contents } = handover.segments;
    const content = contents[index] ?? Buffer.alloc(0);
    const hasHeader = contents.length > 1;
    const given = await this.#link.submit({ source: this.#source, destination, dataCoding, content, hasHeader });
    // An SMSC that gives no id sends no receipt that could be understood either.
    const id = given === '' ? `unnamed-${this.#ids.uuid()}` : given;
    this.#handovers.taken(handover, index, id);
    return id;
  }

  async #receipt(receipt: SegmentReceipt): Promise<void> {
    const whole = await this.#handovers.receipt(receipt);
    if (whole !== undefined) await this.#handlers.receipt({ channel: 'sms', ...whole, atMs: this.#clock.nowMs() });
  }

  #nextReference(): number {
    this.#reference = (this.#reference + 1) & 0xff;
    return this.#reference;
  }
}

function smscAddress(text: string): SmscAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['smpp:', 'ssmpp:'].includes(url.protocol) || url.hostname === '') {
    throw new Error('SMPP_URL: smpp://user:password@host:port is wanted');
  }
  const tls = url.protocol === 'ssmpp:';
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? (tls ? 3550 : 2775) : Number(url.port),
    tls,
    systemId: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
  };
}
