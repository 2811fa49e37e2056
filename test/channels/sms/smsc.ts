// An SMSC of our own for tests: takes binds and submits over real sockets, delivers what it is told to, shows what came.
import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';
import smpp from 'smpp';
import { alphabetOf, decoded } from '../../../src/channels/sms/data-coding.js';

export interface Submitted {
  readonly to: string;
  readonly toTon: number;
  readonly from: string;
  readonly fromTon: number;
  readonly esmClass: number;
  readonly dataCoding: number;
  readonly registeredDelivery: number;
  /** With its user data header. */
  readonly content: Buffer;
}

/** Status and id for a submit; undefined: no answer at all. */
export type Answer = { readonly status: number; readonly id?: string } | undefined;

export class Smsc {
  readonly submitted: Submitted[] = [];
  readonly binds: { readonly command: string; readonly user: unknown; readonly password: unknown }[] = [];
  /** Commands that came, except submits. */
  readonly commands: string[] = [];
  sessions: smpp.Session[] = [];
  bindStatus = 0;
  /** Says what becomes of a submit; ids count from 1. */
  answer: (submitted: Submitted, count: number) => Answer | Promise<Answer> = (_, count) => ({
    status: 0,
    id: `${count}`,
  });
  /** Commands that are left without an answer. */
  deafTo = new Set<string>();
  readonly #server: Server;
  readonly #watchers = new Set<() => void>();

  private constructor() {
    this.#server = smpp.createServer((session) => this.#serve(session));
  }

  static async start(): Promise<Smsc> {
    const smsc = new Smsc();
    smsc.#server.listen(0, '127.0.0.1');
    await once(smsc.#server, 'listening');
    return smsc;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Status of the answer. */
  deliver(fields: object, command = 'deliver_sm'): Promise<number> {
    const session = this.sessions.at(-1);
    return new Promise((resolve, reject) => {
      if (session === undefined) throw new Error('nobody is bound');
      const onClose = (): void => reject(new Error('closed before the answer'));
      session.socket.setMaxListeners(0);
      session.socket.once('close', onClose);
      const text = { source_addr: '34600111222', source_addr_ton: 1, destination_addr: '5432', data_coding: 0 };
      session.send(new smpp.PDU(command, { ...text, ...fields }), (response) => {
        session.socket.off('close', onClose);
        resolve(response.command_status);
      });
    });
  }

  /** Resolves when `condition` holds; looked at after everything that happens here. */
  async until(condition: () => boolean): Promise<void> {
    if (condition()) return;
    await new Promise<void>((resolve) => {
      const look = (): void => {
        if (!condition()) return;
        this.#watchers.delete(look);
        resolve();
      };
      this.#watchers.add(look);
    });
  }

  kick(): void {
    for (const session of this.sessions) session.destroy();
  }

  /** Nobody can connect any more. */
  async stop(): Promise<void> {
    this.kick();
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    await closed;
  }

  #happened(): void {
    for (const look of [...this.#watchers]) look();
  }

  #serve(session: smpp.Session): void {
    session.on('error', () => session.destroy());
    session.on('close', () => {
      this.sessions = this.sessions.filter((other) => other !== session);
      this.#happened();
    });
    session.on('pdu', (pdu) => {
      void this.#take(session, pdu).then(() => this.#happened());
    });
  }

  async #take(session: smpp.Session, pdu: smpp.PDU): Promise<void> {
    if (pdu.isResponse()) return;
    if (pdu.command !== 'submit_sm') this.commands.push(pdu.command);
    if (this.deafTo.has(pdu.command)) return;
    if (pdu.command === 'submit_sm') return this.#submit(session, pdu);
    if (pdu.command.startsWith('bind_')) {
      this.binds.push({ command: pdu.command, user: pdu['system_id'], password: pdu['password'] });
      session.send(pdu.response({ command_status: this.bindStatus, system_id: 'test' }));
      if (this.bindStatus === 0) this.sessions.push(session);
      return;
    }
    session.send(pdu.response());
  }

  async #submit(session: smpp.Session, pdu: smpp.PDU): Promise<void> {
    const submitted = submittedOf(pdu);
    this.submitted.push(submitted);
    const answer = await this.answer(submitted, this.submitted.length);
    if (answer === undefined) return;
    session.send(pdu.response({ command_status: answer.status, message_id: answer.id ?? '' }));
  }
}

interface RawMessage {
  readonly udh?: readonly Buffer[];
  readonly message: Buffer | string;
}

/** The package takes the text apart by itself; here it is put together again as it was on the wire. */
function submittedOf(pdu: smpp.PDU): Submitted {
  const { udh = [], message } = pdu['short_message'] as RawMessage;
  const dataCoding = Number(pdu['data_coding']);
  const header = Buffer.concat([...udh]);
  const body = Buffer.isBuffer(message) ? message : smpp.encodings[dataCoding === 8 ? 'UCS2' : 'ASCII'].encode(message);
  return {
    to: String(pdu['destination_addr']),
    toTon: Number(pdu['dest_addr_ton']),
    from: String(pdu['source_addr']),
    fromTon: Number(pdu['source_addr_ton']),
    esmClass: Number(pdu['esm_class']),
    dataCoding,
    registeredDelivery: Number(pdu['registered_delivery']),
    content: header.length === 0 ? body : Buffer.concat([Buffer.from([header.length]), header, body]),
  };
}

/** Header of a part as phones send it: 8-bit reference. */
export function part(reference: number, total: number, number: number, body: Buffer): object {
  return { esm_class: 0x40, short_message: Buffer.concat([Buffer.from([5, 0, 3, reference, total, number]), body]) };
}

export function ucs2(text: string): Buffer {
  return Buffer.from(text, 'utf16le').swap16();
}

/** The text that a phone shows when these parts have reached it, in whatever order. */
export function shown(parts: readonly Submitted[]): string {
  const alphabet = alphabetOf(parts[0]?.dataCoding ?? 4) ?? 'latin1';
  const inOrder = [...parts].sort((a, b) => (a.content[5] ?? 0) - (b.content[5] ?? 0));
  const bodies = inOrder.map(({ content, esmClass }) => content.subarray(esmClass === 0x40 ? 6 : 0));
  return bodies.map((body) => decoded(body, alphabet, 0)).join('');
}
