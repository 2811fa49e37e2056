// An application down to the bytes: writes what a test says, and reads frames as the server wrote them.
import { randomUUID } from 'node:crypto';
import { connect, type Socket } from 'node:net';

const WAIT_MS = 10_000;

export interface Frame {
  readonly tokens: readonly string[];
  /** The SIP message under the leader, or ''. */
  readonly message: string;
}

export class RawApp {
  readonly #socket: Socket;
  readonly #frames: Frame[] = [];
  #stream = Buffer.alloc(0);
  #state: 'open' | 'closed' = 'open';
  #onChange: () => void = () => undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (piece) => this.#read(piece));
    socket.on('error', () => undefined); // told by 'close'
    socket.on('close', () => {
      this.#state = 'closed';
      this.#onChange();
    });
  }

  static async open(port: number, secret?: string, host = '127.0.0.1'): Promise<RawApp> {
    const socket = connect(port, host);
    await new Promise<void>((resolve) => socket.once('connect', resolve));
    const app = new RawApp(socket);
    if (secret !== undefined) await app.ask(`authenticate|${secret}|`);
    return app;
  }

  write(bytes: string | Buffer): void {
    this.#socket.write(bytes);
  }

  /** Sends one frame and returns the id it bears. */
  send(text: string): string {
    const id = randomUUID();
    const payload = `${id}|${text}`;
    this.write(`${Buffer.byteLength(payload)}#${payload}`);
    return id;
  }

  /** Sends one frame and waits for the reply to it: the tokens from the outcome on. */
  async ask(text: string): Promise<readonly string[]> {
    const id = this.send(text);
    const reply = await this.next((frame) => frame.tokens[1] === 'response' && frame.tokens[2] === id);
    return reply.tokens.slice(3);
  }

  async next(fits: (frame: Frame) => boolean = () => true): Promise<Frame> {
    let found: Frame | undefined;
    await this.#until('frame', () => {
      const at = this.#frames.findIndex(fits);
      if (at >= 0) [found] = this.#frames.splice(at, 1);
      return found !== undefined;
    });
    if (found === undefined) throw new Error('unreachable');
    return found;
  }

  /** A SIP message that came without being asked for, by the first word of its start line or its status. */
  told(what: string): Promise<Frame> {
    return this.next(({ tokens, message }) => tokens[1] === 'sip' && message.split(' ').slice(0, 2).includes(what));
  }

  closed(): Promise<void> {
    return this.#until('close', () => this.#state === 'closed');
  }

  /** Reads no more. */
  pause(): void {
    this.#socket.pause();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  takeAll(): readonly Frame[] {
    return this.#frames.splice(0);
  }

  get unread(): number {
    return this.#frames.length;
  }

  #read(piece: Buffer): void {
    this.#stream = Buffer.concat([this.#stream, piece]);
    for (let hash = this.#stream.indexOf('#'); hash > 0; hash = this.#stream.indexOf('#')) {
      const length = Number(this.#stream.toString('latin1', 0, hash));
      if (this.#stream.length < hash + 1 + length) break;
      const payload = this.#stream.toString('utf8', hash + 1, hash + 1 + length);
      const end = payload.indexOf('\r\n');
      const leader = end < 0 ? payload : payload.slice(0, end);
      this.#frames.push({ tokens: leader.split('|'), message: end < 0 ? '' : payload.slice(end + 2) });
      this.#stream = this.#stream.subarray(hash + 1 + length);
    }
    this.#onChange();
  }

  async #until(what: string, fact: () => boolean): Promise<void> {
    const end = Date.now() + WAIT_MS;
    while (!fact()) {
      if (Date.now() > end) {
        const waiting = this.#frames.map(({ tokens }) => tokens.slice(1, 5).join('|'));
        throw new Error(`no ${what} came; instead: ${waiting.join('  ') || 'nothing'}`);
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 100);
        this.#onChange = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }
}
