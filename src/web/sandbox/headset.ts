// One headset for two telephones in one browser: it is worn at one of them, so that nobody talks with their own echo.

import { loudness } from '../phone/audio/level.js';
import { closeStream, openMicrophone } from '../phone/audio/microphone.js';
import type { PhoneSound } from '../phone/audio/sound.js';

export type Part = 'customer' | 'agent';

export type Microphone = 'unasked' | 'open' | 'none';

const FRAME = 1_024;

/** What goes to the other side of a part's call, and what comes from there. */
interface Way {
  voice?: { readonly gain: GainNode; readonly out: MediaStreamAudioDestinationNode };
  ear?: {
    readonly source: MediaStreamAudioSourceNode;
    readonly gain: GainNode;
    readonly analyser: AnalyserNode;
    readonly element: HTMLAudioElement;
  };
}

export class Headset {
  #context: AudioContext | undefined;
  #stream: MediaStream | undefined;
  #source: MediaStreamAudioSourceNode | undefined;
  #microphone: Microphone = 'unasked';
  #wornAt: Part = 'customer';
  readonly #ways: Readonly<Record<Part, Way>> = { customer: {}, agent: {} };
  readonly #frame = new Float32Array(FRAME);
  readonly #listeners = new Set<() => void>();

  get microphone(): Microphone {
    return this.#microphone;
  }

  get wornAt(): Part {
    return this.#wornAt;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Asks for the microphone; without one everything goes on, and nothing is said. To be called in a click. */
  async open(): Promise<void> {
    if (this.#microphone === 'open') return;
    const context = this.#sounding();
    try {
      this.#stream = await openMicrophone(undefined);
    } catch {
      // Refused, or there is none: the page says so and goes on.
      this.#show('none');
      return;
    }
    this.#source = context.createMediaStreamSource(this.#stream);
    for (const { voice } of Object.values(this.#ways)) if (voice !== undefined) this.#source.connect(voice.gain);
    this.#show('open');
  }

  /** Only listens. To be called in a click. */
  listen(): void {
    this.#sounding();
    if (this.#microphone === 'unasked') this.#show('none');
  }

  wearAt(part: Part): void {
    this.#wornAt = part;
    for (const [at, { voice, ear }] of Object.entries(this.#ways)) {
      const loud = at === part ? 1 : 0;
      if (voice !== undefined) voice.gain.gain.value = loud;
      if (ear !== undefined) ear.gain.gain.value = loud;
    }
    this.#tell();
  }

  /** How loud that part's phone is: 0 to 1, also when the headset is elsewhere. */
  level(part: Part): number {
    const { ear } = this.#ways[part];
    if (ear === undefined) return 0;
    ear.analyser.getFloatTimeDomainData(this.#frame);
    return loudness(this.#frame);
  }

  /** As the phone of that part hears and speaks. */
  soundOf(part: Part): PhoneSound {
    return {
      microphone: async () => this.#voiceOf(part),
      speaker: () => ({
        play: (stream) => this.#hear(part, stream),
        choose: () => undefined,
        stop: () => this.#hush(part),
      }),
    };
  }

  close(): void {
    closeStream(this.#stream);
    for (const part of ['customer', 'agent'] as const) this.#hush(part);
    void this.#context?.close();
    this.#context = undefined;
    this.#stream = undefined;
    this.#source = undefined;
    this.#microphone = 'unasked';
  }

  /** The call ends the stream, so that each gets its own. */
  #voiceOf(part: Part): MediaStream {
    const context = this.#sounding();
    const way = this.#ways[part];
    if (way.voice !== undefined) this.#source?.disconnect(way.voice.gain);
    const voice = { gain: context.createGain(), out: context.createMediaStreamDestination() };
    voice.gain.gain.value = this.#wornAt === part ? 1 : 0;
    voice.gain.connect(voice.out);
    this.#source?.connect(voice.gain);
    way.voice = voice;
    return voice.out.stream;
  }

  #hear(part: Part, stream: MediaStream): void {
    this.#hush(part);
    const context = this.#sounding();
    // Chromium feeds a stream from the network to Web Audio only while an element plays it too.
    const element = new Audio();
    element.srcObject = stream;
    element.muted = true;
    void element.play();
    const ear = {
      source: context.createMediaStreamSource(stream),
      gain: context.createGain(),
      analyser: context.createAnalyser(),
      element,
    };
    ear.analyser.fftSize = FRAME;
    ear.gain.gain.value = this.#wornAt === part ? 1 : 0;
    ear.source.connect(ear.analyser);
    ear.source.connect(ear.gain).connect(context.destination);
    this.#ways[part].ear = ear;
  }

  #hush(part: Part): void {
    const { ear } = this.#ways[part];
    if (ear === undefined) return;
    ear.source.disconnect();
    ear.element.pause();
    ear.element.srcObject = null;
    delete this.#ways[part].ear;
  }

  #sounding(): AudioContext {
    this.#context ??= new AudioContext();
    // Made before the first click it stands still.
    if (this.#context.state === 'suspended') void this.#context.resume();
    return this.#context;
  }

  #show(microphone: Microphone): void {
    this.#microphone = microphone;
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
