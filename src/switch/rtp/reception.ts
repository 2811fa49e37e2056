// What arrived of a stream and how evenly: loss, order and jitter (RFC 3550 §6.4.1, appendix A.1, A.3, A.8).

/** A jump further than this, forwards or back, is a sender that started anew (RFC 3550 A.1 MAX_DROPOUT). */
const DROPOUT_MAX = 3_000;
/** How far back duplicates are told from late packets. */
const HISTORY_PACKETS = 31;

export type Arrival = 'next' | 'late' | 'duplicate' | 'restart';

export class Reception {
  packets = 0;
  bytes = 0;
  outOfOrder = 0;
  duplicates = 0;
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
    }
    this.#transit = transit;
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
  }
}
