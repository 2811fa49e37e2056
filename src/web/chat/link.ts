// The WebSocket of the page: goes on after the last line it has, also when it was cut off.
import type { WireChatLine, WireChatNews } from '../../contract/chat/chat.js';
import { CHAT_BEAT_MS, CHAT_CLOSE, CHAT_LIVE_PATH } from '../../contract/chat/link.js';

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

export interface LinkListener {
  lines(lines: readonly WireChatLine[]): void;
  state(state: Extract<WireChatNews, { type: 'state' }>): void;
  connected(isConnected: boolean): void;
  /** Hilo has forgotten this visitor: what is written next begins anew. */
  forgotten(): void;
}

export class Link {
  #socket: WebSocket | undefined;
  #after = 0;
  #pauseMs = FIRST_PAUSE_MS;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #silence: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly token: string,
    private readonly listener: LinkListener,
  ) {
    addEventListener('online', () => {
      if (this.#timer !== undefined) this.open();
    });
  }

  /** Does nothing when it is open. */
  open(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#socket !== undefined) return;
    const socket = new WebSocket(CHAT_LIVE_PATH.replace(/^/, location.origin.replace(/^http/, 'ws')));
    this.#socket = socket;
    socket.onopen = () => socket.send(JSON.stringify({ token: this.token, after: this.#after }));
    socket.onmessage = ({ data }) => this.#heard(JSON.parse(data));
    socket.onclose = ({ code }) => this.#closed(code);
    this.#listen();
  }

  /** How far this page has come. */
  seen(kind: 'got' | 'read', number: number): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify({ [kind]: number }));
  }

  #heard(news: WireChatNews): void {
    this.#listen();
    this.#pauseMs = FIRST_PAUSE_MS;
    if (news.type === 'beat') return;
    if (news.type === 'state') {
      this.listener.connected(true);
      this.listener.state(news);
      return;
    }
    this.#after = news.lines.at(-1)?.number ?? this.#after;
    this.listener.lines(news.lines);
  }

  /** A connection that says nothing for three beats is none. */
  #listen(): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#closed(CHAT_CLOSE.away), 3 * CHAT_BEAT_MS);
  }

  #closed(code: number): void {
    clearTimeout(this.#silence);
    const socket = this.#socket;
    if (socket === undefined) return;
    this.#socket = undefined;
    socket.onclose = null;
    socket.onmessage = null;
    socket.close();
    if (code === CHAT_CLOSE.unknown) {
      this.#after = 0;
      this.listener.forgotten();
      return;
    }
    this.listener.connected(false);
    // Not all at the same moment.
    this.#timer = setTimeout(() => this.open(), this.#pauseMs * (0.5 + Math.random() / 2));
    this.#pauseMs = Math.min(2 * this.#pauseMs, LONGEST_PAUSE_MS);
  }
}
