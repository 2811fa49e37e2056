// How long a session lives without a sign of life, and who gives it (RFC 4028): the terms that two sides agree on. Pure.
import { parseDecimal, parseParameters } from './message/grammar.js';
import type { Headers } from './message/headers.js';
import type { SipRequest, SipResponse } from './message/message.js';

/** No session may be refreshed more often than such an interval demands (§5). */
export const MIN_SESSION_S = 90;
const MAX_SESSION_S = 2 ** 31 - 1;
/** What timers can wait at most, 24 days: beyond that they would ring at once. */
const MAX_WAIT_MS = 2 ** 31 - 1;

/** In the roles of the transaction in which they were agreed on. */
export interface SessionTerms {
  readonly intervalS: number;
  readonly refresher: 'uac' | 'uas';
}

interface Wish {
  readonly intervalS: number;
  readonly refresher: 'uac' | 'uas' | undefined;
}

/** Whether a request is to be refused with 422: only a peer that knows session timers understands that (§9). */
export function isTooShort({ headers }: SipRequest): boolean {
  const wish = wishOf(headers);
  return wish !== undefined && wish.intervalS < MIN_SESSION_S && knowsTimers(headers);
}

/**
 * What the 2xx to a request says: the terms that the application wrote into it, never longer than the request asks for nor
 * shorter than it allows, else those of the request (§9). Undefined when neither has any: the session lives until it is hung up.
 */
export function termsOfAnswer(request: SipRequest, given: Headers): SessionTerms | undefined {
  const asked = wishOf(request.headers);
  const wish = wishOf(given) ?? asked;
  if (wish === undefined) return undefined;
  const most = asked?.intervalS ?? wish.intervalS;
  const least = Math.max(MIN_SESSION_S, Math.min(seconds(request.headers.get('Min-SE')) ?? 0, most));
  const intervalS = Math.max(least, Math.min(wish.intervalS, most));
  // Who does not know session timers will not refresh.
  if (!knowsTimers(request.headers)) return { intervalS, refresher: 'uas' };
  return { intervalS, refresher: asked?.refresher ?? wish.refresher ?? 'uac' };
}

/** Writes the terms into a 2xx of ours (§9). */
export function writeAnswer(headers: Headers, terms: SessionTerms): void {
  headers.set('Session-Expires', formatTerms(terms));
  if (terms.refresher === 'uac' && !headers.list('Require').includes('timer')) headers.append('Require', 'timer');
}

/** What a 2xx to a request of ours says (§7.2). */
export function termsOfResponse({ headers }: SipResponse): SessionTerms | undefined {
  const wish = wishOf(headers);
  return wish === undefined
    ? undefined
    : { intervalS: Math.max(wish.intervalS, MIN_SESSION_S), refresher: wish.refresher ?? 'uac' };
}

/** Writes the terms into a request that is to go on with them (§7.4). */
export function writeRequest(headers: Headers, terms: SessionTerms): void {
  headers.set('Session-Expires', formatTerms(terms)).set('Min-SE', String(MIN_SESSION_S));
  if (!knowsTimers(headers)) headers.append('Supported', 'timer');
}

/** The interval that a 422 asks for (§6). */
export function minimumOf({ headers }: SipResponse): number | undefined {
  return seconds(headers.get('Min-SE'));
}

/** Half of the interval (§10), in milliseconds. */
export function refreshAfterMs({ intervalS }: SessionTerms): number {
  return Math.min(MAX_WAIT_MS, (intervalS * 1000) / 2);
}

/** When the one who waits for a refresh in vain gives up (§10), in milliseconds. */
export function giveUpAfterMs({ intervalS }: SessionTerms): number {
  return Math.min(MAX_WAIT_MS, (intervalS - Math.min(32, intervalS / 3)) * 1000);
}

function formatTerms({ intervalS, refresher }: SessionTerms): string {
  return `${intervalS};refresher=${refresher}`;
}

function knowsTimers(headers: Headers): boolean {
  return headers.list('Supported').includes('timer') || headers.list('Require').includes('timer');
}

function wishOf(headers: Headers): Wish | undefined {
  const value = headers.get('Session-Expires') ?? '';
  const intervalS = seconds(value);
  if (intervalS === undefined) return undefined;
  const semicolon = value.indexOf(';');
  const named = parseParameters(semicolon < 0 ? '' : value.slice(semicolon))
    ?.get('refresher')
    ?.toLowerCase();
  return { intervalS, refresher: named === 'uac' || named === 'uas' ? named : undefined };
}

function seconds(value = ''): number | undefined {
  return parseDecimal(value.split(';', 1)[0]?.trim() ?? '', MAX_SESSION_S);
}
