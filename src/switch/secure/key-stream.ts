// AES in counter mode (RFC 3711 §4.1.1) as key stream of one long-lived cipher: a new one per packet would cost more than its work.
import { type Cipher, createCipheriv } from 'node:crypto';

export const SALT_BYTES = 14;
const BLOCK_BYTES = 16;
/** Key stream per packet: more than any datagram of ours. */
const STREAM_BYTES_MAX = 2_048;

const counters = Buffer.alloc(STREAM_BYTES_MAX);

export class KeyStream {
  readonly #cipher: Cipher;
  readonly #salt: Uint8Array;

  constructor(key: Uint8Array, salt: Uint8Array) {
    this.#cipher = createCipheriv('aes-128-ecb', key, null).setAutoPadding(false);
    this.#salt = salt;
  }

  /** Encrypts or decrypts `bytes[start, end)` in place; `index` is the packet's, up to 48 bits. */
  apply(bytes: Buffer, start: number, end: number, ssrc: number, index: number): void {
    const size = end - start;
    if (size <= 0) return;
    if (size > STREAM_BYTES_MAX) throw new RangeError('packet too long');
    const stream = this.#blocks(Math.ceil(size / BLOCK_BYTES), ssrc, index);
    for (let at = 0; at < size; at++) bytes[start + at] = (bytes[start + at] as number) ^ (stream[at] as number);
  }

  /** IV = salt · 2^16 ⊕ SSRC · 2^64 ⊕ index · 2^16; its last two bytes count the blocks. */
  #blocks(count: number, ssrc: number, index: number): Buffer {
    counters.set(this.#salt, 0);
    counters[14] = 0;
    counters[15] = 0;
    xor32(4, ssrc);
    xor32(8, Math.floor(index / 0x1_0000));
    const low = index % 0x1_0000;
    counters[12] = (counters[12] as number) ^ (low >>> 8);
    counters[13] = (counters[13] as number) ^ (low & 0xff);
    for (let block = 1; block < count; block++) {
      const at = block * BLOCK_BYTES;
      counters.copyWithin(at, 0, 14);
      counters[at + 14] = block >>> 8;
      counters[at + 15] = block & 0xff;
    }
    return this.#cipher.update(counters.subarray(0, count * BLOCK_BYTES));
  }
}

function xor32(at: number, value: number): void {
  counters.writeUInt32BE((counters.readUInt32BE(at) ^ value) >>> 0, at);
}
