// Makes texts from outside fit for SIP headers and event-socket commands: neither may ever see a line break of a caller.
import { HiloError } from '../../app/errors.js';

const MAX_HEADER_LENGTH = 256;
const MAX_NAME_LENGTH = 64;
const MAX_USER_LENGTH = 64;
const MAX_PATH_LENGTH = 1024;

// drachtio-srf writes header values as they are: a line break starts a new header (compatibility G1.25). `%` is taken out
// too, because a stray one that comes back in an event-socket header ends the process (G2.3).
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029%]+/g;

/** A header value on one line without `%`, at most 256 characters. */
export function headerValue(text: string): string {
  return text.replace(UNSAFE, ' ').trim().slice(0, MAX_HEADER_LENGTH);
}

/** A display name that can stand between double quotes, at most 64 characters. */
export function displayName(text: string): string {
  return text
    .replace(UNSAFE, ' ')
    .replace(/["\\<>]/g, '')
    .trim()
    .slice(0, MAX_NAME_LENGTH);
}

/** The user part of a SIP address: what RFC 3261 allows unescaped, the rest dropped; `anonymous` when nothing is left. */
export function userPart(text: string): string {
  const kept = text.replace(/[^A-Za-z0-9+*#._~-]/g, '').slice(0, MAX_USER_LENGTH);
  return kept === '' ? 'anonymous' : kept;
}

/** `X-Hilo-…` headers: the prefix is added where it is missing; names that are no header names are dropped. */
export function hiloHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const out: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    const full = /^x-hilo-/i.test(name) ? name : `X-Hilo-${name}`;
    if (/^[A-Za-z0-9-]{8,48}$/.test(full)) out[full] = headerValue(value);
  }
  return out;
}

/**
 * An absolute file path that can stand in a command of the media server: no blank (arguments are split there), none of its
 * quoting, list, variable and parameter characters, no way up. Throws HiloError `invalid-input`.
 */
export function mediaPath(path: string): string {
  if (path.length > MAX_PATH_LENGTH || !/^\/[A-Za-z0-9_./+=@-]+$/.test(path) || /(^|\/)\.\.(\/|$)|@@/.test(path)) {
    throw new HiloError(
      'invalid-input',
      `the media server cannot use this path: ${JSON.stringify(path.slice(0, 200))}`,
    );
  }
  return path;
}

/** The last check before anything goes to the event socket: one line, no control characters. */
export function commandText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  if (/[\u0000-\u001f\u007f]/.test(text)) {
    throw new HiloError('invalid-input', 'a command for the media server must be one line');
  }
  return text;
}
