// Records of calls for applications that asked for them: each goes to one of those, in turn (drachtio's cdr: events).
import type { SipMessage } from '../../sip/message/message.js';
import { cdrFrame, readable } from '../drachtio/report.js';
import type { Exchange, HangUpReason } from './tables.js';

/** Which side wrote the message that made the record. */
export type CdrSource = 'network' | 'application';
export type CdrRole = 'uac' | 'uas' | 'proxy-uac' | 'proxy-uas';
export type CdrStop =
  | 'call-rejected'
  | 'call-canceled'
  | 'normal-release'
  | 'session-expired'
  | 'system-initiated-termination'
  | 'system-error-initiated-termination';

/** An INVITE outside a dialog has come or gone. */
export function tellAttempt(exchange: Exchange, source: CdrSource, invite: SipMessage): void {
  tell(exchange, 'attempt', [source], invite);
}

/** It was accepted. */
export function tellStart(exchange: Exchange, source: CdrSource, role: CdrRole, answer: SipMessage): void {
  tell(exchange, 'start', [source, role], answer);
}

/** It failed, or the call is over. */
export function tellStop(exchange: Exchange, source: CdrSource, reason: CdrStop, message: SipMessage): void {
  tell(exchange, 'stop', [source, reason], message);
}

export function stopOf(reason: HangUpReason): CdrStop {
  if (reason === 'Session timer expired') return 'session-expired';
  return reason === 'ACK timeout' ? 'system-error-initiated-termination' : 'system-initiated-termination';
}

/** A refusal of an INVITE, by its status. */
export function refusalOf(status: number): CdrStop {
  return status === 487 ? 'call-canceled' : 'call-rejected';
}

function tell(
  { applications, clock, ids }: Exchange,
  kind: 'attempt' | 'start' | 'stop',
  [source, detail]: readonly [source: CdrSource, detail?: string],
  message: SipMessage,
): void {
  const listener = applications.next(`cdr:${kind}`);
  if (listener === undefined) return;
  listener.send(cdrFrame(ids.uuid(), { kind, source, atMs: clock.nowMs(), detail }, readable(message)));
}
