// OPTIONS as fast as they are answered: a fixed number of them is always under way.
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { systemClock } from '../../lib/clock.js';

export interface OptionsLoad {
  /** Answered 200. */
  readonly answered: number;
  /** Answered otherwise. */
  readonly refused: number;
  /** Not answered within a second. */
  readonly lost: number;
  readonly seconds: number;
}

const SOCKETS = 4;
const LOST_AFTER_MS = 1_000;
const RECEIVE_BYTES = 4 * 1024 * 1024;
const SERIAL_DIGITS = 10;

/** @param underWay requests without answer at any time, over all sockets */
export async function loadWithOptions(port: number, seconds: number, underWay: number): Promise<OptionsLoad> {
  const run = Math.floor(systemClock.nowMs() % 1e6);
  const senders = await Promise.all(
    Array.from({ length: SOCKETS }, (_, at) => Sender.open(port, `${run}x${at}x`, Math.ceil(underWay / SOCKETS))),
  );
  const startMs = systemClock.monotonicMs();
  for (const sender of senders) sender.start();
  await new Promise<void>((resolve) => systemClock.after(seconds * 1000, resolve));
  const tookS = (systemClock.monotonicMs() - startMs) / 1000;
  for (const sender of senders) sender.close();
  const sum = (of: (sender: Sender) => number): number => senders.reduce((total, sender) => total + of(sender), 0);
  return {
    answered: sum((one) => one.answered),
    refused: sum((one) => one.refused),
    lost: sum((one) => one.lost),
    seconds: tookS,
  };
}

class Sender {
  answered = 0;
  refused = 0;
  lost = 0;
  #serial = 0;
  #answeredAtCheck = 0;
  #state: 'running' | 'closed' = 'running';
  readonly #template: Buffer;
  readonly #serialAt: readonly number[];

  private constructor(
    readonly socket: Socket,
    readonly port: number,
    prefix: string,
    readonly underWay: number,
  ) {
    const own = socket.address().port;
    const serial = `${prefix}${'0'.repeat(SERIAL_DIGITS)}`;
    this.#template = Buffer.from(
      `OPTIONS sip:service@127.0.0.1:${port} SIP/2.0\r\n` +
        `Via: SIP/2.0/UDP 127.0.0.1:${own};rport;branch=z9hG4bK${serial}\r\n` +
        `Max-Forwards: 70\r\nFrom: <sip:load@127.0.0.1>;tag=${prefix}\r\nTo: <sip:service@127.0.0.1>\r\n` +
        `Call-ID: ${serial}\r\nCSeq: 1 OPTIONS\r\nContact: <sip:load@127.0.0.1:${own}>\r\nContent-Length: 0\r\n\r\n`,
    );
    const first = this.#template.indexOf(serial) + prefix.length;
    this.#serialAt = [first, this.#template.indexOf(serial, first) + prefix.length];
    socket.on('message', (bytes) => this.#onMessage(bytes));
  }

  static async open(port: number, prefix: string, underWay: number): Promise<Sender> {
    const socket = createSocket({ type: 'udp4', recvBufferSize: RECEIVE_BYTES });
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return new Sender(socket, port, prefix, underWay);
  }

  start(): void {
    for (let n = 0; n < this.underWay; n++) this.#send();
    this.#check();
  }

  close(): void {
    this.#state = 'closed';
    this.socket.close();
  }

  #onMessage(bytes: Buffer): void {
    // `SIP/2.0 200`
    const status = bytes[8];
    if (status === 0x32) this.answered++;
    else this.refused++;
    this.#send();
  }

  #send(): void {
    if (this.#state === 'closed') return;
    const bytes = Buffer.from(this.#template);
    const serial = String(this.#serial++).padStart(SERIAL_DIGITS, '0');
    for (const at of this.#serialAt) bytes.write(serial, at, 'latin1');
    this.socket.send(bytes, this.port, '127.0.0.1');
  }

  /** A second without any answer: what was under way is lost, and begun again. */
  #check(): void {
    systemClock.after(LOST_AFTER_MS, () => {
      if (this.#state === 'closed') return;
      if (this.answered + this.refused === this.#answeredAtCheck) {
        this.lost += this.underWay;
        for (let n = 0; n < this.underWay; n++) this.#send();
      }
      this.#answeredAtCheck = this.answered + this.refused;
      this.#check();
    });
  }
}
