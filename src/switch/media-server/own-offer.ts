// Owns an offer of ours inside a call: the re-INVITE of uuid_media_reneg, what comes of it, and its ACK (RFC 3261 §14.1).
import type { Timer } from '../../lib/clock.js';
import type { Ids } from '../../lib/ids.js';
import type { Channel } from '../channel/channel.js';
import { afterResponse, type Dialog } from '../sip/dialog.js';
import type { SipResponse } from '../sip/message/message.js';
import type { SentRequest } from '../sip/stack.js';
import type { MediaSession } from './media-session.js';
import type { OwnRequests } from './own-requests.js';

/** After so many 491 in a row the media stays as it is. */
export const TRIES_MAX = 3;
/** Who did not make the Call-ID waits up to so long after a 491, in steps of 10 ms. */
const GLARE_STEPS = 200;
const GLARE_STEP_MS = 10;

export interface OwnOfferPorts {
  readonly media: MediaSession;
  readonly channel: Channel;
  readonly requests: OwnRequests;
  readonly ids: Ids;
  readonly allow: string;
  /** Undefined when the call is over. */
  dialog(): Dialog | undefined;
  keep(dialog: Dialog): void;
}

/**
 * ```
 *   none ──start──▶ open (made, sent) ──answer, refusal──▶ none
 *                     │ 491     ▲
 *                     ▼         │ after a while
 *                   waiting ────┘
 * ```
 */
type State =
  | { readonly at: 'none' }
  | { readonly at: 'open'; readonly tries: number }
  | { readonly at: 'waiting'; readonly tries: number; readonly timer: Timer };

const NONE: State = { at: 'none' };

export class OwnOffer {
  readonly #ports: OwnOfferPorts;
  #state: State = NONE;

  constructor(ports: OwnOfferPorts) {
    this.#ports = ports;
    ports.channel.onOver(() => this.#close());
  }

  /** An offer is out, or being made: another one has to wait. */
  get open(): boolean {
    return this.#state.at === 'open';
  }

  /** False when one is under way already. */
  start(): boolean {
    if (this.#state.at !== 'none') return false;
    void this.#offer(1);
    return true;
  }

  /** Never rejects. */
  async #offer(tries: number): Promise<void> {
    this.#state = { at: 'open', tries };
    const { media, channel, requests, allow } = this.#ports;
    const offer = await media.offer();
    const dialog = this.#ports.dialog();
    if (!offer.ok) channel.log.error({ reason: offer.reason }, 'no offer of ours');
    if (!offer.ok || dialog === undefined || !channel.up) {
      this.#state = NONE;
      return;
    }
    try {
      let acknowledged: SentRequest | undefined;
      const headers: [string, string][] = [
        ['Allow', allow],
        ['Content-Type', 'application/sdp'],
      ];
      const sent = requests.send(
        dialog,
        'INVITE',
        { headers, body: Buffer.from(offer.sdp) },
        {
          onResponse: (response) => {
            if (acknowledged !== undefined) acknowledged.resend();
            else acknowledged = this.#onResponse(response, sent.dialog);
          },
          onFailure: (reason) => this.#onFailure(reason),
        },
      );
      this.#ports.keep(sent.dialog);
    } catch (error) {
      this.#state = NONE;
      channel.log.error({ err: error }, 'our offer was not sent');
    }
  }

  /** Gives the ACK of a 2xx, which is ours to repeat (§13.2.2.4). */
  #onResponse(response: SipResponse, dialog: Dialog): SentRequest | undefined {
    const { status } = response;
    if (status < 200) return undefined;
    if (status >= 300) {
      this.#refused(status);
      return undefined;
    }
    const refreshed = afterResponse(dialog, 'INVITE', response);
    const current = this.#ports.dialog();
    if (current !== undefined) this.#ports.keep({ ...current, remoteTarget: refreshed.remoteTarget });
    void this.#accept(response.body.toString());
    try {
      return this.#ports.requests.acknowledge(refreshed, dialog.localCseq);
    } catch (error) {
      this.#ports.channel.log.warn({ err: error }, 'no way to the Contact of the answer to our offer');
      return undefined;
    }
  }

  async #accept(answer: string): Promise<void> {
    const { media, channel } = this.#ports;
    const accepted = await media.acceptAnswer(answer);
    this.#state = NONE;
    if (accepted.ok || !channel.up) return;
    channel.log.warn({ reason: accepted.reason }, 'no usable answer to our offer');
    channel.hangup('INCOMPATIBLE_DESTINATION');
  }

  #refused(status: number): void {
    const { channel, ids } = this.#ports;
    const tries = this.#state.at === 'open' ? this.#state.tries : TRIES_MAX;
    this.#state = NONE;
    if (!channel.up) return;
    if (status === 491 && tries < TRIES_MAX) {
      const ms = (Number.parseInt(ids.token(2), 16) % (GLARE_STEPS + 1)) * GLARE_STEP_MS;
      const timer = channel.core.clock.after(ms, () => void this.#offer(tries + 1));
      this.#state = { at: 'waiting', tries, timer };
      return;
    }
    // Any other refusal leaves the media as it was (§14.1); without a dialog over there is nobody left (§12.2.1.2).
    channel.log.warn({ status }, 'our offer was refused');
    if (status === 481 || status === 408) channel.hangup('NORMAL_TEMPORARY_FAILURE');
  }

  #onFailure(reason: 'timeout' | 'transport'): void {
    this.#refused(reason === 'timeout' ? 408 : 503);
  }

  #close(): void {
    if (this.#state.at === 'waiting') this.#state.timer.cancel();
    this.#state = NONE;
  }
}
