// JSON pointers (RFC 6901): which value of a JSON document is meant by `/customer/name`.
import { z } from 'zod';

/** A tilde stands only for itself (`~0`) or for a slash (`~1`): RFC 6901 §3. */
export const jsonPointer = z.string().regex(/^(\/([^~/]|~[01])*)*$/, {
  error: "a pointer begins with '/', e.g. /customer/name; '' is everything",
});

/** undefined when nothing is there (RFC 6901 §7 leaves that to us). Own properties only. */
export function valueAt(document: unknown, pointer: string): unknown {
  let value = document;
  for (const token of pointer.split('/').slice(1)) {
    value = child(value, token.replaceAll('~1', '/').replaceAll('~0', '~'));
    if (value === undefined) return undefined;
  }
  return value;
}

function child(value: unknown, key: string): unknown {
  // No leading zeros, and no '-', which is the element after the last (RFC 6901 §4).
  if (Array.isArray(value)) return /^(0|[1-9]\d*)$/.test(key) ? value[Number(key)] : undefined;
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return Reflect.get(value, key);
}
