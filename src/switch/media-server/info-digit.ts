// Owns the two forms in which phones send keys by SIP INFO.

export interface InfoDigit {
  readonly digit: string;
  readonly durationMs: number;
}

const DEFAULT_MS = 250;
const DURATION_MS_MAX = 24_000;

/** `application/dtmf-relay` (`Signal=5`, `Duration=160`) and `application/dtmf` (`5`). Undefined when it is no key. */
export function parseInfoDigit(contentType: string, body: string): InfoDigit | undefined {
  const type = contentType.split(';')[0]?.trim().toLowerCase();
  if (type === 'application/dtmf') return keyed(body.trim(), undefined);
  if (type !== 'application/dtmf-relay') return undefined;
  const signal = /^\s*signal\s*=\s*(\S+)/im.exec(body)?.[1];
  return signal === undefined ? undefined : keyed(signal, /^\s*duration\s*=\s*(\d{1,6})/im.exec(body)?.[1]);
}

/** 10 and 11 are star and hash in the older form. */
function keyed(signal: string, duration: string | undefined): InfoDigit | undefined {
  const named = { '10': '*', '11': '#', '16': 'F' }[signal] ?? signal.toUpperCase();
  if (!/^[0-9*#A-DF]$/.test(named)) return undefined;
  return { digit: named, durationMs: Math.min(Number(duration ?? DEFAULT_MS), DURATION_MS_MAX) };
}
