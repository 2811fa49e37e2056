// A request to another system as a flow asks for it, and every way in which it can fail. Secrets are named here, never held.

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
  /** JSON text. */
  readonly body?: string;
}

/** Where flows may send requests: an entry of `http: hosts:` in centre.yaml. */
export interface WebHost {
  /** Lower case, without port; IPv6 in brackets. */
  readonly host: string;
  readonly port: number;
  /** Not TLS: http or ws. */
  readonly insecure: boolean;
  /** Addresses that are not public are allowed too. */
  readonly private: boolean;
}

/** The key of a {@link WebHost}: `crm.example.com:443`. */
export function placeOf({ host, port }: Pick<WebHost, 'host' | 'port'>): string {
  return `${host}:${port}`;
}

/** Why there is no answer; `no-secret`: the environment lacks it; `circuit-open`: the host failed too often just now. */
export type WebFailure =
  | 'time-out'
  | 'unreachable'
  | 'private-address'
  | 'host-not-allowed'
  | 'redirected'
  | 'too-large'
  | 'not-json'
  | 'no-secret'
  | 'bad-url'
  | 'circuit-open';
