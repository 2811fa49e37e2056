// Requests of flows to other systems: only to hosts that the centre allows, tried again with back-off, and not at all while a
// host keeps failing.
import { hostKey, type WebHost } from '../../core/document/web-host.js';
import type { WebRequest } from '../../core/ivr/outside/web-request.js';
import type { Centre } from '../../core/routing/centre.js';
import { type Circuit, type CircuitRules, CLOSED, enter, leave } from '../../lib/circuit-breaker.js';
import type { Clock } from '../../lib/clock.js';
import type { Log } from '../../lib/log.js';
import { pause } from '../../lib/pause.js';
import type { WebClient, WebResult } from './ports.js';

/** Per host: after so many failures in a row nobody asks it for so long. */
export const CIRCUIT: CircuitRules = { failuresMax: 5, restMs: 30_000 };
/** Before the second try; each later one waits twice as long as the one before. */
export const BACK_OFF_MS = 200;
/** However many tries there are, the caller does not wait longer than this for another one to begin. */
export const TRIES_LIMIT_MS = 30_000;

const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'https:': 443, 'http:': 80, 'wss:': 443, 'ws:': 80 };
/** Worth another try (RFC 9110 §15.6, RFC 6585 §4). */
const MAY_PASS = (result: WebResult): boolean =>
  result.outcome === 'answered'
    ? result.status === 429 || result.status >= 500
    : result.reason === 'time-out' || result.reason === 'unreachable';

export interface RequestsPorts {
  readonly web: WebClient;
  readonly centre: () => Centre;
  readonly clock: Clock;
  readonly log: Log;
}

export interface Asked {
  readonly result: WebResult;
  /** 0 when nobody was asked. */
  readonly tries: number;
  readonly durationMs: number;
}

export class Requests {
  readonly #ports: RequestsPorts;
  /** As many as the centre allows hosts. */
  readonly #circuits = new Map<string, Circuit>();

  constructor(ports: RequestsPorts) {
    this.#ports = ports;
  }

  /** Where the request goes, by what the centre allows now; undefined: nowhere. */
  hostOf(request: WebRequest): WebHost | undefined {
    const { protocol, hostname, port } = new URL(request.url);
    const key = hostKey({ host: hostname, port: port === '' ? (DEFAULT_PORTS[protocol] ?? 0) : Number(port) });
    const host = this.#ports.centre().webHosts.get(key);
    const isSecure = protocol === 'https:' || protocol === 'wss:';
    return host !== undefined && (isSecure || host.insecure) ? host : undefined;
  }

  /** Never rejects; settles soon after `signal` is aborted. */
  async ask(
    request: WebRequest,
    options: { readonly timeOutMs: number; readonly retries: number; readonly signal: AbortSignal },
  ): Promise<Asked> {
    const { web, clock } = this.#ports;
    const host = this.hostOf(request);
    if (host === undefined) return failed('host-not-allowed');
    const startedMs = clock.monotonicMs();
    const { timeOutMs, retries, signal } = options;
    for (let tries = 1; ; tries += 1) {
      const result = await this.guarded(host, () => web.send(request, host, { timeOutMs, signal }), signal);
      const durationMs = Math.round(clock.monotonicMs() - startedMs);
      if (result === 'circuit-open') return { ...failed('circuit-open'), tries: tries - 1, durationMs };
      const backOffMs = BACK_OFF_MS * 2 ** (tries - 1);
      const again = tries <= retries && MAY_PASS(result) && durationMs + backOffMs < TRIES_LIMIT_MS;
      if (!again || signal.aborted) return { result, tries, durationMs };
      await pause(clock, backOffMs, [signal]);
      if (signal.aborted) return { result, tries, durationMs };
    }
  }

  /** One exchange with a host, unless it keeps failing. Given up by `signal` it says nothing about the host. */
  async guarded(
    host: WebHost,
    exchange: () => Promise<WebResult>,
    signal: AbortSignal,
  ): Promise<WebResult | 'circuit-open'> {
    const { clock, log } = this.#ports;
    const key = hostKey(host);
    const entered = enter(this.#circuits.get(key) ?? CLOSED, clock.monotonicMs(), CIRCUIT);
    this.#circuits.set(key, entered.circuit);
    if (!entered.admitted) return 'circuit-open';
    const result = await exchange();
    if (signal.aborted) return result;
    const before = this.#circuits.get(key) ?? CLOSED;
    const after = leave(before, !isFault(result), clock.monotonicMs(), CIRCUIT);
    this.#circuits.set(key, after);
    if (before.state !== after.state) log.warn({ host: key, state: after.state }, 'requests of flows: the circuit');
    return result;
  }

  snapshot(): Readonly<Record<string, Circuit>> {
    return Object.fromEntries(this.#circuits);
  }
}

/** Of the host: what we refuse ourselves says nothing about it. */
function isFault(result: WebResult): boolean {
  if (result.outcome === 'answered') return result.status >= 500;
  return result.reason === 'time-out' || result.reason === 'unreachable';
}

function failed(reason: 'host-not-allowed' | 'circuit-open'): Asked {
  return { result: { outcome: 'failed', reason }, tries: 0, durationMs: 0 };
}
