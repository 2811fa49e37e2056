// Plays a stream on the speaker that was chosen, or on the browser's own when that one is not there any more.

export class Speaker {
  readonly #element = new Audio();
  #sink: string;

  constructor(sink: string | undefined) {
    this.#sink = sink ?? '';
  }

  play(stream: MediaStream): void {
    this.#element.srcObject = stream;
    // A browser that refuses sound before the first click plays as soon as there was one: the call itself is not touched.
    void this.#route().then(() => this.#element.play().catch(() => this.#playAfterGesture()));
  }

  /** Moves what plays to another output. */
  choose(sink: string | undefined): void {
    this.#sink = sink ?? '';
    void this.#route();
  }

  stop(): void {
    this.#element.pause();
    this.#element.srcObject = null;
  }

  async #route(): Promise<void> {
    // Not every browser can choose (Safari); it plays on its own output then.
    if (!('setSinkId' in this.#element)) return;
    try {
      await this.#element.setSinkId(this.#sink);
    } catch {
      // Unplugged meanwhile.
      await this.#element.setSinkId('');
    }
  }

  #playAfterGesture(): void {
    const again = (): void => {
      if (this.#element.srcObject !== null) void this.#element.play();
    };
    document.addEventListener('pointerdown', again, { once: true });
    document.addEventListener('keydown', again, { once: true });
  }
}
