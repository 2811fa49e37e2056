// What the SMSC delivers to us: texts of customers and receipts; answered only when it is stored.
import { createHash } from 'node:crypto';
import type { IncomingMessage } from '../../app/message/messenger.js';
import type { Clock } from '../../lib/clock.js';
import type { Ids } from '../../lib/ids.js';
import type { Log } from '../../lib/log.js';
import { withTimeOut } from '../../lib/time-out.js';
import { redacted } from '../redacted.js';
import { senderOf } from './address.js';
import type { Delivered } from './connection.js';
import { alphabetOf, decoded } from './data-coding.js';
import { type Delivery, ESM_UDH, STATUS } from './pdu.js';
import { MAX_PART_OCTETS, MAX_PARTS, type PartialText, Reassembly, type TextPart } from './reassembly.js';
import { isReceipt, parseReceipt, type SegmentReceipt } from './receipt.js';
import { type Part, parseUserData, partOf } from './user-data-header.js';

/** SMSCs wait 30 s or so for an answer. */
export const STORE_LIMIT_MS = 20_000;
export const MAX_UNACKNOWLEDGED = 1_000;
const GAP = ' … ';

export interface IncomingPorts {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  message(message: IncomingMessage): Promise<void>;
  receipt(receipt: SegmentReceipt): Promise<void>;
}

export class Incoming {
  readonly #ports: IncomingPorts;
  readonly #reassembly: Reassembly;
  /** Provider ids of texts without our answer, by what they say: SMPP gives them none, and the SMSC sends them again. */
  readonly #unacknowledged = new Map<string, string>();

  constructor(ports: IncomingPorts) {
    this.#ports = ports;
    const { clock, log } = ports;
    this.#reassembly = new Reassembly({
      clock,
      log,
      newId: () => ports.ids.uuid(),
      store: (text) => this.#stored(text),
    });
  }

  /** Never rejects: trouble is a status for the SMSC. */
  async take(delivery: Delivery): Promise<Delivered> {
    try {
      if (isReceipt(delivery)) return await this.#receipt(delivery);
      return await this.#text(delivery);
    } catch (error) {
      this.#ports.log.warn({ err: error, from: redacted(delivery.from) }, 'not stored, the SMSC has to send it again');
      return answer(STATUS.temporary);
    }
  }

  snapshot(): object {
    return { partial: this.#reassembly.size, unacknowledged: this.#unacknowledged.size };
  }

  close(): Promise<void> {
    return this.#reassembly.close();
  }

  async #receipt(delivery: Delivery): Promise<Delivered> {
    const receipt = parseReceipt(delivery);
    if (receipt === undefined)
      this.#ports.log.info({ octets: delivery.content.length }, 'receipt without a message id');
    else await this.#inTime('storing a receipt', this.#ports.receipt(receipt));
    return answer(STATUS.ok);
  }

  async #text(delivery: Delivery): Promise<Delivered> {
    const from = senderOf(delivery.from, delivery.fromTon);
    const alphabet = alphabetOf(delivery.dataCoding);
    const data = userDataOf(delivery);
    if (alphabet === undefined || data === undefined || from === '') {
      const { dataCoding, esmClass } = delivery;
      this.#ports.log.info({ from: redacted(from), dataCoding, esmClass }, 'short message that is no text, refused');
      return answer(STATUS.rejected);
    }
    const { part, language, body } = data;
    const single: TextPart = {
      ...{ from, to: delivery.to, alphabet, language, body },
      reference: 0,
      total: 1,
      number: 1,
    };
    if (part === undefined || part.total > MAX_PARTS || body.length > MAX_PART_OCTETS) return this.#single(single);
    await this.#reassembly.add({ ...single, ...part });
    return answer(STATUS.ok);
  }

  async #single(part: TextPart): Promise<Delivered> {
    const seen = createHash('sha256')
      .update([part.from, part.to, part.alphabet].join(' '))
      .update(part.body)
      .digest('hex');
    const providerId = this.#unacknowledged.get(seen) ?? this.#ports.ids.uuid();
    this.#unacknowledged.set(seen, providerId);
    const [oldest] = this.#unacknowledged.keys();
    if (this.#unacknowledged.size > MAX_UNACKNOWLEDGED && oldest !== undefined) this.#unacknowledged.delete(oldest);
    await this.#stored({ providerId, parts: [part] });
    return { status: STATUS.ok, acknowledged: () => void this.#unacknowledged.delete(seen) };
  }

  #stored({ providerId, parts }: PartialText): Promise<void> {
    const first = parts.find((part) => part !== undefined);
    if (first === undefined) return Promise.resolve();
    const atMs = this.#ports.clock.nowMs();
    const message = { channel: 'sms', providerId, from: first.from, text: textOf(parts, first), atMs } as const;
    return this.#inTime('storing a text', this.#ports.message(message));
  }

  #inTime(what: string, work: Promise<void>): Promise<void> {
    return withTimeOut(this.#ports.clock, what, STORE_LIMIT_MS, work);
  }
}

function answer(status: number): Delivered {
  return { status, acknowledged: () => undefined };
}

/** Numbered by a header before the text, or by TLVs (SMPP 3.4 §5.3.2.22-24). */
function userDataOf({ esmClass, content, sar }: Delivery): ReturnType<typeof parseUserData> {
  const plain = { language: 0, body: content };
  const data = (esmClass & ESM_UDH) === 0 ? plain : parseUserData(content);
  const numbered: Part | undefined = sar === undefined ? undefined : partOf(sar.reference, [sar.total, sar.number]);
  return data === undefined || numbered === undefined ? data : { part: numbered, ...data };
}

/** Neighbours are joined as octets first: a character may have its halves in two parts. */
function textOf(parts: readonly (TextPart | undefined)[], { alphabet, language }: TextPart): string {
  const runs: Buffer[][] = [[]];
  for (const part of parts) {
    const run = runs.at(-1) ?? [];
    if (part !== undefined) run.push(part.body);
    else if (run.length > 0 || runs.length === 1) runs.push([]);
  }
  return runs.map((run) => decoded(Buffer.concat(run), alphabet, language)).join(GAP);
}
