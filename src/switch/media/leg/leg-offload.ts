// A leg's plain work in native hands: when it may go there, what goes over, what comes back, so that both sides count as one.
import type { RemoteMedia } from '../media-leg.js';
import type { MediaPath } from '../path/media-path.js';
import type { Offload, OffloadListener, OffloadPlan } from '../path/offload.js';
import type { LegRecordings } from './leg-recordings.js';
import type { LegReports } from './leg-reports.js';
import type { OutgoingStream } from './outgoing-stream.js';
import type { Player } from './player.js';

// A leg's state as numbers: where each part begins. `exchange` of native/src/leg-state.h has the same order.
const RECEPTION = 0;
const OUTGOING = 18;
const SENT_PACKETS = 26;
const SENT_BYTES = 27;
const FLOOD = 28;
const BUDGET = 29;
const HEARD_FRAME = 30;
const PLAYED = 31;
const STATE_NUMBERS = 32;
/** Less than 100 ms are not worth handing over. */
const STRETCH_SAMPLES_MIN = 800;

/**
 * A leg is handed over when we have heard all there was to hear. Are there so many packets that we never get there, those that
 * wait are given up: else everybody would be served late, and for ever.
 */
const REFUSALS_MAX = 5;

// Shared by all legs of the thread: used and left within one call.
const state = new Float64Array(STATE_NUMBERS);

/** How a leg watches its remote party. */
export interface Hearing {
  /** Packets that may still be heard in this second. */
  budget: number;
  /** Frame of the last packet. */
  frame: number;
  /** That nothing comes any more has been reported. */
  silenceTold: boolean;
}

export interface OffloadParts {
  readonly path: MediaPath;
  readonly out: OutgoingStream;
  readonly reports: LegReports;
  readonly player: Player;
  readonly recordings: LegRecordings;
  readonly hearing: Hearing;
  /** What the leg would give away now; undefined when its work is not plain. */
  readonly wish: () => OffloadWish | undefined;
  /** A telephone-event packet, counted already. */
  readonly onKey: (datagram: Buffer) => void;
}

export interface OffloadWish {
  readonly remote: RemoteMedia;
  readonly muted: { readonly read: boolean; readonly write: boolean };
  /** Of the media clock. */
  readonly slot: number;
  /** Of the bridged leg. */
  readonly peer: LegOffload | undefined;
}

export class LegOffload implements OffloadListener {
  readonly #parts: OffloadParts;
  #active: { readonly offload: Offload; readonly plan: OffloadPlan } | undefined;
  /** Attempts in vain to hand over, one after the other. */
  #refusals = 0;
  /** Samples of the stretch that the player knows of. */
  #played = 0;

  constructor(parts: OffloadParts) {
    this.#parts = parts;
  }

  /** True while somebody else does the work. */
  get active(): boolean {
    return this.#active !== undefined;
  }

  /** Gives away what is plain, if it is; both legs of a bridge together, or neither. */
  handOver(): void {
    if (this.#active !== undefined) return;
    const wish = this.#possibleWish();
    const peer = wish?.peer;
    if (wish === undefined) return;
    if (peer === undefined) {
      this.#count(this.#begin(wish, this.#refusals >= REFUSALS_MAX));
      return;
    }
    const peerWish = peer.#possibleWish();
    if (peerWish?.peer !== this) return;
    const forget = Math.max(this.#refusals, peer.#refusals) >= REFUSALS_MAX;
    const begun = peer.#begin(peerWish, forget) && this.#begin(wish, forget);
    this.#count(begun);
    peer.#count(begun);
  }

  /** Brings counts and positions up to date; without effect while nothing is handed over. */
  sync(): void {
    if (this.#active === undefined) return;
    this.#active.offload.read(state);
    this.#restore();
  }

  /** Takes everything back; without effect while nothing is handed over. */
  end(): void {
    if (this.#active === undefined) return;
    this.#active.offload.end(state);
    this.#restore();
    this.#active = undefined;
  }

  /** To be called in each frame: recordings and the like have begun or ended meanwhile, and what is told does not fit any more. */
  adapt(): void {
    if (this.#active !== undefined && this.#active.plan.tap !== this.#parts.recordings.active) this.end();
  }

  onHandedBack(): void {
    this.end();
  }

  onKey(datagram: Buffer): void {
    this.#parts.onKey(datagram);
  }

  onHeard(timestamp: number, bytes: Buffer, start: number, end: number): void {
    const law = this.#active?.plan.payloadType;
    if (law !== undefined) this.#parts.recordings.put('read', timestamp, bytes, start, end, law);
  }

  onSent(timestamp: number, bytes: Buffer, start: number, end: number): void {
    const law = this.#active?.plan.payloadType;
    if (law !== undefined) this.#parts.recordings.put('write', timestamp, bytes, start, end, law);
  }

  /** What the leg wishes, if the path can take work and what is played lies ready. */
  #possibleWish(): OffloadWish | undefined {
    const { path, player, wish } = this.#parts;
    if (path.offload === undefined) return undefined;
    const wished = wish();
    if (wished === undefined || !player.playing) return wished;
    const stretch = player.ahead();
    const isWorth = stretch !== undefined && stretch.end - stretch.offset >= STRETCH_SAMPLES_MIN;
    return isWorth && wished.remote.send ? wished : undefined;
  }

  /** False when it is not possible at this moment. */
  #begin({ remote, muted, slot, peer }: OffloadWish, forget: boolean): boolean {
    if (this.#active !== undefined) return true;
    const { path, player, recordings } = this.#parts;
    const { offload } = path;
    const peerOffload = peer === undefined ? undefined : peer.#parts.path.offload;
    if (offload === undefined || (peer !== undefined && peerOffload === undefined)) return false;
    const { payloadType, send, receive, telephoneEvent: eventType } = remote;
    const stretch = player.ahead();
    const plan: OffloadPlan = {
      ...{ payloadType, send, receive, slot, forget, tap: recordings.active },
      ...{ muteRead: muted.read, muteWrite: muted.write },
      ...(eventType === undefined ? {} : { eventType }),
      ...(peerOffload === undefined ? {} : { peer: peerOffload }),
      ...(stretch === undefined ? {} : { stretch }),
    };
    this.#save();
    if (!offload.begin(state, plan, this)) return false;
    this.#active = { offload, plan };
    this.#played = 0;
    return true;
  }

  #count(begun: boolean): void {
    this.#refusals = begun ? 0 : this.#refusals + 1;
  }

  #save(): void {
    const { out, reports, hearing } = this.#parts;
    reports.reception.save(state, RECEPTION);
    out.save(state, OUTGOING);
    state[SENT_PACKETS] = reports.sent.packets;
    state[SENT_BYTES] = reports.sent.bytes;
    state[FLOOD] = reports.received.flood;
    state[BUDGET] = hearing.budget;
    state[HEARD_FRAME] = hearing.frame;
    state[PLAYED] = 0;
  }

  #restore(): void {
    const { out, reports, player, hearing, path } = this.#parts;
    reports.reception.restore(state, RECEPTION);
    out.restore(state, OUTGOING);
    reports.sent.packets = state[SENT_PACKETS] ?? 0;
    reports.sent.bytes = state[SENT_BYTES] ?? 0;
    reports.received.flood = state[FLOOD] ?? 0;
    const played = state[PLAYED] ?? 0;
    if (played > this.#played) player.advance(played - this.#played, out.lastFrame);
    this.#played = played;
    hearing.budget = state[BUDGET] ?? 0;
    const heardFrame = state[HEARD_FRAME] ?? 0;
    if (heardFrame <= hearing.frame) return;
    hearing.frame = heardFrame;
    hearing.silenceTold = false;
    path.heard?.(heardFrame);
  }
}
