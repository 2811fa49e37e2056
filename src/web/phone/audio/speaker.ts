// Plays a stream on the speaker that was chosen, or on the browser's own while that one is not plugged in.
import { isGone } from './choices.js';

export class Speaker {
  readonly #element = new Audio();
  #sink: string;

  constructor(sink: string | undefined) {
    this.#sink = sink ?? '';
  }

  play(stream: MediaStream): void {
    this.#element.srcObject = stream;
    navigator.mediaDevices?.addEventListener('devicechange', this.#devicesChanged);
    // A browser that refuses sound before the first click plays as soon as there was one: the call itself is not touched.
    void this.#route().then(() => this.#element.play().catch(() => this.#playAfterGesture()));
  }

  /** Moves what plays to another output. */
  choose(sink: string | undefined): void {
    this.#sink = sink ?? '';
    void this.#route();
  }

  stop(): void {
    navigator.mediaDevices?.removeEventListener('devicechange', this.#devicesChanged);
    this.#element.pause();
    this.#element.srcObject = null;
  }

  async #route(): Promise<void> {
    // Not every browser can choose (Safari); it plays on its own output then.
    if (!('setSinkId' in this.#element)) return;
    try {
      // An element that plays on what was unplugged goes on in silence, until it is told.
      const isThere = !isGone('speaker', this.#sink, await navigator.mediaDevices.enumerateDevices());
      await this.#element.setSinkId(isThere ? this.#sink : '');
    } catch {
      // Unplugged at this moment, or the id is of another browser.
      await this.#element.setSinkId('');
    }
  }

  readonly #devicesChanged = (): void => void this.#route();

  #playAfterGesture(): void {
    const again = (): void => {
      if (this.#element.srcObject !== null) void this.#element.play();
    };
    document.addEventListener('pointerdown', again, { once: true });
    document.addEventListener('keydown', again, { once: true });
  }
}
