// One INVITE from a caller, from its arrival to the answered leg or the refusal.
import type { SrfRequest, SrfResponse } from 'drachtio-srf';
import { HiloError } from '../../app/errors.js';
import type { IncomingCall, Leg, LegEnd } from '../../app/ports.js';
import { unreachable } from '../../lib/assert.js';
import type { Clock, Timer } from '../../lib/clock.js';
import type { Ids } from '../../lib/ids.js';
import type { Log } from '../../lib/log.js';
import { asError, mediaError, statusOf } from '../drachtio/deadline.js';
import type { Media, OpeningEndpoint } from '../drachtio/media.js';
import type { MediaEndpoint } from '../drachtio/media-endpoint.js';
import { displayName, headerValue } from '../drachtio/plain-text.js';
import type { SipConnection } from '../drachtio/sip-connection.js';
import type { SipDialog } from '../drachtio/sip-dialog.js';
import { VoiceLeg } from './leg.js';
import { legEnded } from './leg-end.js';
import { isSecured } from './session-description.js';

/** What a caller who meets an overloaded or broken switch is told to wait. */
export const RETRY_AFTER_S = 5;

/** A call that the application neither answers nor refuses; drachtio forgets it after 64 s without a word (compatibility A11). */
export const UNDECIDED_LIMIT_MS = 60_000;

export interface IncomingParts {
  readonly connection: SipConnection;
  readonly req: SrfRequest;
  readonly res: SrfResponse;
  readonly origin: IncomingCall['origin'];
  /** Not to be refused: waits for a place on the media server if need be. */
  readonly urgent: boolean;
  readonly node: string;
  readonly media: Media;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly onLeg: (leg: VoiceLeg) => void;
}

/*
 *  ringing ──answer──▶ answering ──▶ answered ──▶ ended
 *     │ reject ──▶ ended     │ cancel, failure ──▶ ended
 */
type State =
  | { readonly state: 'ringing' }
  | { readonly state: 'answering' }
  | { readonly state: 'answered'; readonly leg: VoiceLeg }
  | { readonly state: 'ended' };

export class VoiceIncomingCall implements IncomingCall {
  readonly callId: string;
  readonly from: string;
  readonly fromName: string;
  readonly to: string;
  readonly origin: IncomingCall['origin'];
  readonly ended: AbortSignal;
  readonly #parts: IncomingParts;
  readonly #end = new AbortController();
  readonly #undecided: Timer;
  #state: State = { state: 'ringing' };

  /** To be called in the very handler of the INVITE: a CANCEL may be the next frame (compatibility G1.13). */
  constructor(parts: IncomingParts) {
    const { req, connection } = parts;
    this.#parts = parts;
    this.ended = this.#end.signal;
    req.on('cancel', () => this.#cancelled());
    connection.lost.addEventListener('abort', this.#onLost, { once: true });
    this.#undecided = parts.clock.after(UNDECIDED_LIMIT_MS, () => this.reject(480));
    this.callId = req.get('Call-ID') ?? '';
    this.from = callerNumber(req);
    this.fromName = displayName(req.callingName ?? '');
    this.to = calledUser(req);
    this.origin = parts.origin;
  }

  ring(): void {
    if (this.#state.state === 'ringing') this.#parts.res.send(180, {});
  }

  reject(sipStatus: number, options: { readonly reason?: string; readonly retryAfterS?: number } = {}): void {
    if (this.#state.state !== 'ringing') return;
    this.#refuse(sipStatus, options.retryAfterS, options.reason);
    this.#finish({ by: 'hilo', reason: 'refused', sipStatus });
  }

  async answer(): Promise<Leg> {
    switch (this.#state.state) {
      case 'ringing':
        break;
      case 'answered':
        return this.#state.leg;
      case 'answering':
        throw new HiloError('wrong-state', 'the call is being answered already');
      case 'ended':
        throw legEnded(this.ended.reason);
      default:
        return unreachable(this.#state);
    }
    this.#undecided.cancel();
    this.#state = { state: 'answering' };
    const { media, req } = this.#parts;
    const offer = req.body?.trim() ? req.body : undefined;
    const { connection, urgent } = this.#parts;
    const opening = media.open({ urgent, via: connection, ...(offer === undefined ? {} : { offer }) });
    // Frees the media leg of a caller who is gone before it is there.
    const abandon = (): void => opening.abandon();
    this.ended.addEventListener('abort', abandon, { once: true });
    try {
      if (offer !== undefined && isSecured(offer)) return await this.#acceptSecured(opening);
      const endpoint = await opening.endpoint;
      if (this.ended.aborted) throw legEnded(this.ended.reason);
      return await this.#accept(endpoint);
    } catch (error) {
      opening.abandon();
      throw this.#failed(error);
    } finally {
      this.ended.removeEventListener('abort', abandon);
    }
  }

  async #accept(endpoint: MediaEndpoint): Promise<VoiceLeg> {
    const { connection, req, res } = this.#parts;
    return this.#legOf(await connection.accept(req, res, endpoint.sdp), endpoint);
  }

  /** The handshake of a browser needs our answer, and the media leg can be used when it is finished (compatibility C3). */
  async #acceptSecured(opening: OpeningEndpoint): Promise<VoiceLeg> {
    const { connection, req, res } = this.#parts;
    const sdp = await opening.sdp;
    if (this.ended.aborted) throw legEnded(this.ended.reason);
    const dialog = await connection.accept(req, res, sdp);
    try {
      return this.#legOf(dialog, await opening.endpoint);
    } catch (error) {
      void dialog.bye('no-media');
      throw error;
    }
  }

  #legOf(dialog: SipDialog, endpoint: MediaEndpoint): VoiceLeg {
    const { origin, connection, node, clock, ids, log, onLeg } = this.#parts;
    const party = origin.kind === 'device' ? 'agent' : 'customer';
    const home = { node, server: connection.server };
    const leg = new VoiceLeg({ id: ids.uuid(), dialog, endpoint, party, home, clock, log });
    if (this.ended.aborted) void leg.hangUp(this.ended.reason);
    else this.#state = { state: 'answered', leg };
    onLeg(leg);
    if (leg.ended.aborted) this.#finish(leg.ended.reason);
    else leg.ended.addEventListener('abort', () => this.#finish(leg.ended.reason), { once: true });
    if (this.ended.aborted) throw legEnded(this.ended.reason);
    return leg;
  }

  #failed(error: unknown): HiloError {
    if (this.ended.aborted) return legEnded(this.ended.reason);
    const failure = mediaError('answering', error);
    this.#parts.log.warn({ callId: this.callId, reason: failure.detail }, 'call not answered');
    // No common codec is the caller's affair; anything else is ours, and may be better soon.
    const sipStatus = statusOf(failure.cause) === 488 ? 488 : 503;
    // A secured caller may have had its answer already.
    if (!this.#parts.res.finalResponseSent) this.#refuse(sipStatus, sipStatus === 503 ? RETRY_AFTER_S : undefined);
    this.#finish({ by: 'hilo', reason: failure.code, sipStatus });
    return failure;
  }

  #refuse(status: number, retryAfterS: number | undefined, reason?: string): void {
    const headers: Record<string, string> = {};
    if (retryAfterS !== undefined) headers['Retry-After'] = String(retryAfterS);
    if (reason !== undefined)
      headers['Reason'] = `SIP;cause=${status};text="${headerValue(reason).replace(/["\\]/g, '')}"`;
    try {
      this.#parts.res.send(status, { headers });
    } catch (error) {
      this.#parts.log.warn({ callId: this.callId, status, reason: asError(error).message }, 'refusal not sent');
    }
  }

  /** drachtio has answered 487 itself (compatibility A11). */
  #cancelled(): void {
    this.#finish({ by: this.origin.kind === 'device' ? 'agent' : 'customer', reason: 'cancelled', sipStatus: 487 });
  }

  readonly #onLost = (): void => this.#finish({ by: 'network', reason: 'signalling-lost' });

  #finish(end: LegEnd): void {
    if (this.ended.aborted) return;
    this.#undecided.cancel();
    this.#parts.connection.lost.removeEventListener('abort', this.#onLost);
    this.#state = { state: 'ended' };
    this.#end.abort(end);
  }
}

/** P-Asserted-Identity, else From: digits and `+` of telephone numbers, user parts as they are; '' when withheld. */
export function callerNumber(req: SrfRequest): string {
  const identity = req.get('P-Asserted-Identity') ?? req.get('From') ?? '';
  const number = /(?:sips?:([^@;>\s]+)@|tel:([^;>\s]+))/i.exec(identity);
  const user = decodedUser(number?.[1] ?? number?.[2] ?? '');
  return /^(anonymous|unavailable|unknown|restricted)$/i.test(user) ? '' : user;
}

/** User part of the dialled address. */
export function calledUser(req: SrfRequest): string {
  return decodedUser(req.calledNumber ?? '');
}

/** A user part without password and escapes, as far as it is harmless; at most 64 characters. */
function decodedUser(text: string): string {
  const user = text.split(/[;:]/)[0] ?? '';
  const plain = /%[0-9a-f]{2}/i.test(user)
    ? user.replace(/%([0-9a-f]{2})/gi, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    : user;
  return plain.replace(/[^A-Za-z0-9+*#._~-]/g, '').slice(0, 64);
}
