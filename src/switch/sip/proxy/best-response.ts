// Which of the failures that several targets gave is the one for the caller (RFC 3261 §16.7 steps 6 and 7). Pure.
import type { SipResponse } from '../message/message.js';

/** Of the 4xx those that tell the caller how to do better. */
const HELPFUL = new Set([401, 407, 415, 420, 484]);
const CHALLENGES = ['WWW-Authenticate', 'Proxy-Authenticate'] as const;

/** Undefined when no target gave any. */
export function bestResponse(failures: readonly SipResponse[]): SipResponse | undefined {
  const best = [...failures].sort((a, b) => rank(a.status) - rank(b.status))[0];
  if (best === undefined) return undefined;
  return best.status === 401 || best.status === 407 ? withAllChallenges(best, failures) : best;
}

/** 6xx before all, then the lowest class. */
function rank(status: number): number {
  if (status >= 600) return 0;
  if (HELPFUL.has(status)) return 399.5;
  // A branch that we gave up ourselves says less than one that was refused.
  return status === 408 || status === 487 ? 499.5 : Math.floor(status / 100) * 100 + (status === 503 ? 99.5 : 0);
}

/** The caller answers the challenges of all targets at once. */
function withAllChallenges(best: SipResponse, failures: readonly SipResponse[]): SipResponse {
  const headers = best.headers.clone();
  for (const other of failures) {
    if (other === best || (other.status !== 401 && other.status !== 407)) continue;
    for (const name of CHALLENGES) for (const value of other.headers.all(name)) headers.append(name, value);
  }
  return { ...best, headers };
}
