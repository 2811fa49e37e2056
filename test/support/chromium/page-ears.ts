// Ears in a page: what each call of it hears, told by its strongest tone. The application knows nothing of them.
import type { Page } from 'playwright-core';
import { eventually } from '../servers.js';

interface Heard {
  readonly hertz: number;
  /** Of the strongest frequency, in all that is heard. */
  readonly share: number;
  /** 0 to 1. */
  readonly level: number;
}

const LIMIT_MS = 20_000;
/** Two bins of the analyser. */
const TONE_WIDTH_HZ = 25;
const AUDIBLE = 0.005;

/** From the next page load on. */
export async function growEars(page: Page): Promise<void> {
  await page.addInitScript(EARS);
}

/** `call`: the calls of the page in the order in which they got sound, from 0 on. */
export class PageEars {
  constructor(private readonly page: Page) {}

  hears(call: number, hertz: number): Promise<void> {
    return this.#until(call, `${hertz} Hz`, ({ level, share, ...heard }) => {
      return level > AUDIBLE && share > 0.5 && Math.abs(heard.hertz - hertz) < TONE_WIDTH_HZ;
    });
  }

  /** Loud, and spread over many frequencies. */
  hearsSpeech(call: number): Promise<void> {
    return this.#until(call, 'speech', ({ level, share }) => level > AUDIBLE && share < 0.5);
  }

  hearsNothing(call: number): Promise<void> {
    return this.#until(call, 'silence', ({ level }) => level < AUDIBLE / 5);
  }

  async #until(call: number, what: string, isIt: (heard: Heard) => boolean): Promise<void> {
    let heard: Heard | undefined;
    const listen = async (): Promise<boolean> => {
      heard = (await this.page.evaluate(`ears.heard(${call})`)) as Heard | undefined;
      return heard !== undefined && isIt(heard);
    };
    try {
      await eventually(`call ${call} hears ${what}`, listen, LIMIT_MS);
    } catch (error) {
      throw new Error(`${String(error)}; heard ${JSON.stringify(heard)}`, { cause: error });
    }
  }
}

const EARS = `
globalThis.ears = {
  calls: [],
  heard(call) {
    const analyser = this.calls[call];
    if (analyser === undefined) return undefined;
    const wave = new Float32Array(analyser.fftSize);
    analyser.getFloatTimeDomainData(wave);
    const level = Math.sqrt(wave.reduce((sum, sample) => sum + sample * sample, 0) / wave.length);
    const decibels = new Float32Array(analyser.frequencyBinCount);
    analyser.getFloatFrequencyData(decibels);
    const power = decibels.map((value) => 10 ** (value / 10));
    const top = power.indexOf(Math.max(...power));
    const near = power.slice(Math.max(0, top - 3), top + 4).reduce((sum, value) => sum + value, 0);
    const all = power.reduce((sum, value) => sum + value, 0);
    return { hertz: (top * analyser.context.sampleRate) / analyser.fftSize, share: near / (all || 1), level };
  },
};
globalThis.RTCPeerConnection = class extends RTCPeerConnection {
  constructor(...options) {
    super(...options);
    this.addEventListener('track', ({ streams, track }) => {
      const context = new AudioContext();
      const analyser = context.createAnalyser();
      analyser.fftSize = 4096;
      analyser.smoothingTimeConstant = 0;
      context.createMediaStreamSource(streams[0] ?? new MediaStream([track])).connect(analyser);
      ears.calls.push(analyser);
    });
  }
};
`;
