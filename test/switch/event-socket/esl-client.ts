// An event-socket client of few lines: sends text, hands out messages in order. For what modesl would never do.
import { connect, createServer, type Server, type Socket } from 'node:net';

const WAIT_MS = 5_000;

export interface Message {
  /** As on the wire, not decoded. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export class EslClient {
  readonly socket: Socket;
  #bytes = Buffer.alloc(0);
  readonly #messages: Message[] = [];
  #arrived: () => void = () => undefined;
  #ended = false;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => {
      this.#bytes = Buffer.concat([this.#bytes, chunk]);
      this.#parse();
    });
    socket.on('close', () => {
      this.#ended = true;
      this.#arrived();
    });
  }

  static async dial(port: number): Promise<EslClient> {
    const socket = connect({ host: '127.0.0.1', port });
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    return new EslClient(socket);
  }

  /** Dials and authenticates. */
  static async open(port: number, secret: string): Promise<EslClient> {
    const client = await EslClient.dial(port);
    await client.next();
    client.send(`auth ${secret}`);
    await client.next();
    return client;
  }

  /** A command without its empty line. */
  send(command: string): void {
    this.socket.write(`${command}\n\n`);
  }

  async ask(command: string): Promise<string> {
    this.send(command);
    const reply = await this.next();
    return reply.headers['Reply-Text'] ?? reply.body;
  }

  /** The next message; fails when none comes. */
  async next(): Promise<Message> {
    const end = Date.now() + WAIT_MS;
    for (;;) {
      const message = this.#messages.shift();
      if (message) return message;
      if (this.#ended) throw new Error('the switch closed the connection');
      if (Date.now() > end) throw new Error('no message came');
      await this.#arrival();
    }
  }

  /** The next event, parsed. */
  async event(): Promise<Record<string, string>> {
    const message = await this.next();
    if (message.headers['Content-Type'] !== 'text/event-json') throw new Error(`no event: ${JSON.stringify(message)}`);
    return JSON.parse(message.body) as Record<string, string>;
  }

  /** Resolves when the switch has closed the connection. */
  async closed(): Promise<void> {
    const end = Date.now() + WAIT_MS;
    while (!this.#ended) {
      if (Date.now() > end) throw new Error('the connection stays open');
      await this.#arrival();
    }
  }

  close(): void {
    this.socket.destroy();
  }

  #arrival(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, 100);
      this.#arrived = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #parse(): void {
    for (;;) {
      const end = this.#bytes.indexOf('\n\n');
      if (end < 0) return;
      const headers: Record<string, string> = {};
      for (const line of this.#bytes.toString('utf8', 0, end).split('\n')) {
        const colon = line.indexOf(': ');
        headers[line.slice(0, colon)] = line.slice(colon + 2);
      }
      const length = Number(headers['Content-Length'] ?? 0);
      if (this.#bytes.length < end + 2 + length) return;
      this.#messages.push({ headers, body: this.#bytes.toString('utf8', end + 2, end + 2 + length) });
      this.#bytes = this.#bytes.subarray(end + 2 + length);
      this.#arrived();
    }
  }
}

/** Waits for the sockets that the switch dials for its channels. */
export class EslListener {
  readonly #server: Server;
  readonly #clients: EslClient[] = [];
  #arrived: () => void = () => undefined;

  private constructor(server: Server) {
    this.#server = server;
    server.on('connection', (socket) => {
      this.#clients.push(new EslClient(socket));
      this.#arrived();
    });
  }

  static async open(): Promise<EslListener> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new EslListener(server);
  }

  get target(): string {
    const address = this.#server.address();
    return `127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  }

  /** Sockets that came and nobody took. */
  get waiting(): number {
    return this.#clients.length;
  }

  async accept(): Promise<EslClient> {
    const end = Date.now() + WAIT_MS;
    for (;;) {
      const client = this.#clients.shift();
      if (client) return client;
      if (Date.now() > end) throw new Error('the switch did not dial');
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 100);
        this.#arrived = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  close(): void {
    this.#server.close();
  }
}
