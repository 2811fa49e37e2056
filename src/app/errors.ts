// Every error that may reach a caller, an API client or an operator: code, text, HTTP and SIP status in one place.

export interface ErrorDefinition {
  readonly title: string;
  readonly http: number;
  readonly sip: number;
}

export const ERRORS = {
  'telephony-unavailable': { title: 'The switch cannot be reached', http: 503, sip: 503 },
  'media-time-out': { title: 'The media server did not answer in time', http: 503, sip: 503 },
  'leg-ended': { title: 'The call is over', http: 409, sip: 487 },
  'store-unavailable': { title: 'The database cannot be reached', http: 503, sip: 503 },
  'version-conflict': { title: 'Somebody else changed it meanwhile', http: 409, sip: 500 },
  'message-refused': { title: 'The provider refused the message', http: 502, sip: 500 },
  'message-not-sent': { title: 'The provider could not be reached', http: 502, sip: 500 },
  'node-away': { title: 'The node that holds it cannot be reached', http: 503, sip: 503 },
  'outcome-unknown': { title: 'It is not known whether it was done', http: 504, sip: 504 },
  'window-closed': { title: 'The customer wrote too long ago for free text', http: 409, sip: 500 },
  'not-found': { title: 'There is no such thing here', http: 404, sip: 404 },
  'not-allowed': { title: 'This is not allowed', http: 403, sip: 403 },
  'not-signed-in': { title: 'Sign in first', http: 401, sip: 401 },
  'code-needed': { title: 'The code of the second factor is needed', http: 401, sip: 401 },
  'wrong-state': { title: 'This is not possible in the present state', http: 409, sip: 500 },
  'invalid-input': { title: 'The request is not understood', http: 400, sip: 400 },
  'method-not-allowed': { title: 'This cannot be done with it', http: 405, sip: 405 },
  'request-time-out': { title: 'The request did not arrive in time', http: 408, sip: 408 },
  'too-large': { title: 'The request is too large', http: 413, sip: 413 },
  'range-not-satisfiable': { title: 'There is no such part of it', http: 416, sip: 400 },
  'unsupported-media-type': { title: 'The request is in a format that is not taken here', http: 415, sip: 415 },
  'invalid-flow': { title: 'The flow has mistakes; nothing was changed', http: 422, sip: 500 },
  'tests-failed': { title: 'Tests beside the flows fail with it; nothing was changed', http: 422, sip: 500 },
  'too-many-requests': { title: 'Too many requests', http: 429, sip: 503 },
  'internal-error': { title: 'Something went wrong here', http: 500, sip: 500 },
} as const satisfies Record<string, ErrorDefinition>;

export type ErrorCode = keyof typeof ERRORS;

/** `reason`: kebab-case, stable. `agent`: who stands in the way. */
export interface Why {
  readonly reason: string;
  readonly agent?: string;
}

/** The world failed or somebody asked for the impossible; caught once, at the edge that can answer. */
export class HiloError extends Error {
  override readonly name = 'HiloError';
  constructor(
    readonly code: ErrorCode,
    /** What exactly and what to do about it, for a person. */
    readonly detail: string,
    options?: { readonly cause?: unknown; readonly why?: Why },
  ) {
    super(`${code}: ${detail}`, options);
    this.why = options?.why;
  }

  /** Which of several causes, for a program that tells people in their own language. */
  readonly why: Why | undefined;

  get http(): number {
    return ERRORS[this.code].http;
  }

  get sip(): number {
    return ERRORS[this.code].sip;
  }
}
