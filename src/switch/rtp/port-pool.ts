// The UDP ports of the RTP range: even ones, handed out in turn so that a freed port rests before it is used again.

export class PortPool {
  readonly #free: number[] = [];
  #head = 0;

  /**
   * Even ports from `first` to `last` whose next port is in the range too, beginning with the `start`-th, in circles.
   * After a crash the peers of lost calls go on sending for a while: a start of chance keeps them away from new calls.
   */
  constructor(first: number, last: number, start = 0) {
    for (let port = first + (first % 2); port + 1 <= last; port += 2) this.#free.push(port);
    if (this.#free.length > 0) this.#free.push(...this.#free.splice(0, start % this.#free.length));
  }

  get size(): number {
    return this.#free.length - this.#head;
  }

  /** The port that has rested longest; undefined when all are taken. */
  take(): number | undefined {
    const port = this.#free[this.#head];
    if (port === undefined) return undefined;
    this.#head++;
    if (this.#head > 1_024 && this.#head * 2 > this.#free.length) {
      this.#free.splice(0, this.#head);
      this.#head = 0;
    }
    return port;
  }

  give(port: number): void {
    this.#free.push(port);
  }
}
