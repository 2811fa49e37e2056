// What arrived of a stream and how evenly: loss, order and jitter (RFC 3550 §6.4.1, appendix A.1, A.3, A.8).

/** A jump further than this, forwards or back, is a sender that started anew (RFC 3550 A.1 MAX_DROPOUT). */
const DROPOUT_MAX = 3_000;
/** How far back duplicates are told from late packets. */
const HISTORY_PACKETS = 31;
/** The jitter estimate follows with a gain of 1/16: it means something after so many packets. */
const SETTLED_PACKETS = 16;

/** How many numbers {@link Reception.save} writes. */
export const RECEPTION_NUMBERS = 18;

export type Arrival = 'next' | 'late' | 'duplicate' | 'restart';

export class Reception {
  packets = 0;
  bytes = 0;
  outOfOrder = 0;
  duplicates = 0;
  /** Times that packets were missing, one or several in a row; late ones may have filled some since. */
  gaps = 0;
  #ssrc: number | undefined;
  #firstSequence = 0;
  #highest = 0;
  /** Times the 16-bit sequence number has wrapped, times 65 536. */
  #cycles = 0;
  /** Packets of the current run, without duplicates; those of runs before (another SSRC, a jump). */
  #received = 0;
  #expectedBefore = 0;
  #receivedBefore = 0;
  /** Bit n: the packet n before the highest one has arrived. */
  #history = 0;
  #jitter = 0;
  #transit: number | undefined;
  #jitterMin = Number.POSITIVE_INFINITY;
  #jitterMax = 0;
  /** Packets of the current run whose jitter was measured: the first ones tell little. */
  #measured = 0;
  #firstArrival = 0;
  #lastArrival = 0;
  #intervals = 0;

  /** Packets that should have arrived, over all runs. */
  get expected(): number {
    return this.#expectedBefore + this.#expectedNow();
  }

  get lost(): number {
    return Math.max(0, this.expected - this.#receivedBefore - this.#received);
  }

  /** Interarrival jitter in timestamp units (1/8 ms). */
  get jitter(): number {
    return this.#jitter;
  }

  /** Least and greatest jitter so far, in timestamp units; 0 before it is known. */
  get jitterRange(): { readonly min: number; readonly max: number } {
    return { min: Number.isFinite(this.#jitterMin) ? this.#jitterMin : 0, max: this.#jitterMax };
  }

  /** Mean time between packets, in timestamp units; 0 before there were two. */
  get meanInterval(): number {
    return this.#intervals === 0 ? 0 : (this.#lastArrival - this.#firstArrival) / this.#intervals;
  }

  get highestSequence(): number {
    return this.#cycles + this.#highest;
  }

  get ssrc(): number | undefined {
    return this.#ssrc;
  }

  /** Counts one packet and tells what it is. */
  count(ssrc: number, sequence: number, payloadBytes: number): Arrival {
    this.packets++;
    this.bytes += payloadBytes;
    const ahead = (sequence - this.#highest) & 0xffff;
    if (ssrc !== this.#ssrc || (ahead > DROPOUT_MAX && ahead < 0x1_0000 - DROPOUT_MAX)) {
      this.#restart(ssrc, sequence);
      return 'restart';
    }
    if (ahead === 0 || ahead >= 0x8000) return this.#countEarlier((this.#highest - sequence) & 0xffff);
    if (sequence < this.#highest) this.#cycles += 0x1_0000;
    this.#highest = sequence;
    if (ahead > 1) this.gaps++;
    this.#history = ahead > HISTORY_PACKETS ? 1 : (this.#history << ahead) | 1;
    this.#received++;
    return 'next';
  }

  /** Jitter of RFC 3550 A.8, for packets whose timestamp is their time of sampling; both in timestamp units. */
  measure(timestamp: number, arrival: number): void {
    const transit = arrival - timestamp;
    if (this.#transit !== undefined) {
      const difference = Math.abs((transit - this.#transit) | 0);
      this.#jitter += (difference - this.#jitter) / 16;
      if (++this.#measured >= SETTLED_PACKETS) {
        this.#jitterMin = Math.min(this.#jitterMin, this.#jitter);
        this.#jitterMax = Math.max(this.#jitterMax, this.#jitter);
      }
      this.#intervals++;
    } else if (this.#intervals === 0) this.#firstArrival = arrival;
    this.#lastArrival = arrival;
    this.#transit = transit;
  }

  /** Writes what packets in order change, as {@link RECEPTION_NUMBERS} numbers. */
  save(into: Float64Array, at: number): void {
    const { packets, bytes, gaps } = this;
    const heard = this.#ssrc === undefined ? 0 : 1;
    into.set([packets, bytes, gaps, heard, this.#ssrc ?? 0, this.#highest, this.#cycles, this.#received], at);
    into.set([this.#history >>> 0, this.#jitter, this.#jitterMin, this.#jitterMax, this.#measured], at + 8);
    into.set([this.#firstArrival, this.#lastArrival, this.#intervals], at + 13);
    into.set([this.#transit === undefined ? 0 : 1, this.#transit ?? 0], at + 16);
  }

  /** Takes over what {@link save} wrote and somebody else has gone on counting. */
  restore(from: Float64Array, at: number): void {
    const number = (place: number): number => from[at + place] ?? 0;
    [this.packets, this.bytes, this.gaps] = [number(0), number(1), number(2)];
    [this.#highest, this.#cycles, this.#received, this.#history] = [number(5), number(6), number(7), number(8)];
    [this.#jitter, this.#jitterMin, this.#jitterMax, this.#measured] = [number(9), number(10), number(11), number(12)];
    [this.#firstArrival, this.#lastArrival, this.#intervals] = [number(13), number(14), number(15)];
    this.#transit = number(16) === 0 ? undefined : number(17);
  }

  #expectedNow(): number {
    return this.#ssrc === undefined ? 0 : this.#cycles + this.#highest - this.#firstSequence + 1;
  }

  #countEarlier(behind: number): Arrival {
    const bit = behind > HISTORY_PACKETS ? 0 : 1 << behind;
    if ((this.#history & bit) !== 0) {
      this.duplicates++;
      return 'duplicate';
    }
    this.#history |= bit;
    this.outOfOrder++;
    this.#received++;
    return 'late';
  }

  #restart(ssrc: number, sequence: number): void {
    this.#expectedBefore += this.#expectedNow();
    this.#receivedBefore += this.#received;
    this.#ssrc = ssrc;
    this.#firstSequence = sequence;
    this.#highest = sequence;
    this.#cycles = 0;
    this.#received = 1;
    this.#history = 1;
    this.#transit = undefined;
    this.#measured = 0;
  }
}
