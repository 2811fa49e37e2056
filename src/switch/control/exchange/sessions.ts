// Session timers of live dialogs (RFC 4028): the server refreshes by itself, and hangs up when the peer has fallen silent.
import { afterResponse, requestInDialog } from '../../sip/dialog.js';
import { parseCSeq } from '../../sip/message/cseq.js';
import { Headers } from '../../sip/message/headers.js';
import type { SipMessage, SipResponse } from '../../sip/message/message.js';
import {
  giveUpAfterMs,
  minimumOf,
  refreshAfterMs,
  type SessionTerms,
  termsOfResponse,
  writeRequest,
} from '../../sip/session-timer.js';
import type { SentRequest } from '../../sip/stack.js';
import { giveUpMs } from '../../sip/transaction/timers.js';
import type { ClientTransaction } from '../../sip/transaction/transaction.js';
import { hangUp, wayTo } from './release.js';
import { endSession } from './session.js';
import type { Exchange, LiveDialog } from './tables.js';

/** While another INVITE is under way, the refresh looks again that much later. */
export const BUSY_RETRY_MS = 2_000;
/** To no longer interval than this is a session stretched at a peer's wish (422). */
const MAX_INTERVAL_S = 86_400;

/** Starts, restarts or (without terms) ends the timer of a dialog, after a 2xx to an INVITE or UPDATE. */
export function keepSession(
  exchange: Exchange,
  live: LiveDialog,
  terms: SessionTerms | undefined,
  role: 'uac' | 'uas',
): void {
  endSession(live);
  if (terms === undefined || !exchange.dialogs.has(live)) return;
  const ours = terms.refresher === role;
  const act = (): void => (ours ? refresh(exchange, live) : expire(exchange, live));
  const timer = exchange.clock.after(ours ? refreshAfterMs(terms) : giveUpAfterMs(terms), act);
  live.session = { kind: 'timed', terms, role, timer };
}

/** A request of the application that goes on with the session must say so, or it would end the timer (RFC 4028 §7.4). */
export function goOnWithSession({ session }: LiveDialog, method: string, headers: Headers): void {
  if (session.kind !== 'timed' || (method !== 'INVITE' && method !== 'UPDATE')) return;
  if (headers.has('Session-Expires')) return;
  const { intervalS, refresher } = session.terms;
  writeRequest(headers, { intervalS, refresher: refresher === session.role ? 'uac' : 'uas' });
}

/** Remembers the session description that we have given last: a refresh repeats it. */
export function keepDescription(live: LiveDialog, { headers, body }: SipMessage): void {
  if (body.length > 0) live.description = { type: headers.get('Content-Type') ?? 'application/sdp', body };
}

function expire(exchange: Exchange, live: LiveDialog): void {
  if (exchange.dialogs.has(live)) hangUp(exchange, live, 'Session timer expired');
}

/** The same offer again; without a known one an UPDATE, which needs none. The application hears nothing of it. */
function refresh(exchange: Exchange, live: LiveDialog): void {
  const { session, description } = live;
  if (session.kind !== 'timed' || !exchange.dialogs.has(live)) return;
  if (live.invite.kind !== 'idle') {
    later(exchange, live, BUSY_RETRY_MS);
    return;
  }
  const headers = new Headers();
  if (description !== undefined) headers.append('Content-Type', description.type);
  writeRequest(headers, { intervalS: session.terms.intervalS, refresher: 'uac' });
  const method = description === undefined ? 'UPDATE' : 'INVITE';
  const built = requestInDialog(live.dialog, method, description ? { headers, body: description.body } : { headers });
  const destination = wayTo(exchange, live, built.nextHop);
  if (destination === undefined || exchange.stack.listenerFor(destination) === undefined) {
    expire(exchange, live);
    return;
  }
  live.dialog = built.dialog;
  let answer: SipResponse | undefined;
  // A peer that only rings holds back what the application wants to say.
  const patience = exchange.clock.after(giveUpMs(exchange.timers), () => transaction.cancel());
  let ack: SentRequest | undefined;
  const transaction: ClientTransaction = exchange.stack.request(built.request, destination, {
    onResponse(response) {
      if (response.status < 200) return;
      ack?.resend();
      if (answer !== undefined) return;
      answer = response;
      patience.cancel();
      if (response.status < 300) live.dialog = afterResponse(live.dialog, method, response);
      if (response.status < 300 && method === 'INVITE') ack = acknowledge(exchange, live, transaction);
      onAnswer(exchange, live, response);
      settle(live, transaction);
    },
    onFailure() {
      if (answer !== undefined) return;
      patience.cancel();
      expire(exchange, live);
      settle(live, transaction);
    },
  });
  if (method === 'INVITE') live.invite = { kind: 'refreshing', transaction, deferred: [] };
}

function onAnswer(exchange: Exchange, live: LiveDialog, response: SipResponse): void {
  const { session } = live;
  if (!exchange.dialogs.has(live) || session.kind !== 'timed') return;
  if (response.status < 300) {
    keepSession(exchange, live, termsOfResponse(response), 'uac');
  } else if (response.status === 491) {
    // Glare (RFC 3261 §14.1): who owns the Call-ID waits longer.
    const chance = Number.parseInt(exchange.ids.token(1), 16) / 255;
    later(exchange, live, live.dialog.role === 'uac' ? 2_100 + chance * 1_900 : chance * 2_000);
  } else if (response.status === 422) {
    askForMore(exchange, live, session.terms, minimumOf(response) ?? 0);
  } else {
    expire(exchange, live);
  }
}

function askForMore(exchange: Exchange, live: LiveDialog, terms: SessionTerms, minimumS: number): void {
  if (minimumS <= terms.intervalS || minimumS > MAX_INTERVAL_S || live.session.kind !== 'timed') {
    expire(exchange, live);
    return;
  }
  live.session = { ...live.session, terms: { ...terms, intervalS: minimumS } };
  later(exchange, live, 0);
}

function later(exchange: Exchange, live: LiveDialog, delayMs: number): void {
  if (live.session.kind !== 'timed') return;
  live.session.timer.cancel();
  live.session = { ...live.session, timer: exchange.clock.after(delayMs, () => refresh(exchange, live)) };
}

function acknowledge(exchange: Exchange, live: LiveDialog, { request }: ClientTransaction): SentRequest | undefined {
  const cseq = parseCSeq(request.headers.get('CSeq') ?? '')?.number ?? 0;
  const built = requestInDialog(live.dialog, 'ACK', { cseq });
  const destination = wayTo(exchange, live, built.nextHop);
  if (destination === undefined || exchange.stack.listenerFor(destination) === undefined) return undefined;
  return exchange.stack.send(built.request, destination);
}

/** Our refresh is over; what waited for it goes out. */
function settle(live: LiveDialog, transaction: ClientTransaction): void {
  const { invite } = live;
  if (invite.kind !== 'refreshing' || invite.transaction !== transaction) return;
  live.invite = { kind: 'idle' };
  for (const action of invite.deferred) action();
}
