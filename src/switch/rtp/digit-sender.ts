// Digits to be sent as telephone-events, one packet per frame of 20 ms (RFC 4733 §2.5.1).
import { FRAME_SAMPLES, SAMPLE_RATE } from './g711.js';
import { eventOfKey, type KeyEvent, SEGMENT_SAMPLES_MAX } from './telephone-event.js';

export const DIGITS_QUEUED_MAX = 128;
/** FreeSWITCH's default_dtmf_duration (2000 samples), and the limits it puts on others. */
export const DIGIT_MS = 250;
const DIGIT_MS_MIN = 50;
/** One segment; longer keys are not asked for by anybody. */
const DIGIT_MS_MAX = Math.floor((SEGMENT_SAMPLES_MAX * 1_000) / SAMPLE_RATE);
/** The end packet is sent three times (RFC 4733 §2.5.1.4), one per frame. */
const END_PACKETS = 3;
const GAP_FRAMES = 2;
const PAUSE_MS: Readonly<Record<string, number>> = { w: 500, W: 1_000 };

interface Step {
  readonly kind: 'key' | 'pause';
  readonly event: number;
  readonly frames: number;
}

/** A packet to send now; `first` asks for the marker bit and a fresh timestamp. */
export interface OutgoingKeyEvent extends KeyEvent {
  first: boolean;
}

/** Reads digits, `w` (500 ms) and `W` (1 s); undefined when anything else is among them. */
export function parseDigits(digits: string, durationMs = DIGIT_MS): Step[] | undefined {
  if (digits.length > DIGITS_QUEUED_MAX || !Number.isFinite(durationMs)) return undefined;
  const keyMs = Math.max(DIGIT_MS_MIN, Math.min(DIGIT_MS_MAX, durationMs));
  const steps: Step[] = [];
  for (const character of digits) {
    const pauseMs = PAUSE_MS[character];
    const event = eventOfKey(character);
    if (pauseMs !== undefined) steps.push({ kind: 'pause', event: 0, frames: framesOf(pauseMs) });
    else if (event !== undefined) steps.push({ kind: 'key', event, frames: framesOf(keyMs) });
    else return undefined;
  }
  return steps;
}

function framesOf(ms: number): number {
  return Math.ceil((ms * SAMPLE_RATE) / 1_000 / FRAME_SAMPLES);
}

export class DigitSender {
  readonly #steps: Step[] = [];
  readonly #packet: OutgoingKeyEvent = { event: 0, end: false, durationSamples: 0, first: false };
  #frame = 0;

  /** Something is left to send: audio is held back for so long. */
  get busy(): boolean {
    return this.#steps.length > 0;
  }

  /** False, and nothing queued, when the queue would grow beyond {@link DIGITS_QUEUED_MAX}. */
  add(steps: readonly Step[]): boolean {
    if (this.#steps.length + steps.length > DIGITS_QUEUED_MAX) return false;
    this.#steps.push(...steps);
    return true;
  }

  /** To be called once per frame while {@link busy}: the packet of this frame (valid until the next call), if any. */
  next(): OutgoingKeyEvent | undefined {
    const step = this.#steps[0];
    if (step === undefined) return undefined;
    const frame = this.#frame++;
    if (step.kind === 'pause') {
      if (this.#frame >= step.frames) this.#finish();
      return undefined;
    }
    if (this.#frame >= step.frames + END_PACKETS - 1 + GAP_FRAMES) this.#finish();
    if (frame >= step.frames + END_PACKETS - 1) return undefined;
    const packet = this.#packet;
    packet.event = step.event;
    packet.first = frame === 0;
    packet.end = frame >= step.frames - 1;
    packet.durationSamples = Math.min(frame + 1, step.frames) * FRAME_SAMPLES;
    return packet;
  }

  #finish(): void {
    this.#steps.shift();
    this.#frame = 0;
  }
}
