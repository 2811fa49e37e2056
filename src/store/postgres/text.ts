// What PostgreSQL cannot hold is replaced before it gets there: one hostile message must not stop the record.

const REPLACEMENT = '\ufffd';

/** Text without NUL and lone surrogates, which no text column takes. */
export function cleanText(text: string): string {
  return text.replaceAll('\0', REPLACEMENT).replace(/\p{Surrogate}/gu, REPLACEMENT);
}

/**
 * JSON for a jsonb parameter. `JSON.stringify` writes NUL as \u0000 and lone surrogates as \udXXX (pairs stay as they
 * are), and jsonb refuses both. Each escape is matched whole, so that a backslash that is itself escaped is left alone.
 */
export function toJson(value: unknown): string {
  return JSON.stringify(value).replace(/\\(?:u0000|u[dD][89a-fA-F][0-9a-fA-F]{2}|.)/g, (sequence) =>
    sequence.length > 2 ? REPLACEMENT : sequence,
  );
}
