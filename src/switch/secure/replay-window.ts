// Which packets of a stream were already seen (RFC 3711 §3.3.2).

export const WINDOW_PACKETS = 64;

export class ReplayWindow {
  #highest = -1;
  /** Bit n of the pair: the packet n before the highest. */
  #recent = 0;
  #older = 0;

  /** -1 before the first packet. */
  get highest(): number {
    return this.#highest;
  }

  /** False for a packet seen before, or too old to know. */
  isNew(index: number): boolean {
    const behind = this.#highest - index;
    if (behind < 0) return true;
    if (behind >= WINDOW_PACKETS) return false;
    return behind < 32 ? (this.#recent & (1 << behind)) === 0 : (this.#older & (1 << (behind - 32))) === 0;
  }

  /** Only for packets that proved authentic. */
  add(index: number): void {
    const ahead = index - this.#highest;
    if (ahead <= 0) {
      if (-ahead < 32) this.#recent |= 1 << -ahead;
      else this.#older |= 1 << (-ahead - 32);
      return;
    }
    this.#highest = index;
    this.#shift(ahead);
    this.#recent |= 1;
  }

  #shift(by: number): void {
    if (by >= WINDOW_PACKETS) [this.#recent, this.#older] = [0, 0];
    else if (by >= 32) [this.#recent, this.#older] = [0, by === 32 ? this.#recent : this.#recent << (by - 32)];
    else {
      this.#older = (this.#older << by) | (this.#recent >>> (32 - by));
      this.#recent <<= by;
    }
  }
}
