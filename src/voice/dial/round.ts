// One round of ringing: everything that rings at the same time. The first that is taken wins, the rest falls silent.
import type { DialRequest, DialTarget } from '../../app/ports.js';
import type { Clock } from '../../lib/clock.js';
import type { Ids } from '../../lib/ids.js';
import type { Log } from '../../lib/log.js';
import { abortable } from '../../lib/time-out.js';
import { VoiceLeg } from '../call/leg.js';
import type { Party } from '../call/leg-end.js';
import { checkOffer, isSecured } from '../call/session-description.js';
import { asError } from '../drachtio/deadline.js';
import type { Media, OpeningEndpoint } from '../drachtio/media.js';
import type { MediaEndpoint } from '../drachtio/media-endpoint.js';
import { displayName, hiloHeaders, userPart } from '../drachtio/plain-text.js';
import type { SipConnection } from '../drachtio/sip-connection.js';
import type { SipDialog } from '../drachtio/sip-dialog.js';
import type { Destination } from './destination.js';
import { type Failure, failureOf } from './outcome.js';
import type { PreparedLegs } from './prepared-legs.js';
import { type RingRequest, ring, SIGN_OF_LIFE_MS } from './ringing.js';

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
  readonly onLeg: (leg: VoiceLeg) => void;
}

/** The media leg of one who is rung: there before it rings, with our offer, or made when it answers, for the offer that it brings. */
interface CandidateMedia {
  session(): Promise<RingRequest['session']>;
  /** Throws as long as there is none. */
  opening(): OpeningEndpoint;
  /** The leg, connected with who answered. */
  connected(remoteSdp: string): Promise<MediaEndpoint>;
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
  /** The media legs that made our offers, one for each kind of device. */
  readonly #shared = new Map<Destination['media'], OpeningEndpoint>();
  readonly #opened: OpeningEndpoint[] = [];

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
      for (const opening of this.#opened) if (opening !== this.#winner) opening.abandon();
    }
  }

  async #try(candidate: Candidate): Promise<Attempted> {
    const acceptKey = candidate.target.kind === 'number' ? candidate.target.acceptKey : undefined;
    const media = this.#mayOffer(candidate) ? this.#ourOffer(candidate, acceptKey) : this.#theirOffer(candidate);
    const attempted = await this.#ring(candidate, media, acceptKey);
    if (attempted.kind === 'failed') {
      if (acceptKey !== undefined) media.opening().abandon();
      if (attempted.failure.final) this.#stop.abort();
    }
    return attempted;
  }

  async #ring(candidate: Candidate, media: CandidateMedia, acceptKey: string | undefined): Promise<Attempted> {
    const { clock, log } = this.#parts;
    const { target, destination, connection } = candidate;
    let dialog: SipDialog | undefined;
    let claimed = false;
    try {
      const session = await abortable(this.#stop.signal, media.session());
      const { ringMs = this.#request.ringMs } = target;
      const stop = this.#stop.signal;
      const signOfLifeMs = target.kind === 'device' ? SIGN_OF_LIFE_MS : ringMs;
      const headers = this.#headers();
      const rung = await ring({ connection, destination, headers, session, ringMs, signOfLifeMs, stop, clock });
      if (rung.kind === 'failed') return rung;
      dialog = rung.dialog;
      const opening = media.opening();
      claimed = acceptKey === undefined && this.#win(opening);
      if (acceptKey === undefined && !claimed) throw new Error('another device was quicker');
      const party = target.kind === 'device' || acceptKey !== undefined ? 'agent' : 'customer';
      const leg = await this.#connect(dialog, connection.server, media, party);
      if (acceptKey !== undefined && !(await this.#accepted(leg, target, opening))) {
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
      if (claimed) media.opening().abandon();
      else if (this.#stop.signal.aborted) return { kind: 'failed', failure: failureOf(487) };
      log.warn({ ...named(target), reason: asError(error).message }, 'device could not be connected');
      return { kind: 'failed', failure: failureOf(undefined) };
    }
  }

  async #connect(dialog: SipDialog, server: string, media: CandidateMedia, party: Party): Promise<VoiceLeg> {
    const { clock, ids, log, onLeg, node } = this.#parts;
    const endpoint = await media.connected(dialog.remoteSdp);
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

  async #accepted(leg: VoiceLeg, target: DialTarget, opening: OpeningEndpoint): Promise<boolean> {
    const { acceptKey, acceptPrompts = [] } = target.kind === 'number' ? target : {};
    try {
      const collected = await abortable(
        this.#stop.signal,
        leg.collect({
          prompts: acceptPrompts,
          min: 1,
          max: 1,
          terminators: '',
          firstDigitMs: ACCEPT_FIRST_KEY_MS,
          interDigitMs: ACCEPT_FIRST_KEY_MS,
          bargeIn: true,
        }),
      );
      return collected.outcome === 'digits' && collected.digits === acceptKey && this.#win(opening);
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

  #mayOffer({ destination }: Candidate): boolean {
    const { beside } = this.#request;
    const partner = beside instanceof VoiceLeg ? beside.endpoint : undefined;
    return destination.media === 'plain' || this.#parts.media.makesSecuredOffers(partner);
  }

  /** Who answers first shares the media leg of the round; who still has to accept needs one alone. */
  #ourOffer(candidate: Candidate, acceptKey: string | undefined): CandidateMedia {
    const { media } = candidate.destination;
    const shared = acceptKey === undefined ? this.#shared.get(media) : undefined;
    const opening = shared ?? this.#open(candidate);
    if (acceptKey === undefined) this.#shared.set(media, opening);
    return {
      session: async () => ({ sdp: await opening.sdp }),
      opening: () => opening,
      connected: async (answer) => {
        checked('answer', answer);
        const endpoint = await opening.endpoint;
        await endpoint.modify(answer);
        return endpoint;
      },
    };
  }

  /** A browser or a phone with SRTP makes the offer when it answers. */
  #theirOffer(candidate: Candidate): CandidateMedia {
    let made: OpeningEndpoint | undefined;
    const opening = (): OpeningEndpoint => {
      if (made === undefined) throw new Error('it answered without an offer');
      return made;
    };
    const answerTo = (offer: string): Promise<string> => {
      checked('offer', offer);
      if (!isSecured(offer))
        this.#parts.log.warn(named(candidate.target), 'the phone wants no SRTP: it talks in the clear');
      made = this.#open(candidate, offer);
      return made.sdp;
    };
    return { session: async () => ({ answerTo }), opening, connected: () => opening().endpoint };
  }

  /** @param offer absent: the leg makes one */
  #open({ connection, destination }: Candidate, offer?: string): OpeningEndpoint {
    const { beside } = this.#request;
    // Only where there is somebody to write with: an unknown line in an offer puts some phones off.
    const text = offer === undefined && beside?.text !== undefined;
    const partner = beside instanceof VoiceLeg ? { beside: beside.endpoint, text } : {};
    const mayBePrepared = beside instanceof VoiceLeg && destination.media === 'plain' && !text;
    const secure = destination.media === 'plain' ? {} : { secure: destination.media };
    const wish = offer === undefined ? secure : { offer };
    const opening =
      (mayBePrepared ? this.#parts.prepared.take(beside) : undefined) ??
      this.#parts.media.open({ urgent: true, via: connection, ...partner, ...wish });
    this.#opened.push(opening);
    return opening;
  }

  #headers(): Record<string, string> {
    const { from, headers } = this.#request;
    const name = displayName(from.name);
    // drachtio puts its own address in place of `localhost` (compatibility A7).
    const address = `<sip:${userPart(from.number)}@localhost>`;
    return { ...hiloHeaders(headers), From: name === '' ? address : `"${name}" ${address}` };
  }
}

/** Throws on what the media server is not to see. */
function checked(what: 'offer' | 'answer', sdp: string): void {
  const check = checkOffer(sdp, 'start');
  if (!check.ok) throw new Error(`unusable ${what}: ${check.reason}`);
}

/** For the log: devices by name, numbers not at all. */
function named(target: DialTarget): object {
  return target.kind === 'device' ? { device: target.device } : { trunk: target.trunk };
}
