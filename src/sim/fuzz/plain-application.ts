// An application of the drachtio protocol that answers every request at once, written without the client library: for
// what the library itself would not survive, and for measuring the switch alone.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Ids } from '../../lib/ids.js';
import { encodeFrame, FrameReader } from '../../switch/control/drachtio/frame.js';

export interface PlainApplicationOptions {
  readonly host: string;
  readonly port: number;
  readonly secret: string;
  /** Methods it wants to hear of, lower case. */
  readonly verbs: readonly string[];
  readonly ids: Ids;
}

/** Answers 200; an INVITE without SDP, which is enough for a call that carries no media. */
export class PlainApplication {
  #answered = 0;

  private constructor(
    readonly socket: Socket,
    readonly ids: Ids,
  ) {
    const reader = new FrameReader();
    socket.on('data', (piece: Buffer) => {
      for (const frame of reader.push(piece)) this.#onFrame(frame);
    });
    socket.on('error', () => socket.destroy()); // 'close' tells
  }

  /** Resolves when the switch has taken the secret and every verb. */
  static async open({ host, port, secret, verbs, ids }: PlainApplicationOptions): Promise<PlainApplication> {
    const socket = connect({ host, port });
    await once(socket, 'connect');
    const application = new PlainApplication(socket, ids);
    const replies = verbs.length + 1;
    const ready = new Promise<void>((resolve, reject) => {
      application.#onReply = (outcome, count) => {
        if (outcome !== 'OK') reject(new Error(`the switch answered ${outcome}`));
        else if (count === replies) resolve();
      };
      socket.once('close', () => reject(new Error('the switch closed the connection')));
    });
    application.#send(`authenticate|${secret}|`);
    for (const verb of verbs) application.#send(`route|${verb}`);
    await ready;
    return application;
  }

  get answered(): number {
    return this.#answered;
  }

  close(): void {
    this.socket.destroy();
  }

  #replies = 0;
  #onReply: (outcome: string, count: number) => void = () => undefined;

  #onFrame(frame: Buffer): void {
    const text = frame.toString('utf8');
    const [, kind, third = '', fourth = '', , , , , transactionId = ''] = text
      .slice(0, text.indexOf('\r\n') >>> 0)
      .split('|');
    if (kind === 'response') this.#onReply(fourth, ++this.#replies);
    if (kind !== 'sip' || third !== 'network') return;
    const method = /^([A-Z]+) /m.exec(text)?.[1] ?? '';
    const cseq = /^CSeq: *(\d+)/im.exec(text)?.[1] ?? '1';
    if (method === '' || method === 'ACK' || method === 'CANCEL' || transactionId === 'unsolicited') return;
    this.#answered++;
    this.#send(`sip|${transactionId}|`, `SIP/2.0 200 OK\r\ncseq: ${cseq} ${method}\r\nContent-Length: 0\r\n\r\n`);
  }

  #send(leader: string, message?: string): void {
    const body = message === undefined ? undefined : Buffer.from(message);
    this.socket.write(encodeFrame(`${this.ids.uuid()}|${leader}`, body));
  }
}
