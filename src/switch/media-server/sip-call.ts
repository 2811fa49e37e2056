// Owns one SIP dialog between the signalling side and a channel: set-up, changes, digits, the end from either side.
import type { Ids } from '../../lib/ids.js';
import type { Log } from '../../lib/log.js';
import { Channel, type ChannelPorts } from '../channel/channel.js';
import type { EventSocketServer } from '../control/event-socket/server.js';
import { type MediaEngine, MediaError } from '../media/engine.js';
import type { LegKind, MediaLeg } from '../media/media-leg.js';
import { type AcceptedInvite, acceptInvite } from '../sip/accepted-invite.js';
import { afterRemoteRequest, type Dialog, dialogFromRequest } from '../sip/dialog.js';
import type { SipRequest, SipResponse } from '../sip/message/message.js';
import { makeResponse } from '../sip/message/response.js';
import { parseSipUri } from '../sip/message/uri.js';
import type { SipStack } from '../sip/stack.js';
import type { SipTimers } from '../sip/transaction/timers.js';
import type { ServerTransaction } from '../sip/transaction/transaction.js';
import { dialApplication } from './application-socket.js';
import { sessionIdOf, stateCallFacts } from './call-facts.js';
import { parseInfoDigit } from './info-digit.js';
import { MediaSession } from './media-session.js';
import { OwnOffer } from './own-offer.js';
import { type OwnRequests, ownRequests } from './own-requests.js';
import { SessionText } from './session-text.js';
import { type WantedMedia, wantedMedia, warningOf } from './wanted-media.js';

/** Seconds in Retry-After when there is no room. */
export const RETRY_AFTER_SECONDS = 2;
/** After the ACK of a caller with SDES: the application has to see our 200 before our socket (compatibility C3). */
export const SOCKET_DELAY_MS = 50;
const SAMPLES_PER_MS = 8;

export const ALLOW = 'INVITE, ACK, BYE, CANCEL, OPTIONS, INFO, UPDATE';

export interface SipCallPorts {
  readonly stack: SipStack;
  readonly engine: MediaEngine;
  readonly eventSocket: EventSocketServer;
  readonly ids: Ids;
  readonly log: Log;
  readonly profile: string;
  readonly userAgent: string;
  readonly timers?: Partial<SipTimers>;
  /** Everything a channel needs that is not of this call. */
  readonly channelPorts: Pick<ChannelPorts, 'core' | 'bus' | 'run'>;
  onAnswered(call: SipCall, channel: Channel): void;
  /** The dialog needs no more requests routed to it. */
  onOver(call: SipCall): void;
}

type State =
  /** INVITE received, media being opened. */
  | { readonly at: 'opening' }
  /** 200 sent; `byeCause` when the channel was hung up before the ACK allowed a BYE (RFC 3261 §15). */
  | {
      readonly at: 'up';
      dialog: Dialog;
      readonly channel: Channel;
      readonly media: MediaSession;
      readonly offer: OwnOffer;
      byeCause?: string;
    }
  | { readonly at: 'over' };

/** A 2xx that waits for its ACK. */
interface Unacknowledged {
  readonly cseq: string;
  readonly accepted: AcceptedInvite;
  readonly answerExpected: boolean;
}

export class SipCall {
  readonly callId: string;
  readonly localTag: string;
  readonly #invite: ServerTransaction;
  readonly #target: string;
  readonly #ports: SipCallPorts;
  readonly #log: Log;
  readonly #requests: OwnRequests;
  #state: State = { at: 'opening' };
  #unacknowledged: Unacknowledged | undefined;
  /** A change of media is being worked out; a second one has to wait, up to 10 s by chance (RFC 3261 §14.2). */
  #isChanging = false;

  constructor(invite: ServerTransaction, target: string, ports: SipCallPorts) {
    this.#invite = invite;
    this.#target = target;
    this.#ports = ports;
    this.callId = invite.request.headers.get('Call-ID') ?? '';
    this.localTag = invite.localTag;
    this.#log = ports.log.child({ callId: this.callId });
    this.#requests = ownRequests(ports.stack, ports.userAgent, invite.source, this.#log);
  }

  /** Opens the media and answers. Never rejects. */
  async open(): Promise<void> {
    const wanted = wantedMedia(this.#invite.request);
    if ('refused' in wanted) {
      this.#refuseOffer(wanted.refused);
      return;
    }
    const kind: LegKind = wanted.security === 'webrtc' ? 'webrtc' : 'udp';
    let leg: MediaLeg;
    try {
      leg = await this.#ports.engine.openLeg(kind);
    } catch (error) {
      if (error instanceof MediaError && error.code === 'no-webrtc') {
        this.#log.error({ err: error }, 'no WebRTC for a call');
        this.#refuse(488, warningOf('no WebRTC here'));
        return;
      }
      this.#log.error({ err: error }, 'no media for a call');
      this.#refuse(503, { 'Retry-After': String(RETRY_AFTER_SECONDS) });
      return;
    }
    if (this.#state.at !== 'opening') {
      await leg.close(); // cancelled meanwhile
      return;
    }
    try {
      await this.#answer(leg, kind, wanted);
    } catch (error) {
      this.#log.error({ err: error }, 'call set-up failed');
      this.#refuse(500);
      await leg.close();
    }
  }

  /** The peer took its INVITE back in time. */
  cancel(): void {
    if (this.#state.at === 'opening') this.#refuse(487);
  }

  acknowledge(ack: SipRequest): void {
    const waiting = this.#unacknowledged;
    if (!waiting || ack.headers.get('CSeq')?.split(' ')[0] !== waiting.cseq) return;
    waiting.accepted.acknowledged();
    this.#unacknowledged = undefined;
    if (this.#state.at !== 'up') return;
    if (this.#state.byeCause !== undefined) {
      this.#bye(this.#state.byeCause);
      return;
    }
    const { channel, media } = this.#state;
    const isFirst = waiting.cseq === cseqOf(this.#invite.request);
    if (waiting.answerExpected) void this.#acceptAnswer(ack.body.toString(), media, channel, isFirst);
    else if (isFirst && media.kind === 'sdes') {
      const timer = channel.core.clock.after(SOCKET_DELAY_MS, () => this.#dialSocket(channel));
      channel.onOver(() => timer.cancel());
    }
  }

  async #acceptAnswer(answer: string, media: MediaSession, channel: Channel, isFirst: boolean): Promise<void> {
    const accepted = await media.acceptAnswer(answer);
    if (!channel.up) return;
    if (!accepted.ok) {
      this.#log.warn({ reason: accepted.reason }, 'ACK without a usable answer');
      channel.hangup('INCOMPATIBLE_DESTINATION');
    } else if (isFirst) this.#dialSocket(channel);
  }

  /** A request inside the dialog, other than ACK and CANCEL. */
  handle(transaction: ServerTransaction): void {
    const { request } = transaction;
    const dialog = this.#state.at === 'up' ? afterRemoteRequest(this.#state.dialog, request) : undefined;
    if (this.#state.at !== 'up' || !dialog) {
      this.#respond(transaction, this.#state.at === 'up' ? 500 : 481); // RFC 3261 §12.2.2: CSeq too low
      return;
    }
    this.#state.dialog = dialog;
    switch (request.method) {
      case 'BYE':
        this.#respond(transaction, 200);
        this.#unacknowledged?.accepted.stop();
        delete this.#state.byeCause; // the peer was faster, and may never acknowledge
        this.#state.channel.hangup('NORMAL_CLEARING', 'peer');
        this.#over();
        return;
      case 'INVITE':
      case 'UPDATE':
        void this.#change(transaction, this.#state.media);
        return;
      case 'INFO':
        this.#info(transaction, this.#state.channel);
        return;
      case 'OPTIONS':
        this.#respond(transaction, 200, { Allow: ALLOW, Accept: 'application/sdp' });
        return;
      default:
        this.#respond(transaction, 405, { Allow: ALLOW });
    }
  }

  #refuseOffer(reason: string): void {
    this.#log.warn({ reason }, 'offer refused');
    this.#refuse(488, warningOf(reason));
  }

  async #answer(leg: MediaLeg, kind: LegKind, { offer, security, text: withText }: WantedMedia): Promise<void> {
    const { request, source } = this.#invite;
    const channel = this.#makeChannel(leg);
    stateCallFacts(channel.variables, request, {
      channelId: channel.id,
      localTag: this.localTag,
      source,
      profile: this.#ports.profile,
    });
    const { ids, engine } = this.#ports;
    const { variables, log } = channel;
    const text = new SessionText({ open: () => engine.openText(), onText: (heard) => channel.hearText(heard), log });
    channel.writeTextBy((written) => text.send(written));
    channel.onOver(() => void text.close());
    const sessionId = sessionIdOf(channel.createdMs, channel.id);
    const media = new MediaSession({ leg, kind, variables, sessionId, ids, text });
    const description = await (offer === undefined ? media.offer(security, withText) : media.answer(offer));
    if (this.#state.at !== 'opening' || !description.ok) {
      if (!description.ok) this.#refuseOffer(description.reason);
      await media.close(); // refused, or cancelled meanwhile
      return;
    }
    const response = this.#success(request, description.sdp);
    const dialog = dialogFromRequest(request, response);
    if (!dialog) {
      this.#refuse(400);
      await media.close();
      return;
    }
    this.#state = { at: 'up', dialog, channel, media, offer: this.#ownOffer(channel, media) };
    this.#ports.onAnswered(this, channel);
    this.#accept(this.#invite, response, offer === undefined);
    channel.emit('CHANNEL_CREATE');
    channel.emit('CHANNEL_ANSWER');
    // A caller with DTLS has to hear our answer first, and then to finish its handshake (compatibility C3).
    if (security === 'webrtc') leg.onSecured(this.#onceSecured(channel, offer !== undefined));
    else if (offer !== undefined && security === 'plain') this.#dialSocket(channel);
  }

  #ownOffer(channel: Channel, media: MediaSession): OwnOffer {
    const { ids } = this.#ports;
    return new OwnOffer({
      ...{ media, channel, ids, requests: this.#requests, allow: ALLOW },
      dialog: () => (this.#state.at === 'up' ? this.#state.dialog : undefined),
      keep: (dialog) => {
        if (this.#state.at === 'up') this.#state.dialog = dialog;
      },
    });
  }

  /** Not while an INVITE of either side is open (RFC 3261 §14.1). */
  #renegotiate(): boolean {
    if (this.#state.at !== 'up' || this.#unacknowledged || this.#isChanging) return false;
    return this.#state.offer.start();
  }

  #onceSecured(channel: Channel, dials: boolean): () => void {
    let isFirst = dials;
    return () => {
      if (isFirst && channel.up) this.#dialSocket(channel);
      isFirst = false;
    };
  }

  #makeChannel(leg: MediaLeg): Channel {
    const id = this.#ports.ids.uuid();
    const from = parseSipUri(/<([^>]*)>/.exec(this.#invite.request.headers.get('From') ?? '')?.[1] ?? '');
    const name = `sofia/${this.#ports.profile}/${from?.user ?? 'nobody'}@${from?.host ?? ''}:${from?.port ?? 5060}`;
    const channel = new Channel(id, name, {
      ...this.#ports.channelPorts,
      leg,
      ids: this.#ports.ids,
      log: this.#log.child({ channel: id }),
      sayBye: (cause) => this.#sayBye(cause),
      renegotiate: () => this.#renegotiate(),
    });
    channel.onOver(() => this.#over());
    return channel;
  }

  #accept(transaction: ServerTransaction, response: SipResponse, answerExpected: boolean): void {
    this.#unacknowledged?.accepted.stop();
    const cseq = cseqOf(transaction.request);
    const accepted = acceptInvite(transaction, response, {
      clock: this.#ports.channelPorts.core.clock,
      ...(this.#ports.timers === undefined ? {} : { timers: this.#ports.timers }),
      onTimeout: () => this.#neverAcknowledged(),
    });
    this.#unacknowledged = { cseq, accepted, answerExpected };
  }

  #neverAcknowledged(): void {
    this.#unacknowledged = undefined;
    if (this.#state.at !== 'up') return;
    this.#log.warn({}, 'no ACK for our 200');
    if (this.#state.byeCause !== undefined) this.#bye(this.#state.byeCause);
    else this.#state.channel.hangup('RECOVERY_ON_TIMER_EXPIRE');
  }

  async #change(transaction: ServerTransaction, media: MediaSession): Promise<void> {
    const { request } = transaction;
    const isOffering = this.#state.at === 'up' && this.#state.offer.open;
    if (this.#unacknowledged?.answerExpected || isOffering) {
      this.#respond(transaction, 491); // an offer of ours is still open (RFC 3261 §14.2, RFC 3311 §5.2)
      return;
    }
    if (this.#isChanging) {
      this.#respond(transaction, 500, {
        'Retry-After': String(Number.parseInt(transaction.localTag.slice(-2), 16) % 10),
      });
      return;
    }
    if (request.body.length === 0 && request.method === 'UPDATE') {
      this.#respond(transaction, 200, { Contact: this.#contact(transaction) });
      return;
    }
    const offered = request.body.length > 0;
    this.#isChanging = true;
    const description = await (offered ? media.answer(request.body.toString()) : media.offer());
    this.#isChanging = false;
    if (this.#state.at !== 'up') {
      this.#respond(transaction, 487); // hung up meanwhile (RFC 3261 §15.1.2)
      return;
    }
    if (!description.ok) {
      this.#log.warn({ reason: description.reason }, 'change of media refused');
      this.#respond(transaction, 488, warningOf(description.reason));
      return;
    }
    const response = this.#success(request, description.sdp);
    if (request.method === 'UPDATE') transaction.respond(response);
    else this.#accept(transaction, response, !offered);
  }

  #info(transaction: ServerTransaction, channel: Channel): void {
    const { headers, body } = transaction.request;
    const type = headers.get('Content-Type') ?? '';
    const digit = parseInfoDigit(type, body.toString());
    if (!digit && body.length > 0) {
      this.#respond(transaction, 415, { Accept: 'application/dtmf-relay, application/dtmf' });
      return;
    }
    this.#respond(transaction, 200);
    if (!digit) return;
    channel.press({ digit: digit.digit, duration: digit.durationMs * SAMPLES_PER_MS, source: 'ENDPOINT' });
  }

  #dialSocket(channel: Channel): void {
    dialApplication(channel, this.#target, this.#ports.eventSocket, this.#log);
  }

  #sayBye(cause: string): void {
    if (this.#state.at !== 'up') return;
    if (this.#unacknowledged) this.#state.byeCause = cause;
    else this.#bye(cause);
  }

  #bye(cause: string): void {
    if (this.#state.at !== 'up') return;
    delete this.#state.byeCause;
    this.#requests.bye(this.#state.dialog, cause);
    if (!this.#state.channel.up) this.#over();
  }

  #success(request: SipRequest, sdp: string): SipResponse {
    return makeResponse(request, 200, {
      toTag: this.localTag,
      headers: [
        ['Contact', this.#contact(this.#invite)],
        ['User-Agent', this.#ports.userAgent],
        ['Allow', ALLOW],
        ['Content-Type', 'application/sdp'],
      ],
      body: Buffer.from(sdp),
    });
  }

  #contact({ local }: ServerTransaction): string {
    return `<sip:drachtio@${local.external ?? local.address}:${local.port};transport=${local.transport}>`;
  }

  #respond(transaction: ServerTransaction, status: number, headers: Record<string, string> = {}): void {
    const all = [...Object.entries(headers), ['User-Agent', this.#ports.userAgent]] as [string, string][];
    transaction.respond(makeResponse(transaction.request, status, { toTag: this.localTag, headers: all }));
  }

  #refuse(status: number, headers: Record<string, string> = {}): void {
    if (this.#state.at !== 'opening') return;
    this.#respond(this.#invite, status, headers);
    this.#over();
  }

  /** Channel and dialog end apart: the dialog is forgotten when its BYE is out and its 2xx is acknowledged. */
  #over(): void {
    if (this.#state.at === 'over') return;
    if (this.#state.at === 'up' && this.#state.byeCause !== undefined) return;
    this.#state = { at: 'over' };
    this.#ports.onOver(this);
  }
}

function cseqOf(request: SipRequest): string {
  return request.headers.get('CSeq')?.split(' ')[0] ?? '';
}
