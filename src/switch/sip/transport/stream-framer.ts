// Cuts a byte stream into SIP messages by Content-Length (RFC 3261 §18.3), and finds keep-alive pings between them.
import { parseDecimal } from '../message/grammar.js';
import { MAX_MESSAGE_BYTES, type Problem } from '../message/parse.js';

export type Frame =
  | { readonly kind: 'message'; readonly bytes: Buffer }
  /** A double CRLF between messages, to be answered with a CRLF (RFC 5626 §4.4.1). */
  | { readonly kind: 'ping' }
  /** Nobody can say where the next message begins: the last frame of its stream. */
  | { readonly kind: 'broken'; readonly bytes: Buffer; readonly problem: Problem };

const INITIAL_BYTES = 4 * 1024;
const END_OF_HEAD = '\r\n\r\n';
const CR = 0x0d;
const LF = 0x0a;

type State =
  /** Between messages; empty lines seen since the last message or ping. */
  | { readonly name: 'between'; readonly emptyLines: number }
  /** Looking for the end of the head; the first `searched` bytes do not hold it. */
  | { readonly name: 'head'; readonly searched: number }
  | { readonly name: 'body'; readonly messageBytes: number }
  | { readonly name: 'broken' };

export class StreamFramer {
  #store: Buffer = Buffer.allocUnsafe(INITIAL_BYTES);
  #start = 0;
  #end = 0;
  #state: State = { name: 'between', emptyLines: 0 };

  /** True while a message has begun and not ended. */
  get unfinished(): boolean {
    return this.#state.name === 'head' || this.#state.name === 'body';
  }

  push(chunk: Buffer): Frame[] {
    if (this.#state.name === 'broken') return [];
    this.#append(chunk);
    const frames: Frame[] = [];
    for (let frame = this.#next(); frame !== undefined; frame = this.#next()) frames.push(frame);
    return frames;
  }

  get #waiting(): Buffer {
    return this.#store.subarray(this.#start, this.#end);
  }

  /** The store doubles, so that a message sent byte by byte is copied a few times only; it shrinks when empty. */
  #append(chunk: Buffer): void {
    const waiting = this.#waiting;
    const needed = waiting.length + chunk.length;
    if (this.#end + chunk.length > this.#store.length) {
      let capacity = INITIAL_BYTES;
      while (capacity < needed) capacity *= 2;
      const store = capacity === this.#store.length ? this.#store : Buffer.allocUnsafe(capacity);
      waiting.copy(store);
      this.#store = store;
      this.#start = 0;
      this.#end = waiting.length;
    }
    chunk.copy(this.#store, this.#end);
    this.#end += chunk.length;
  }

  #next(): Frame | undefined {
    if (this.#state.name === 'between') {
      const ping = this.#skipEmptyLines(this.#state.emptyLines);
      if (ping !== undefined) return ping;
    }
    if (this.#state.name === 'head') {
      const broken = this.#findBody(this.#state.searched);
      if (broken !== undefined) return broken;
    }
    return this.#state.name === 'body' ? this.#takeMessage(this.#state.messageBytes) : undefined;
  }

  #skipEmptyLines(before: number): Frame | undefined {
    let emptyLines = before;
    while (this.#store[this.#start] === CR && this.#end - this.#start >= 2 && this.#store[this.#start + 1] === LF) {
      this.#start += 2;
      emptyLines++;
      if (emptyLines === 2) {
        this.#state = { name: 'between', emptyLines: 0 };
        return { kind: 'ping' };
      }
    }
    const waiting = this.#end - this.#start;
    const begun = waiting > 1 || (waiting === 1 && this.#store[this.#start] !== CR);
    this.#state = begun ? { name: 'head', searched: 0 } : { name: 'between', emptyLines };
    return undefined;
  }

  #findBody(searched: number): Frame | undefined {
    const waiting = this.#waiting;
    const headBytes = waiting.indexOf(END_OF_HEAD, Math.max(0, searched - END_OF_HEAD.length + 1));
    if (headBytes < 0) {
      this.#state = { name: 'head', searched: waiting.length };
      return waiting.length > MAX_MESSAGE_BYTES ? this.#broken(TOO_LARGE) : undefined;
    }
    const length = contentLength(waiting.toString('latin1', 0, headBytes));
    if (typeof length !== 'number') return this.#broken(length);
    const messageBytes = headBytes + END_OF_HEAD.length + length;
    if (messageBytes > MAX_MESSAGE_BYTES) return this.#broken(TOO_LARGE);
    this.#state = { name: 'body', messageBytes };
    return undefined;
  }

  #takeMessage(messageBytes: number): Frame | undefined {
    if (this.#end - this.#start < messageBytes) return undefined;
    const bytes = Buffer.from(this.#store.subarray(this.#start, this.#start + messageBytes));
    this.#start += messageBytes;
    if (this.#start === this.#end) this.#release();
    this.#state = { name: 'between', emptyLines: 0 };
    return { kind: 'message', bytes };
  }

  #broken(problem: Problem): Frame {
    const bytes = Buffer.from(this.#waiting.subarray(0, MAX_MESSAGE_BYTES));
    this.#state = { name: 'broken' };
    this.#release();
    return { kind: 'broken', bytes, problem };
  }

  #release(): void {
    this.#start = 0;
    this.#end = 0;
    if (this.#store.length > INITIAL_BYTES) this.#store = Buffer.allocUnsafe(INITIAL_BYTES);
  }
}

const TOO_LARGE: Problem = { status: 513, reason: 'Message Too Large' };

/** A stream needs the header (RFC 3261 §20.14), once or always the same. */
function contentLength(head: string): number | Problem {
  let length: number | undefined;
  for (const [, text = ''] of head.matchAll(/^(?:content-length|l)[ \t]*:(?:[ \t]|\r\n[ \t])*([^\r\n]*)/gim)) {
    const digits = text.trim();
    const value = parseDecimal(digits, MAX_MESSAGE_BYTES);
    if (value === undefined) {
      return /^[0-9]+$/.test(digits) ? TOO_LARGE : { status: 400, reason: 'Bad Content-Length' };
    }
    if (length !== undefined && value !== length) return { status: 400, reason: 'Repeated Content-Length' };
    length = value;
  }
  return length ?? { status: 400, reason: 'Missing Content-Length' };
}
