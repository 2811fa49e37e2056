// What somebody writes, cut into RTP payloads: at most every 300 ms, each character sent three times (RFC 4103 §4, §5).
import { BLOCK_BYTES_MAX, type Block, OFFSET_MAX, writeRedundant } from './redundancy.js';

/** RFC 4103 §5.1: buffering time, and generations of redundancy. */
export const INTERVAL_MS = 300;
export const GENERATIONS = 2;
/** Characters per second when the remote party says nothing, averaged over ten seconds (RFC 4103 §6). */
export const CPS_DEFAULT = 30;
const CPS_WINDOW_MS = 10_000;
/** Characters that wait to be sent; more are refused. */
export const QUEUE_MAX = 4_000;

export interface TextFormat {
  readonly t140: number;
  /** Absent: every character is sent once. */
  readonly red?: number;
  readonly cps: number;
}

export interface TextPayload {
  readonly payloadType: number;
  readonly payload: Buffer;
  /** First after a pause (RFC 4103 §3). */
  readonly marker: boolean;
}

interface Sent {
  readonly atMs: number;
  readonly data: Buffer;
}

const NOTHING = Buffer.alloc(0);

export class TextSender {
  readonly #format: TextFormat;
  readonly #queue: string[] = [];
  /** The last primaries, oldest first; empty while nothing has been sent for {@link GENERATIONS} intervals. */
  #generations: Sent[] = [];
  /** Characters sent in the last ten seconds. */
  #spent: { readonly atMs: number; readonly characters: number }[] = [];

  constructor(format: TextFormat) {
    this.#format = format;
  }

  /** Something is left to send, for the first time or again. */
  get busy(): boolean {
    return this.#queue.length > 0 || this.#generations.some(({ data }) => data.length > 0);
  }

  /** False, and nothing is sent, when too much waits already. */
  write(text: string): boolean {
    const characters = Array.from(text);
    if (this.#queue.length + characters.length > QUEUE_MAX) return false;
    this.#queue.push(...characters);
    return true;
  }

  /** What was written and never sent; it is not sent from here any more. */
  takeRest(): string {
    return this.#queue.splice(0).join('');
  }

  /** To be called every {@link INTERVAL_MS} while {@link busy}: the payload that is due. */
  next(nowMs: number): TextPayload {
    const { t140, red } = this.#format;
    const primary = this.#take(nowMs);
    const marker = this.#generations.length === 0;
    const payload = red === undefined ? primary : writeRedundant(t140, this.#redundant(nowMs), primary);
    const generations = [...this.#generations, { atMs: nowMs, data: primary }].slice(-GENERATIONS);
    const isOver = red === undefined || generations.every(({ data }) => data.length === 0);
    this.#generations = isOver ? [] : generations;
    return { payloadType: red ?? t140, payload, marker };
  }

  /** Always {@link GENERATIONS} blocks, so that the receiver can tell which packet each one repeats. */
  #redundant(nowMs: number): Block[] {
    const known = this.#generations.map(({ atMs, data }): Block => {
      const offset = nowMs - atMs;
      return offset > OFFSET_MAX ? { offset: 0, data: NOTHING } : { offset, data };
    });
    const missing = Array.from({ length: GENERATIONS - known.length }, (): Block => ({ offset: 0, data: NOTHING }));
    return [...missing, ...known];
  }

  #take(nowMs: number): Buffer {
    this.#spent = this.#spent.filter(({ atMs }) => nowMs - atMs < CPS_WINDOW_MS);
    const spent = this.#spent.reduce((sum, { characters }) => sum + characters, 0);
    const allowed = Math.max(0, this.#format.cps * (CPS_WINDOW_MS / 1_000) - spent);
    let bytes = 0;
    let count = 0;
    for (const character of this.#queue) {
      bytes += Buffer.byteLength(character);
      if (count === allowed || bytes > BLOCK_BYTES_MAX) break;
      count++;
    }
    if (count > 0) this.#spent.push({ atMs: nowMs, characters: count });
    return Buffer.from(this.#queue.splice(0, count).join(''));
  }
}
