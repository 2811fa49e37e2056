// Received telephone-events turned into one digit per key (RFC 4733 §2.5.2).
import { type RtpPacket, timestampDistance } from './packet.js';
import { type KeyEvent, keyOfEvent, readKeyEvent, SEGMENT_SAMPLES_MAX } from './telephone-event.js';

/*
   idle ──packet──▶ pressed ──end packet, next key, silence of 200 ms──▶ released (reports the digit)
                       ▲                                                    │
                       └──packet of another key, or of the same after 1 s───┘
   A key is known by its RTP timestamp: repeated end packets and late packets of it change nothing any more. After a second
   even the same timestamp is a new key: test tools send one captured key again and again.
*/
type State =
  | { readonly state: 'idle' }
  | {
      readonly state: 'pressed';
      readonly event: number;
      timestamp: number;
      /** Duration of the segments before this one: keys longer than 8.19 s (RFC 4733 §2.5.1.3). */
      earlierSamples: number;
      segmentSamples: number;
      heardFrame: number;
    }
  | { readonly state: 'released'; readonly event: number; timestamp: number; readonly frame: number };

/** A key without its end packets counts as released after so many frames of 20 ms without an update. */
export const RELEASE_FRAMES = 10;
/** Repeated packets of a key come within this time of its end, in frames. */
const REMEMBER_FRAMES = 50;
/** Packets older than the current key by up to so many samples are late ones of an earlier key; beyond, the sender has jumped. */
const LATE_SAMPLES_MAX = 40_000;

export class DigitReceiver {
  #state: State = { state: 'idle' };
  /** Of the last event packet: events may have a stream of their own beside the audio. */
  #ssrc: number | undefined;
  readonly #key: KeyEvent = { event: 0, end: false, durationSamples: 0 };
  readonly #onDigit: (digit: string, durationSamples: number) => void;

  constructor(onDigit: (digit: string, durationSamples: number) => void) {
    this.#onDigit = onDigit;
  }

  /** A key is held and may have to be released by {@link expire}. */
  get pressed(): boolean {
    return this.#state.state === 'pressed';
  }

  /** Takes the event packet `packet` heard in frame number `frame`; false when it is malformed. */
  receive(datagram: Buffer, packet: RtpPacket, frame: number): boolean {
    const key = this.#key;
    const { timestamp, ssrc } = packet;
    if (!readKeyEvent(datagram, packet.payloadStart, packet.payloadEnd, key)) return false;
    if (ssrc !== this.#ssrc) this.restart(frame);
    this.#ssrc = ssrc;
    if (this.#isOtherKey(key, timestamp, frame)) {
      this.release(frame);
      this.#state = {
        state: 'pressed',
        event: key.event,
        timestamp,
        earlierSamples: 0,
        segmentSamples: 0,
        heardFrame: frame,
      };
    }
    const state = this.#state;
    if (state.state !== 'pressed' || state.event !== key.event || state.timestamp !== timestamp) return true;
    state.segmentSamples = Math.max(state.segmentSamples, key.durationSamples);
    state.heardFrame = frame;
    if (key.end) this.release(frame);
    return true;
  }

  /** To be called now and then: releases a key whose end packets were lost. */
  expire(frame: number): void {
    if (this.#state.state === 'pressed' && frame - this.#state.heardFrame >= RELEASE_FRAMES) this.release(frame);
  }

  /** Reports a key that is held, as released now: the sender has changed or the stream is over. */
  release(frame: number): void {
    const state = this.#state;
    if (state.state !== 'pressed') return;
    this.#state = { state: 'released', event: state.event, timestamp: state.timestamp, frame };
    this.#onDigit(keyOfEvent(state.event), state.earlierSamples + state.segmentSamples);
  }

  /** Forgets the timestamps heard: a new sender starts its own. */
  restart(frame: number): void {
    this.release(frame);
    this.#state = { state: 'idle' };
  }

  #isOtherKey(key: KeyEvent, timestamp: number, frame: number): boolean {
    const state = this.#state;
    if (state.state === 'idle') return true;
    const distance = timestampDistance(timestamp, state.timestamp);
    if (distance === 0) return state.state === 'released' && !key.end && frame - state.frame > REMEMBER_FRAMES;
    if (distance === SEGMENT_SAMPLES_MAX && key.event === state.event) {
      if (state.state === 'pressed') {
        state.earlierSamples += SEGMENT_SAMPLES_MAX;
        state.segmentSamples = 0;
      }
      state.timestamp = timestamp;
      return false;
    }
    return distance > 0 || distance < -LATE_SAMPLES_MAX;
  }
}
