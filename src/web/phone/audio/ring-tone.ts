// The ringing of this phone: made here, so that it can be played on any output and needs no file.
import { Speaker } from './speaker.js';

/** The tone that Spanish exchanges play (ETSI TR 101 041-2): 425 Hz, 1.5 s on, 3 s off. */
const HERTZ = 425;
const ON_S = 1.5;
const CYCLE_S = 4.5;
const LOUDNESS = 0.25;
const EDGE_S = 0.02;
/** Longer than anything rings. */
const CYCLES = 40;

export class RingTone {
  #context: AudioContext | undefined;
  #speaker: Speaker | undefined;

  start(sink: string | undefined): void {
    if (this.#context !== undefined) return;
    const context = new AudioContext();
    const [tone, gate, out] = [
      context.createOscillator(),
      context.createGain(),
      context.createMediaStreamDestination(),
    ];
    tone.frequency.value = HERTZ;
    gate.gain.value = 0;
    for (let cycle = 0; cycle < CYCLES; cycle += 1) {
      const fromS = context.currentTime + cycle * CYCLE_S;
      gate.gain.setValueAtTime(0, fromS);
      gate.gain.linearRampToValueAtTime(LOUDNESS, fromS + EDGE_S);
      gate.gain.setValueAtTime(LOUDNESS, fromS + ON_S - EDGE_S);
      gate.gain.linearRampToValueAtTime(0, fromS + ON_S);
    }
    tone.connect(gate).connect(out);
    tone.start();
    this.#context = context;
    this.#speaker = new Speaker(sink);
    this.#speaker.play(out.stream);
  }

  stop(): void {
    this.#speaker?.stop();
    this.#speaker = undefined;
    void this.#context?.close();
    this.#context = undefined;
  }
}
