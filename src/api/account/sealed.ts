// Secrets that Hilo itself has to read again, as they lie in the database: worthless without the key of the data folder.
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const VERSION = 'v1';
const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
/** NIST SP 800-38D §8.2: 96 bits, by chance. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** `of`: whose it is; in another's row it cannot be opened. */
export function seal(text: string, of: string, key: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, keyFor(key), nonce).setAAD(Buffer.from(of));
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return `${VERSION}.${Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url')}`;
}

/** What was written before there was a seal is itself. undefined: sealed with another key, for somebody else, or damaged. */
export function unseal(text: string, of: string, key: string): string | undefined {
  if (!text.startsWith(`${VERSION}.`)) return text;
  const bytes = Buffer.from(text.slice(VERSION.length + 1), 'base64url');
  if (bytes.length < NONCE_BYTES + TAG_BYTES) return undefined;
  const nonce = bytes.subarray(0, NONCE_BYTES);
  const tag = bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES);
  const opened = createDecipheriv(CIPHER, keyFor(key), nonce).setAAD(Buffer.from(of)).setAuthTag(tag);
  try {
    return opened.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)).toString('utf8') + opened.final('utf8');
  } catch {
    // The tag does not fit: whoever asked says so to a person.
    return undefined;
  }
}

function keyFor(key: string): Buffer {
  return Buffer.from(hkdfSync('sha256', key, '', 'hilo sealed secrets', KEY_BYTES));
}
