// A request to another system as a flow asks for it, and every way in which it can fail. Secrets are named here, never held.
import type { Secret } from '../variable/secret.js';

export type WebMethod = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** `secret`: its value is put behind `before` at the edge, from the environment (`HILO_SECRET_<NAME>`). */
export type WebHeader =
  | { readonly name: string; readonly value: string }
  | { readonly name: string; readonly secret: string; readonly before: string };

export interface WebRequest {
  readonly method: WebMethod;
  /** Absolute; host and port stand in the flow literally and are allowed by the centre. */
  readonly url: string;
  readonly headers: readonly WebHeader[];
  /** JSON text; a {@link Secret} when something in it is one. */
  readonly body?: string | Secret;
}

/** Why there is no answer; `no-secret`: the environment lacks it; `circuit-open`: the host failed too often just now. */
export const WEB_FAILURES = [
  'time-out',
  'unreachable',
  'private-address',
  'host-not-allowed',
  'redirected',
  'too-large',
  'not-json',
  'no-secret',
  'bad-url',
  'circuit-open',
] as const;

export type WebFailure = (typeof WEB_FAILURES)[number];
