// One WebSocket for all that is live: goes on where it was cut off, and says honestly when it is cut off.

import { BEAT_MS, LIVE_PATH } from '../../contract/live/link.js';
import type { LiveMessage } from '../../contract/live/live.js';
import { applyMessage, EMPTY, type Picture } from './picture.js';

const SILENT_MS = 3 * BEAT_MS;
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 10_000;
/** The server's word for a session that is over. */
const SIGNED_OUT = 4401;

export type Link = 'connecting' | 'open' | 'cut-off' | 'signed-out';

export interface LiveView {
  readonly link: Link;
  readonly picture: Picture;
}

export class LiveConnection {
  #view: LiveView = { link: 'connecting', picture: EMPTY };
  #socket: WebSocket | undefined;
  #tries = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #silence: ReturnType<typeof setTimeout> | undefined;
  #isTelling = false;
  readonly #listeners = new Set<() => void>();

  get view(): LiveView {
    return this.#view;
  }

  /** The first listener opens the connection, the last one closes it. */
  subscribe(listener: () => void): () => void {
    if (this.#listeners.size === 0) {
      addEventListener('online', this.#networkCame);
      addEventListener('offline', this.#networkWent);
      this.#open();
    }
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.#close();
    };
  }

  #open(): void {
    const { epoch, number } = this.#view.picture;
    const url = new URL(LIVE_PATH, location.href);
    url.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
    if (epoch !== undefined) url.search = new URLSearchParams({ epoch, after: String(number) }).toString();
    const socket = new WebSocket(url);
    this.#socket = socket;
    socket.onmessage = ({ data }) => this.#hear(socket, String(data));
    socket.onclose = ({ code }) => this.#closed(socket, code);
    this.#listenForSilence(socket);
  }

  #hear(socket: WebSocket, text: string): void {
    if (socket !== this.#socket) return;
    this.#listenForSilence(socket);
    const applied = applyMessage(this.#view.picture, JSON.parse(text) as LiveMessage);
    if (!applied.ok) {
      this.#view = { ...this.#view, picture: EMPTY };
      socket.close();
      return;
    }
    this.#tries = 0;
    this.#show({ link: 'open', picture: applied.picture });
  }

  /** A connection through a network that has gone looks open until it has been silent for long. */
  readonly #networkWent = (): void => {
    const socket = this.#socket;
    if (socket === undefined) return;
    this.#closed(socket, 0);
    socket.close();
  };

  readonly #networkCame = (): void => {
    this.#networkWent();
    if (this.#view.link === 'signed-out') return;
    clearTimeout(this.#timer);
    this.#tries = 0;
    this.#open();
  };

  /** A half-open connection says nothing of its end. */
  #listenForSilence(socket: WebSocket): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => {
      socket.close();
      this.#closed(socket, 0);
    }, SILENT_MS);
  }

  #closed(socket: WebSocket, code: number): void {
    if (socket !== this.#socket) return;
    this.#socket = undefined;
    clearTimeout(this.#silence);
    if (code === SIGNED_OUT) {
      this.#show({ link: 'signed-out', picture: EMPTY });
      return;
    }
    this.#show({ ...this.#view, link: 'cut-off' });
    // Many browsers are cut off at the same moment and must not come back at the same one.
    const waitMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.#tries) * (0.5 + Math.random());
    this.#tries += 1;
    this.#timer = setTimeout(() => this.#open(), waitMs);
  }

  #close(): void {
    removeEventListener('online', this.#networkCame);
    removeEventListener('offline', this.#networkWent);
    clearTimeout(this.#timer);
    clearTimeout(this.#silence);
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close();
    this.#view = { link: 'connecting', picture: EMPTY };
  }

  /** At most once per picture of the screen: hundreds of changes a second are no more work than sixty. */
  #show(view: LiveView): void {
    this.#view = view;
    if (this.#isTelling) return;
    this.#isTelling = true;
    const tell = (): void => {
      this.#isTelling = false;
      for (const listener of this.#listeners) listener();
    };
    // A page that is not seen gets no pictures.
    if (document.hidden) setTimeout(tell, BEAT_MS / 10);
    else requestAnimationFrame(tell);
  }
}
