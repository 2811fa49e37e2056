// One direction of a call on a steady clock: packets go in as they come, frames come out in time, adapting to the jitter.
import { FRAME_SAMPLES } from './g711.js';
import { timestampDistance } from './packet.js';

/** About one second; a power of two, so that wrapped timestamps find their place. */
const RING_SAMPLES = 8_192;
const MASK = RING_SAMPLES - 1;
/** Delay of the first packet: 60 ms. */
export const DELAY_START = 480;
/** A packet waits for its turn no longer than this: 200 ms. One that is later than this allows is discarded. */
export const DELAY_MAX = 1_600;
/** The latest packets of the last seconds come so long before their turn, when the delay has settled: 20 ms. */
const MARGIN = FRAME_SAMPLES;
/** How long the latest packet is remembered: 8 blocks of a second. */
const BLOCK_FRAMES = 50;
const BLOCKS = 8;
/** After so many packets in a row in the wrong time the sender's timeline has jumped: place them anew. */
const ASTRAY_RUN_MAX = 3;
/** A late packet after half a second of nothing begins anew at once: some senders stop their timeline while silent. */
const DRY_FRAMES = 25;
/** Longest packet: 240 ms. */
const PACKET_SAMPLES_MAX = 1_920;
/** What is missing sounds like the 20 ms before, fading out within 60 ms. */
const FADE_SAMPLES = 480;
/** Time is taken out where it is quiet (mean magnitude, 16 bits), or after two seconds anywhere. */
const QUIET = 300;
const QUIET_WAIT_FRAMES = 100;

const EMPTY = 0;
const WAITING = 1;
const PLAYED = 2;

/**
 * The delay grows at once when a packet comes late, by as much as that one lacked (time is inserted), and shrinks by one frame a
 * second while even the latest packet of the last eight seconds came early (time is taken out). The same two steps follow
 * a sender whose clock is slower or faster than ours.
 */
export class JitterBuffer {
  /** Packets that came too late to be heard. */
  discarded = 0;
  readonly #ring = new Int16Array(RING_SAMPLES);
  readonly #places = new Uint8Array(RING_SAMPLES);
  /** Timestamp of the next sample to come out. */
  #cursor: number | undefined;
  #astrayRun = 0;
  #dryFrames = 0;
  /** Least and most time, per block, that a packet came before its turn; the newest block is being filled. */
  readonly #latest = new Float64Array(BLOCKS);
  readonly #earliest = new Float64Array(BLOCKS);
  #block = 0;
  #blockFrames = 0;
  /** Blocks filled since the timeline was placed: nothing is taken out before all are. */
  #blocksFilled = 0;
  /** Samples of time to insert before the cursor goes on. */
  #hold = 0;
  /** Timestamp after the newest sample that was heard. */
  #heardTo: number | undefined;
  /** Frames that the wish to take out time has waited; undefined while there is none. */
  #shrinkWait: number | undefined;
  /** The last samples heard, for what is missing. */
  readonly #history = new Int16Array(FRAME_SAMPLES);
  #historyAt = 0;
  #missing = FADE_SAMPLES;

  /** Time from a packet's arrival to its turn, for the quickest of the last seconds, in ms; 0 before the first. */
  get delayMs(): number {
    return this.#delay() / 8;
  }

  /** Places the code words `codes[start..end)`, decoded by `table`, at `timestamp` (8 kHz). */
  put(timestamp: number, codes: Buffer, start: number, end: number, table: Int16Array): void {
    const margin = this.#admit(timestamp, end - start);
    if (margin === undefined) return;
    const ring = this.#ring;
    const places = this.#places;
    const count = Math.min(end - start, PACKET_SAMPLES_MAX);
    for (let at = Math.max(0, -margin); at < count; at++) {
      const index = (timestamp + at) & MASK;
      ring[index] = table[codes[start + at] ?? 0] ?? 0;
      places[index] = WAITING;
    }
  }

  /** Fills `frame` with what comes next. */
  take(frame: Int16Array): void {
    if (this.#cursor === undefined) {
      frame.fill(0);
      return;
    }
    this.#dryFrames++;
    if (++this.#blockFrames >= BLOCK_FRAMES) this.#nextBlock();
    if (this.#hold > 0) {
      this.#hold -= frame.length;
      for (let at = 0; at < frame.length; at++) frame[at] = this.#concealed();
      return;
    }
    this.#read(frame);
    if (this.#shrinkWait !== undefined) this.#shrink(frame, this.#shrinkWait);
  }

  /** The sender is another (SSRC): its next packet is placed anew. */
  restart(): void {
    this.#cursor = undefined;
  }

  /** How long before its turn the packet came, when it may be placed; may move the turn. */
  #admit(timestamp: number, samples: number): number | undefined {
    const cursor = this.#cursor;
    if (cursor === undefined) return this.#placeAnew(timestamp);
    const margin = timestampDistance(timestamp, cursor);
    const isDry = this.#dryFrames >= DRY_FRAMES;
    this.#dryFrames = 0;
    if (margin > DELAY_MAX || margin <= -RING_SAMPLES / 2) {
      return isDry ? this.#placeAnew(timestamp) : this.#astray(timestamp);
    }
    if (margin >= 0) {
      this.#astrayRun = 0;
      this.#note(margin);
      return margin;
    }
    if (this.#places[timestamp & MASK] === PLAYED) return undefined; // a duplicate
    if (isDry) return this.#placeAnew(timestamp);
    return this.#admitLate(timestamp, margin, samples);
  }

  #admitLate(timestamp: number, margin: number, samples: number): number | undefined {
    const wanted = Math.ceil(-margin / FRAME_SAMPLES) * FRAME_SAMPLES;
    const room = Math.floor((DELAY_MAX - this.#delay()) / FRAME_SAMPLES) * FRAME_SAMPLES;
    const growth = Math.max(0, Math.min(wanted, room));
    this.#shift(growth);
    const isNewest = this.#heardTo === undefined || timestampDistance(timestamp, this.#heardTo) >= 0;
    if (!isNewest) {
      // What came after it has been heard: too late for this one, in time for the next that needs as long.
      this.#hold += growth;
      return this.#lateFor(margin, samples);
    }
    this.#cursor = ((this.#cursor ?? 0) - growth) >>> 0;
    const left = margin + growth;
    if (left < 0) return this.#lateFor(left, samples) ?? this.#astray(timestamp);
    this.#astrayRun = 0;
    this.#note(left);
    return left;
  }

  /** A packet whose turn has come: its end may still be heard. */
  #lateFor(margin: number, samples: number): number | undefined {
    if (margin + samples > 0) return margin;
    this.discarded++;
    return undefined;
  }

  #astray(timestamp: number): number | undefined {
    return ++this.#astrayRun > ASTRAY_RUN_MAX ? this.#placeAnew(timestamp) : undefined;
  }

  #delay(): number {
    return Math.max(0, ...this.#earliest);
  }

  #note(margin: number): void {
    const block = this.#block;
    this.#latest[block] = Math.min(this.#latest[block] ?? 0, margin);
    this.#earliest[block] = Math.max(this.#earliest[block] ?? 0, margin);
  }

  #placeAnew(timestamp: number): number {
    this.#places.fill(EMPTY);
    this.#cursor = (timestamp - DELAY_START) >>> 0;
    this.#latest.fill(Number.POSITIVE_INFINITY);
    this.#earliest.fill(Number.NEGATIVE_INFINITY);
    this.#note(DELAY_START);
    this.#astrayRun = 0;
    this.#dryFrames = 0;
    this.#blocksFilled = 0;
    this.#hold = 0;
    this.#heardTo = undefined;
    this.#shrinkWait = undefined;
    return DELAY_START;
  }

  /** All packets so far come so much earlier before their turn: the turn was moved. */
  #shift(samples: number): void {
    for (let block = 0; block < BLOCKS; block++) {
      this.#latest[block] = (this.#latest[block] ?? 0) + samples;
      this.#earliest[block] = (this.#earliest[block] ?? 0) + samples;
    }
  }

  #nextBlock(): void {
    this.#blockFrames = 0;
    const latest = this.#latest.reduce((least, margin) => Math.min(least, margin));
    this.#block = (this.#block + 1) % BLOCKS;
    this.#latest[this.#block] = Number.POSITIVE_INFINITY;
    this.#earliest[this.#block] = Number.NEGATIVE_INFINITY;
    const isKnown = ++this.#blocksFilled >= BLOCKS && Number.isFinite(latest);
    if (isKnown && latest >= MARGIN + FRAME_SAMPLES) this.#shrinkWait ??= 0;
    else this.#shrinkWait = undefined;
  }

  /** Takes one frame out of the time to come: `frame` fades over into the one after it. */
  #shrink(frame: Int16Array, waited: number): void {
    if (waited < QUIET_WAIT_FRAMES && !isQuiet(frame)) {
      this.#shrinkWait = waited + 1;
      return;
    }
    this.#shrinkWait = undefined;
    const before = frame.slice();
    this.#read(frame);
    this.#shift(-frame.length);
    for (let at = 0; at < frame.length; at++) {
      const weight = at / frame.length;
      frame[at] = Math.round((before[at] ?? 0) * (1 - weight) + (frame[at] ?? 0) * weight);
    }
  }

  #read(frame: Int16Array): void {
    const cursor = this.#cursor ?? 0;
    const ring = this.#ring;
    const places = this.#places;
    for (let at = 0; at < frame.length; at++) {
      const index = (cursor + at) & MASK;
      if (places[index] === WAITING) {
        places[index] = PLAYED;
        frame[at] = this.#heard(ring[index] ?? 0);
        this.#heardTo = cursor + at + 1;
      } else {
        places[index] = EMPTY;
        frame[at] = this.#concealed();
      }
    }
    this.#cursor = (cursor + frame.length) >>> 0;
  }

  #heard(sample: number): number {
    this.#missing = 0;
    this.#history[this.#historyAt] = sample;
    this.#historyAt = this.#historyAt + 1 === FRAME_SAMPLES ? 0 : this.#historyAt + 1;
    return sample;
  }

  #concealed(): number {
    if (this.#missing >= FADE_SAMPLES) return 0;
    const old = this.#history[(this.#historyAt + this.#missing) % FRAME_SAMPLES] ?? 0;
    return Math.round(old * (1 - ++this.#missing / FADE_SAMPLES));
  }
}

function isQuiet(frame: Int16Array): boolean {
  let sum = 0;
  for (const sample of frame) sum += Math.abs(sample);
  return sum < QUIET * frame.length;
}
