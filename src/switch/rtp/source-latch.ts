// Who may send to a leg: symmetric RTP learns the true source behind a NAT within bounds; then nobody else is heard.
import type { RtpPacket } from './packet.js';

/** What of a packet says who sent it. */
type Mark = Pick<RtpPacket, 'sequence' | 'ssrc'>;

export interface Source {
  readonly address: string;
  readonly port: number;
}

/** So many packets in sequence from one unexpected source make it the true one, unless a better one speaks first. */
export const LATCH_PACKETS = 10;
/** ... spread over so many frames of 20 ms: a burst of packets made in advance earns nothing. */
export const LATCH_SPAN_FRAMES = 8;
/** Strangers are looked at for so long after each exchange of descriptions: 5 s. */
export const WINDOW_FRAMES = 250;
/** ... and again when nothing has been heard for so long: a NAT that forgot the way, a party that moved. 10 s. */
export const SILENCE_FRAMES = 500;
/** A new SSRC from the true source is heard when the old one has been silent for so long: 60 ms. */
export const SSRC_SILENCE_FRAMES = 3;
/** The old SSRC that comes back within this time takes its place again: the new one was an intruder. 1 s. */
const SSRC_RETURN_FRAMES = 50;
const CANDIDATES_MAX = 8;
/** Two packets are in sequence when the second is at most so many ahead. */
const SEQUENCE_STEP_MAX = 5;
/** Nobody speaks faster than this many packets per frame (10 ms each), plus those that waited while we were busy. */
const PACKETS_PER_FRAME_MAX = 2;
const PACKETS_WAITING_MAX = 12;

/** When a stranger is believed, by what it sends. */
export interface LatchRules {
  readonly packets: number;
  readonly spanFrames: number;
  readonly windowFrames: number;
}

/** Speech comes at once and without end. */
const SPEECH: LatchRules = { packets: LATCH_PACKETS, spanFrames: LATCH_SPAN_FRAMES, windowFrames: WINDOW_FRAMES };

interface Candidate extends Source {
  ssrc: number;
  packets: number;
  sequence: number;
  firstFrame: number;
}

/*
   learning ──the announced source──▶ locked ◀──the announced source, always── latched
      └──a stranger with enough packets in sequence, while the window is open──▶ latched ──one with the announced address,
                                                                                  ▲ └──╯   while the window is open
   locked, latched ──silent for 10 s, then a stranger with enough in sequence────────╯

   The window is open for 5 s after an exchange of descriptions and while nothing has been heard for 10 s. `fixed` never
   learns: the way was proved otherwise (ICE).
*/
type State =
  | { readonly state: 'learning' }
  | { readonly state: 'latched' | 'locked' | 'fixed'; readonly source: Source };

export class SourceLatch {
  readonly #announced: Source;
  readonly #rules: LatchRules;
  #state: State;
  readonly #candidates: Candidate[] = [];
  #openedFrame: number;
  #heardFrame: number;
  #ssrc: { readonly value: number; heardFrame: number } | undefined;
  #formerSsrc: { readonly value: number; readonly untilFrame: number } | undefined;

  /** `learn: false` locks to the announced source for ever. `frame`: the media clock, 20 ms a frame. */
  constructor(announced: Source, learn: boolean, frame: number, rules: LatchRules = SPEECH) {
    this.#announced = announced;
    this.#rules = rules;
    this.#state = learn ? { state: 'learning' } : { state: 'fixed', source: announced };
    this.#openedFrame = frame;
    this.#heardFrame = frame;
  }

  /** Where to send: the true source, or the announced one while it is not known. */
  get target(): Source {
    return this.#state.state === 'learning' ? this.#announced : this.#state.source;
  }

  /** True while nobody but {@link target} can be heard, so that the kernel may drop all others unread. */
  isExclusive(frame: number): boolean {
    const { state } = this.#state;
    return state === 'fixed' || (state === 'locked' && frame - this.#heardFrame < SILENCE_FRAMES);
  }

  /** It is not known yet where packets will come from. */
  get isLearning(): boolean {
    return this.#state.state === 'learning';
  }

  /** {@link target} was heard at this frame, with the same {@link ssrc}, by somebody who asked nothing. */
  heard(frame: number): void {
    this.#heardFrame = Math.max(this.#heardFrame, frame);
    if (this.#ssrc !== undefined) this.#ssrc.heardFrame = Math.max(this.#ssrc.heardFrame, frame);
  }

  /** Of the audio heard from {@link target}; undefined before any was. */
  get ssrc(): number | undefined {
    return this.#ssrc?.value;
  }

  /** Descriptions were exchanged again and name the same source. */
  reopen(frame: number): void {
    this.#openedFrame = frame;
    this.#heardFrame = frame;
  }

  /** True when a packet from there may be heard. May latch or lock. */
  accepts(address: string, port: number, packet: Mark, frame: number): boolean {
    const state = this.#state;
    const isTarget = state.state !== 'learning' && isAt(state.source, address, port);
    if (!isTarget && !this.#moves(address, port, packet, frame)) return false;
    this.#heardFrame = frame;
    return true;
  }

  /**
   * True when an audio packet of this SSRC continues what was heard or takes its place. To be asked after {@link accepts};
   * not for telephone-events, which may have an SSRC of their own.
   */
  continues(ssrc: number, frame: number): boolean {
    const current = this.#ssrc;
    if (current?.value === ssrc) {
      current.heardFrame = frame;
      return true;
    }
    const former = this.#formerSsrc;
    const isReturning = former?.value === ssrc && frame <= former.untilFrame;
    if (current !== undefined && !isReturning && frame - current.heardFrame < SSRC_SILENCE_FRAMES) return false;
    this.#ssrc = { value: ssrc, heardFrame: frame };
    this.#formerSsrc =
      current === undefined || isReturning
        ? undefined
        : { value: current.value, untilFrame: frame + SSRC_RETURN_FRAMES };
    return true;
  }

  /** A packet from elsewhere than the present target: true when its sender is the target from now on. */
  #moves(address: string, port: number, packet: Mark, frame: number): boolean {
    const state = this.#state;
    if (state.state === 'fixed') return false;
    const isAnnounced = isAt(this.#announced, address, port);
    if (!isAnnounced) {
      if (!this.#mayLearn(address, frame) || !this.#hasEarnedTrust(address, port, packet, frame)) return false;
    }
    this.#state = { state: isAnnounced ? 'locked' : 'latched', source: { address, port } };
    this.#candidates.length = 0;
    this.#ssrc = undefined;
    this.#formerSsrc = undefined;
    return true;
  }

  #mayLearn(address: string, frame: number): boolean {
    if (frame - this.#heardFrame >= SILENCE_FRAMES) return true;
    const isOpen = frame - this.#openedFrame < this.#rules.windowFrames;
    const state = this.#state;
    if (state.state === 'learning') return isOpen;
    // Another port of the announced address is more likely the true one than another address.
    const { address: announced } = this.#announced;
    return isOpen && state.state === 'latched' && address === announced && state.source.address !== announced;
  }

  #hasEarnedTrust(address: string, port: number, packet: Mark, frame: number): boolean {
    const candidates = this.#candidates;
    const { sequence, ssrc } = packet;
    const known = candidates.find((candidate) => isAt(candidate, address, port));
    if (known === undefined) {
      if (candidates.length >= CANDIDATES_MAX) candidates.shift();
      candidates.push({ address, port, ssrc, packets: 1, sequence, firstFrame: frame });
      return false;
    }
    const step = (sequence - known.sequence) & 0xffff;
    const elapsed = frame - known.firstFrame;
    const isTooFast = known.packets > PACKETS_PER_FRAME_MAX * elapsed + PACKETS_WAITING_MAX;
    const follows = ssrc === known.ssrc && step >= 1 && step <= SEQUENCE_STEP_MAX && !isTooFast;
    known.packets = follows ? known.packets + 1 : 1;
    if (!follows) known.firstFrame = frame;
    known.sequence = sequence;
    known.ssrc = ssrc;
    return known.packets >= this.#rules.packets && frame - known.firstFrame >= this.#rules.spanFrames;
  }
}

function isAt(source: Source, address: string, port: number): boolean {
  return source.port === port && source.address === address;
}
