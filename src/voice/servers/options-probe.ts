// Asks SIP servers from the network side, as a caller would: OPTIONS over UDP, to which an application answers.
import { createSocket, type Socket } from 'node:dgram';
import type { Clock } from '../../lib/clock.js';
import type { Ids } from '../../lib/ids.js';
import { withTimeOut } from '../../lib/time-out.js';

/** Header by which our application knows that it is asked by itself. */
export const CHECK_HEADER = 'X-Hilo-Check';
const ANSWER_LIMIT_MS = 2_000;
/** UDP loses packets: asked again (RFC 3261 §17.1.2.2). */
const REPEAT_MS = 500;
/** Questions waiting for their answers. */
export const PENDING_MAX = 100;

const CLOSED = 'nobody is asked any more';

interface Pending {
  readonly answered: (status: number) => void;
  readonly ended: (error: Error) => void;
}

export class OptionsProbe {
  readonly #clock: Clock;
  readonly #ids: Ids;
  /** Proves to our own application, and to no one else, that the question is ours. */
  readonly key: string;
  readonly #pending = new Map<string, Pending>();
  #socket: Promise<Socket> | undefined;

  constructor(clock: Clock, ids: Ids) {
    this.#clock = clock;
    this.#ids = ids;
    this.key = ids.token(12);
  }

  /**
   * Rejects when no answer comes in time, or one that the server gives by itself for want of an application; and when this
   * is closed meanwhile.
   * @param listener where it listens, `127.0.0.1:5060`
   */
  async ask(listener: string): Promise<void> {
    if (this.#pending.size >= PENDING_MAX) throw new Error('too many questions at once');
    const socket = await this.#opened();
    const [host = '', port = ''] = listener.split(':');
    const branch = `z9hG4bK${this.#ids.token(12)}`;
    const { address, port: ownPort } = socket.address();
    const message = optionsMessage({ listener, branch, own: `${address}:${ownPort}`, key: this.key });
    const send = (): void => socket.send(message, Number(port), host, () => undefined);
    const repeat = this.#clock.after(REPEAT_MS, send);
    const answer = new Promise<number>((answered, ended) => {
      this.#pending.set(branch, { answered, ended });
    });
    send();
    try {
      const status = await withTimeOut(this.#clock, 'OPTIONS', ANSWER_LIMIT_MS, answer);
      if (status === 408 || status >= 500) throw new Error(`OPTIONS answered with ${status}`);
    } finally {
      repeat.cancel();
      this.#pending.delete(branch);
    }
  }

  /** Nothing is sent any more: who still asks hears so. */
  close(): void {
    for (const { ended } of this.#pending.values()) ended(new Error(CLOSED));
    // One that could not be opened need not be closed.
    this.#socket?.then(
      (socket) => socket.close(),
      () => undefined,
    );
    this.#socket = undefined;
  }

  /** One for all questions; after a failure the next question tries again. */
  async #opened(): Promise<Socket> {
    this.#socket ??= this.#open();
    const opening = this.#socket;
    try {
      const socket = await opening;
      if (this.#socket !== opening) throw new Error(CLOSED);
      return socket;
    } catch (error) {
      if (this.#socket === opening) this.#socket = undefined;
      throw error;
    }
  }

  #open(): Promise<Socket> {
    const socket = createSocket('udp4');
    socket.on('message', (packet) => this.#answered(packet.toString('latin1')));
    return new Promise((resolve, reject) => {
      socket.once('error', reject);
      socket.bind(0, () => {
        socket.off('error', reject);
        // Nobody listens there any more: that is what the time-out says.
        socket.on('error', () => undefined);
        resolve(socket);
      });
    });
  }

  #answered(text: string): void {
    const status = Number(/^SIP\/2\.0 ([2-6]\d\d) /.exec(text)?.[1]);
    const branch = /^(?:Via|v)\s*:[^\r\n]*;branch=(z9hG4bK\w+)/im.exec(text)?.[1];
    if (branch !== undefined && status > 0) this.#pending.get(branch)?.answered(status);
  }
}

interface Question {
  readonly listener: string;
  readonly branch: string;
  readonly own: string;
  readonly key: string;
}

function optionsMessage({ listener, branch, own, key }: Question): string {
  const lines = [
    `OPTIONS sip:hilo@${listener} SIP/2.0`,
    // `rport`: the socket is bound to no address in particular (RFC 3581).
    `Via: SIP/2.0/UDP ${own};rport;branch=${branch}`,
    `From: <sip:hilo-check@${listener}>;tag=${branch.slice(-8)}`,
    `To: <sip:hilo@${listener}>`,
    `Call-ID: ${branch}`,
    'CSeq: 1 OPTIONS',
    'Max-Forwards: 70',
    `Contact: <sip:hilo-check@${own}>`,
    `${CHECK_HEADER}: ${key}`,
    'Content-Length: 0',
  ];
  return `${lines.join('\r\n')}\r\n\r\n`;
}
