// What the server answers by itself, with the headers that each status wants.

import type { SipRequest, SipResponse } from '../../sip/message/message.js';
import { makeResponse, type ResponseOptions } from '../../sip/message/response.js';
import { MIN_SESSION_S } from '../../sip/session-timer.js';
import type { ServerTransaction } from '../../sip/transaction/transaction.js';

/** What a caller is told to wait whom no application takes right now. */
const RETRY_AFTER_S = 5;

const ALLOW =
  'INVITE, ACK, BYE, CANCEL, OPTIONS, PRACK, UPDATE, INFO, NOTIFY, REFER, SUBSCRIBE, REGISTER, MESSAGE, PUBLISH';
export const KNOWN_METHODS: ReadonlySet<string> = new Set(ALLOW.split(', '));

export interface OwnAnswerOptions {
  readonly reason?: string;
  /** Default: the transaction's own. */
  readonly toTag?: string;
  readonly headers?: readonly (readonly [name: string, value: string])[];
}

export function ownAnswer(
  { request, localTag }: Pick<ServerTransaction, 'localTag'> & { readonly request: SipRequest },
  status: number,
  { reason, toTag = localTag, headers = [] }: OwnAnswerOptions = {},
): SipResponse {
  const options: ResponseOptions = { toTag, headers: [...headers, ...headersOf(status, localTag)] };
  return makeResponse(request, status, reason === undefined ? options : { ...options, reason });
}

function headersOf(status: number, localTag: string): [string, string][] {
  switch (status) {
    case 405:
    case 501:
      return [['Allow', ALLOW]];
    case 422:
      return [['Min-SE', String(MIN_SESSION_S)]];
    case 500:
      // Any delay up to 10 s serves, as long as two glaring sides do not choose the same (RFC 3261 §14.2).
      return [['Retry-After', String(Number.parseInt(localTag.slice(-2), 16) % 10)]];
    case 503:
      return [['Retry-After', String(RETRY_AFTER_S)]];
    default:
      return [];
  }
}
