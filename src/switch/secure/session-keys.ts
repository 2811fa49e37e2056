// From a master key to the keys of a session (RFC 3711 §4.3), and the names of the suites (RFC 4568 §6.2).
import { KeyStream, SALT_BYTES } from './key-stream.js';

export type Suite = 'AES_CM_128_HMAC_SHA1_80' | 'AES_CM_128_HMAC_SHA1_32';

export const SUITES: readonly Suite[] = ['AES_CM_128_HMAC_SHA1_80', 'AES_CM_128_HMAC_SHA1_32'];
export const MASTER_KEY_BYTES = 16;
/** Key and salt together, as in `inline:` of SDP. */
export const MASTER_BYTES = MASTER_KEY_BYTES + SALT_BYTES;

export interface SessionKeys {
  readonly cipherKey: Buffer;
  readonly salt: Buffer;
  readonly authKey: Buffer;
}

/** Labels 0-2 for RTP, 3-5 for RTCP (§4.3.2). */
export function deriveKeys(master: Uint8Array, purpose: 'rtp' | 'rtcp'): SessionKeys {
  if (master.length !== MASTER_BYTES) throw new RangeError(`a master key with its salt has ${MASTER_BYTES} bytes`);
  const key = master.subarray(0, MASTER_KEY_BYTES);
  const first = purpose === 'rtp' ? 0 : 3;
  const derive = (label: number, bytes: number): Buffer => {
    // x = label · 2^48 ⊕ master salt; with a derivation rate of 0 the index plays no part.
    const salt = Buffer.from(master.subarray(MASTER_KEY_BYTES));
    salt[7] = (salt[7] ?? 0) ^ label;
    const derived = Buffer.alloc(bytes);
    new KeyStream(key, salt).apply(derived, 0, bytes, 0, 0);
    return derived;
  };
  return { cipherKey: derive(first, 16), authKey: derive(first + 1, 20), salt: derive(first + 2, SALT_BYTES) };
}
