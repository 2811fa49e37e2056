// One direction of a call on a steady clock: packets go in by timestamp, frames come out in time, gaps as silence.
import { timestampDistance } from '../../rtp/packet.js';

/** About one second; a power of two, so that wrapped timestamps find their place. */
const RING_SAMPLES = 8_192;
/** Frames are taken so far behind the newest packet: room for packets that come late or out of order. */
export const LAG_SAMPLES = 480;
/** After so many late packets in a row the sender's clock has fallen behind: place them anew. */
const LATE_RUN_MAX = 3;

export class SampleRing {
  readonly #ring = new Int16Array(RING_SAMPLES);
  /** Timestamp of the next sample to come out. */
  #cursor: number | undefined;
  #lateRun = 0;

  /** Places the code words `codes[start..end)`, decoded by `table`, at `timestamp`. */
  put(timestamp: number, codes: Buffer, start: number, end: number, table: Int16Array): void {
    const cursor = this.#cursor;
    const ahead = cursor === undefined ? RING_SAMPLES : timestampDistance(timestamp, cursor);
    if (ahead < 0 && ++this.#lateRun <= LATE_RUN_MAX) return;
    if (ahead < 0 || ahead + end - start > RING_SAMPLES) this.#placeAnew(timestamp);
    this.#lateRun = 0;
    const count = Math.min(end - start, RING_SAMPLES - LAG_SAMPLES);
    for (let at = 0; at < count; at++) {
      this.#ring[(timestamp + at) & (RING_SAMPLES - 1)] = table[codes[start + at] ?? 0] ?? 0;
    }
  }

  /** Fills `frame` with what comes next. */
  take(frame: Int16Array): void {
    const cursor = this.#cursor;
    if (cursor === undefined) {
      frame.fill(0);
      return;
    }
    for (let at = 0; at < frame.length; at++) {
      const index = (cursor + at) & (RING_SAMPLES - 1);
      frame[at] = this.#ring[index] ?? 0;
      this.#ring[index] = 0;
    }
    this.#cursor = (cursor + frame.length) >>> 0;
  }

  #placeAnew(timestamp: number): void {
    this.#ring.fill(0);
    this.#cursor = (timestamp - LAG_SAMPLES) >>> 0;
  }
}
