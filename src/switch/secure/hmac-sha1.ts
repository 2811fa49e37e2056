// HMAC-SHA1 (RFC 2104) of short messages under one long-lived key: the two key blocks are hashed once, not per packet.

export const SHA1_BYTES = 20;
const BLOCK_BYTES = 64;
/** What SRTP authenticates is below this; longer messages are refused. */
export const HMAC_MESSAGE_BYTES_MAX = 4_096;

type State = Int32Array;

// One set of working memory for the thread: used and left within one call.
const schedule = new Int32Array(80);
const state: State = new Int32Array(5);
const padded = Buffer.alloc(HMAC_MESSAGE_BYTES_MAX + 2 * BLOCK_BYTES);

export class HmacSha1 {
  readonly #inner: State;
  readonly #outer: State;

  constructor(key: Uint8Array) {
    if (key.length > BLOCK_BYTES) throw new RangeError('HMAC keys here are at most one block');
    this.#inner = keyed(key, 0x36);
    this.#outer = keyed(key, 0x5c);
  }

  /** Writes the first `length` bytes of the code of `message[start, end)` and then `tail` into `into` at `at`. */
  sign(
    message: Buffer,
    start: number,
    end: number,
    tail: number | undefined,
    into: Buffer,
    at: number,
    length: number,
  ): void {
    const size = end - start;
    if (size > HMAC_MESSAGE_BYTES_MAX - 4) throw new RangeError('message too long');
    message.copy(padded, 0, start, end);
    if (tail !== undefined) padded.writeUInt32BE(tail >>> 0, size);
    state.set(this.#inner);
    digest(tail === undefined ? size : size + 4);
    writeState(padded, 0);
    state.set(this.#outer);
    digest(SHA1_BYTES);
    writeState(padded, 0);
    padded.copy(into, at, 0, length);
  }
}

function keyed(key: Uint8Array, pad: number): State {
  padded.fill(pad, 0, BLOCK_BYTES);
  for (let at = 0; at < key.length; at++) padded[at] = pad ^ (key[at] ?? 0);
  reset();
  compress(0);
  return state.slice();
}

function reset(): void {
  state[0] = 0x67452301;
  state[1] = 0xefcdab89;
  state[2] = 0x98badcfe;
  state[3] = 0x10325476;
  state[4] = 0xc3d2e1f0;
}

/** Hashes `padded[0, size)` after one key block that went before. */
function digest(size: number): void {
  const end = Math.ceil((size + 9) / BLOCK_BYTES) * BLOCK_BYTES;
  padded.fill(0, size, end);
  padded[size] = 0x80;
  padded.writeUInt32BE((size + BLOCK_BYTES) * 8, end - 4);
  for (let at = 0; at < end; at += BLOCK_BYTES) compress(at);
}

/** One block of 64 bytes (FIPS 180-4 §6.1.2). */
function compress(start: number): void {
  const w = schedule;
  for (let t = 0; t < 16; t++) {
    const at = start + t * 4;
    w[t] =
      ((padded[at] as number) << 24) |
      ((padded[at + 1] as number) << 16) |
      ((padded[at + 2] as number) << 8) |
      (padded[at + 3] as number);
  }
  for (let t = 16; t < 80; t++) {
    const x = (w[t - 3] as number) ^ (w[t - 8] as number) ^ (w[t - 14] as number) ^ (w[t - 16] as number);
    w[t] = (x << 1) | (x >>> 31);
  }
  let a = state[0] as number;
  let b = state[1] as number;
  let c = state[2] as number;
  let d = state[3] as number;
  let e = state[4] as number;
  for (let t = 0; t < 80; t++) {
    let mixed: number;
    if (t < 20) mixed = ((b & c) | (~b & d)) + 0x5a827999;
    else if (t < 40) mixed = (b ^ c ^ d) + 0x6ed9eba1;
    else if (t < 60) mixed = ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc;
    else mixed = (b ^ c ^ d) + 0xca62c1d6;
    const next = (((a << 5) | (a >>> 27)) + mixed + e + (w[t] as number)) | 0;
    e = d;
    d = c;
    c = (b << 30) | (b >>> 2);
    b = a;
    a = next;
  }
  state[0] = (state[0] as number) + a;
  state[1] = (state[1] as number) + b;
  state[2] = (state[2] as number) + c;
  state[3] = (state[3] as number) + d;
  state[4] = (state[4] as number) + e;
}

function writeState(into: Buffer, at: number): void {
  for (let word = 0; word < 5; word++) into.writeInt32BE(state[word] as number, at + word * 4);
}
