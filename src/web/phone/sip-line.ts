// The line to the SIP server: one WebSocket (RFC 7118), and another one at once when the network has changed.

/** Double CRLF is answered with a single one (RFC 5626 §4.4.1). */
const PING = '\r\n\r\n';
/** Of a connection that was not closed but given up (RFC 6455 §7.4.1). */
const GIVEN_UP = 1006;

export interface LineLimits {
  /** The browser itself waits for minutes. */
  readonly connectMs: number;
  /** Without any sign of life after a ping, nobody is there. */
  readonly answerMs: number;
}

const LIMITS: LineLimits = { connectMs: 4_000, answerMs: 1_000 };

/** A `Socket` as JsSIP wants it; `on…` are set by JsSIP. */
export class SipLine {
  readonly url: string;
  readonly sip_uri: string;
  via_transport: string;
  onconnect: () => void = () => undefined;
  ondisconnect: (error: boolean, code?: number, reason?: string) => void = () => undefined;
  ondata: <T>(data: T) => void = () => undefined;
  #socket: WebSocket | undefined;
  #limit: ReturnType<typeof setTimeout> | undefined;
  /** Who wants to know whether anybody is there. */
  readonly #waiting = new Set<(isThere: boolean) => void>();

  constructor(
    url: string,
    private readonly limits: LineLimits = LIMITS,
    private readonly open: (url: string) => WebSocket = (to) => new WebSocket(to, 'sip'),
  ) {
    const { protocol, host } = new URL(url);
    this.url = url;
    this.sip_uri = `sip:${host};transport=ws`;
    this.via_transport = protocol === 'wss:' ? 'WSS' : 'WS';
  }

  connect(): void {
    if (this.#socket !== undefined) return;
    const socket = this.open(this.url);
    this.#socket = socket;
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => {
      clearTimeout(this.#limit);
      this.onconnect();
    };
    socket.onclose = ({ wasClean, code, reason }) => this.#lost(!wasClean, code, reason);
    socket.onmessage = ({ data }) => {
      this.#tell(true);
      this.ondata(data);
    };
    this.#limit = setTimeout(() => this.#lost(true, GIVEN_UP, 'no connection in time'), this.limits.connectMs);
  }

  disconnect(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    clearTimeout(this.#limit);
    this.#tell(false);
    if (socket === undefined) return;
    socket.onopen = null;
    socket.onclose = null;
    socket.onmessage = null;
    socket.close();
  }

  send(message: string | ArrayBuffer | Blob | ArrayBufferView<ArrayBuffer>): boolean {
    if (!this.isConnected()) return false;
    this.#socket?.send(message);
    return true;
  }

  isConnected(): boolean {
    return this.#socket?.readyState === 1;
  }

  isConnecting(): boolean {
    return this.#socket?.readyState === 0;
  }

  /** A connection of another network may look open for minutes: it is given up, and a new one is made now. */
  renew(): void {
    if (this.isConnected()) this.#lost(true, GIVEN_UP, 'the network has changed');
    else this.disconnect();
    this.connect();
  }

  /** Whether the server is there now. Never rejects. */
  answers(): Promise<boolean> {
    return new Promise((resolve) => {
      const limit = setTimeout(() => told(false), this.limits.answerMs);
      const told = (isThere: boolean): void => {
        clearTimeout(limit);
        this.#waiting.delete(told);
        resolve(isThere);
      };
      this.#waiting.add(told);
      if (!this.send(PING)) told(false);
    });
  }

  #lost(isFault: boolean, code: number, reason: string): void {
    this.disconnect();
    this.ondisconnect(isFault, code, reason);
  }

  #tell(isThere: boolean): void {
    for (const told of this.#waiting) told(isThere);
  }
}
