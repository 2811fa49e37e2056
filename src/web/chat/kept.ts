// What the browser keeps of a visitor: the secret that the conversation is found by, and what is not sent yet.
import type { NewWireChatMessage, WireChatFile } from '../../contract/chat/chat.js';

const KEY = 'hilo-chat';
const TOKEN = /^[A-Za-z0-9_-]{43}$/;
const TOKEN_BYTES = 32;
/** Of somebody who writes on without a connection. */
const OUTBOX_MAX = 50;

export interface Pending extends NewWireChatMessage {
  readonly fileShown?: WireChatFile;
}

interface State {
  token: string;
  /** Hilo knows this visitor. */
  known: boolean;
  outbox: Pending[];
}

/** In a frame the storage is a part of its own for each site; a browser may keep none at all. */
export class Kept {
  #state: State;
  /** False: it is lost with the page. */
  isKept = true;

  constructor() {
    this.#state = this.#read() ?? { token: newToken(), known: false, outbox: [] };
    this.#write();
  }

  get token(): string {
    return this.#state.token;
  }

  get known(): boolean {
    return this.#state.known;
  }

  get outbox(): readonly Pending[] {
    return this.#state.outbox;
  }

  /** False: there is no more room. */
  add(message: Pending): boolean {
    if (this.#state.outbox.length >= OUTBOX_MAX) return false;
    this.#state.outbox.push(message);
    this.#write();
    return true;
  }

  /** Sent, or never to be sent. */
  drop(id: string): void {
    this.#state.outbox = this.#state.outbox.filter((one) => one.id !== id);
    this.#write();
  }

  isKnown(known: boolean): void {
    this.#state.known = known;
    this.#write();
  }

  #read(): State | undefined {
    try {
      const read: unknown = JSON.parse(localStorage.getItem(KEY) ?? 'null');
      return isState(read) ? read : undefined;
    } catch {
      // No storage, or nothing of ours in it: begun anew.
      return undefined;
    }
  }

  #write(): void {
    try {
      localStorage.setItem(KEY, JSON.stringify(this.#state));
    } catch {
      this.isKept = false;
    }
  }
}

function isState(read: unknown): read is State {
  const { token, known, outbox } = (read ?? {}) as Partial<Record<keyof State, unknown>>;
  return typeof token === 'string' && TOKEN.test(token) && typeof known === 'boolean' && Array.isArray(outbox);
}

function newToken(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(TOKEN_BYTES));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

/** A UUID, also where the page has no TLS. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
