// One round of ringing: everything that rings at the same time. The first that is taken wins, the rest falls silent.
import type { DialRequest, DialTarget } from '../../app/ports.js';
import type { Clock } from '../../lib/clock.js';
import type { Ids } from '../../lib/ids.js';
import type { Log } from '../../lib/log.js';
import { abortable } from '../../lib/time-out.js';
import { VoiceLeg } from '../call/leg.js';
import type { Party } from '../call/leg-end.js';
import { checkOffer } from '../call/session-description.js';
import { asError } from '../drachtio/deadline.js';
import type { Media, OpeningEndpoint } from '../drachtio/media.js';
import { displayName, hiloHeaders, userPart } from '../drachtio/plain-text.js';
import type { SipConnection } from '../drachtio/sip-connection.js';
import type { SipDialog } from '../drachtio/sip-dialog.js';
import type { Destination } from './destination.js';
import { type Failure, failureOf } from './outcome.js';
import type { PreparedLegs } from './prepared-legs.js';
import { ring, SIGN_OF_LIFE_MS } from './ringing.js';

/** A mobile that was answered has to be accepted with a key: its voicemail cannot press one. */
const ACCEPT_FIRST_KEY_MS = 8000;

export interface Candidate {
  readonly target: DialTarget;
  readonly destination: Destination;
  /** The SIP server that reaches it. */
  readonly connection: SipConnection;
}

export interface RoundParts {
  readonly node: string;
  readonly media: Media;
  readonly prepared: PreparedLegs;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  /** WAV that asks for the key; undefined: silence is heard. */
  readonly acceptPrompt: string | undefined;
  readonly onLeg: (leg: VoiceLeg) => void;
}

export type Attempted =
  | { readonly kind: 'answered'; readonly leg: VoiceLeg; readonly target: DialTarget }
  | { readonly kind: 'failed'; readonly failure: Failure };

export class Round {
  readonly #parts: RoundParts;
  readonly #request: DialRequest;
  /** Aborted when somebody has won or the request is withdrawn: CANCEL to the others. */
  readonly #stop = new AbortController();
  /** The media leg of who took the call. */
  #winner: OpeningEndpoint | undefined;
  /** The media leg of the round for each kind of device. */
  readonly #shared = new Map<Destination['media'], OpeningEndpoint>();

  constructor(request: DialRequest, parts: RoundParts) {
    this.#request = request;
    this.#parts = parts;
  }

  /** Settles when everything of this round is known, also when the request is withdrawn meanwhile. Never rejects. */
  async run(candidates: readonly Candidate[]): Promise<readonly Attempted[]> {
    const onWithdrawn = (): void => this.#stop.abort();
    this.#request.signal.addEventListener('abort', onWithdrawn, { once: true });
    if (this.#request.signal.aborted) onWithdrawn();
    try {
      return await Promise.all(candidates.map((candidate) => this.#try(candidate)));
    } finally {
      this.#request.signal.removeEventListener('abort', onWithdrawn);
      for (const opening of this.#shared.values()) if (opening !== this.#winner) opening.abandon();
    }
  }

  async #try(candidate: Candidate): Promise<Attempted> {
    const acceptKey = candidate.target.kind === 'number' ? candidate.target.acceptKey : undefined;
    // Who answers first shares the media leg of the round; who still has to accept needs one alone.
    const opening = acceptKey === undefined ? this.#sharedEndpoint(candidate) : this.#open(candidate);
    const attempted = await this.#ring(candidate, opening, acceptKey);
    if (attempted.kind === 'failed') {
      if (acceptKey !== undefined) opening.abandon();
      if (attempted.failure.final) this.#stop.abort();
    }
    return attempted;
  }

  async #ring(candidate: Candidate, opening: OpeningEndpoint, acceptKey: string | undefined): Promise<Attempted> {
    const { clock, log } = this.#parts;
    const { target, destination, connection } = candidate;
    let dialog: SipDialog | undefined;
    let claimed = false;
    try {
      const sdp = await abortable(this.#stop.signal, opening.sdp);
      if (destination.media === 'sdes' && !/^m=audio \d+ RTP\/SAVP /m.test(sdp)) {
        log.warn(named(target), 'the media server offers no SRTP with keys in SDP: the phone is called in the clear');
      }
      const { ringMs } = this.#request;
      const stop = this.#stop.signal;
      const signOfLifeMs = target.kind === 'device' ? SIGN_OF_LIFE_MS : ringMs;
      const headers = this.#headers();
      const rung = await ring({ connection, destination, headers, sdp, ringMs, signOfLifeMs, stop, clock });
      if (rung.kind === 'failed') return rung;
      dialog = rung.dialog;
      claimed = acceptKey === undefined && this.#win(opening);
      if (acceptKey === undefined && !claimed) throw new Error('another device was quicker');
      const party = target.kind === 'device' || acceptKey !== undefined ? 'agent' : 'customer';
      const leg = await this.#connect(dialog, connection.server, opening, party);
      if (acceptKey !== undefined && !(await this.#accepted(leg, acceptKey, opening))) {
        void leg.hangUp({ by: 'hilo', reason: 'not-accepted' });
        return { kind: 'failed', failure: { reason: 'rejected', final: false } };
      }
      if (this.#request.signal.aborted) {
        void leg.hangUp({ by: 'hilo', reason: 'withdrawn' });
        return { kind: 'failed', failure: failureOf(487) };
      }
      return { kind: 'answered', leg, target };
    } catch (error) {
      void dialog?.bye('not-connected');
      if (claimed) opening.abandon();
      else if (this.#stop.signal.aborted) return { kind: 'failed', failure: failureOf(487) };
      log.warn({ ...named(target), reason: asError(error).message }, 'device could not be connected');
      return { kind: 'failed', failure: failureOf(undefined) };
    }
  }

  async #connect(dialog: SipDialog, server: string, opening: OpeningEndpoint, party: Party): Promise<VoiceLeg> {
    const { clock, ids, log, onLeg, node } = this.#parts;
    const check = checkOffer(dialog.remoteSdp, 'start');
    if (!check.ok) throw new Error(`unusable answer: ${check.reason}`);
    const endpoint = await opening.endpoint;
    await endpoint.modify(dialog.remoteSdp);
    const { interaction } = this.#request;
    const leg = new VoiceLeg({
      id: ids.uuid(),
      dialog,
      endpoint,
      party,
      home: { node, server },
      interaction,
      clock,
      log,
    });
    onLeg(leg);
    if (leg.ended.aborted) throw new Error('hung up at once');
    return leg;
  }

  async #accepted(leg: VoiceLeg, key: string, opening: OpeningEndpoint): Promise<boolean> {
    const { acceptPrompt } = this.#parts;
    try {
      const collected = await abortable(
        this.#stop.signal,
        leg.collect({
          prompts: acceptPrompt === undefined ? [] : [acceptPrompt],
          min: 1,
          max: 1,
          terminators: '',
          firstDigitMs: ACCEPT_FIRST_KEY_MS,
          interDigitMs: ACCEPT_FIRST_KEY_MS,
          bargeIn: true,
        }),
      );
      return collected.outcome === 'digits' && collected.digits === key && this.#win(opening);
    } catch (error) {
      this.#parts.log.info({ reason: asError(error).message }, 'call to a number was not accepted');
      return false;
    }
  }

  #win(opening: OpeningEndpoint): boolean {
    if (this.#winner !== undefined || this.#request.signal.aborted) return false;
    this.#winner = opening;
    this.#stop.abort('won');
    return true;
  }

  #sharedEndpoint(candidate: Candidate): OpeningEndpoint {
    const { media } = candidate.destination;
    const shared = this.#shared.get(media) ?? this.#open(candidate);
    this.#shared.set(media, shared);
    return shared;
  }

  #open({ connection, destination }: Candidate): OpeningEndpoint {
    const { beside } = this.#request;
    // Only where there is somebody to write with: an unknown line in an offer puts some phones off.
    const text = beside?.text !== undefined;
    const prepared =
      beside instanceof VoiceLeg && destination.media === 'plain' && !text
        ? this.#parts.prepared.take(beside)
        : undefined;
    if (prepared !== undefined) return prepared;
    const partner = beside instanceof VoiceLeg ? { beside: beside.endpoint, text } : {};
    const secure = destination.media === 'plain' ? {} : { secure: destination.media };
    return this.#parts.media.open({ urgent: true, via: connection, ...partner, ...secure });
  }

  #headers(): Record<string, string> {
    const { from, headers } = this.#request;
    const name = displayName(from.name);
    // drachtio puts its own address in place of `localhost` (compatibility A7).
    const address = `<sip:${userPart(from.number)}@localhost>`;
    return { ...hiloHeaders(headers), From: name === '' ? address : `"${name}" ${address}` };
  }
}

/** For the log: devices by name, numbers not at all. */
function named(target: DialTarget): object {
  return target.kind === 'device' ? { device: target.device } : { trunk: target.trunk };
}
