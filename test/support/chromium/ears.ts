// Ears and hands in a page of the application: what its calls sound like, and its connections, to be cut off.
import type { Page } from 'playwright-core';
import { eventually } from '../servers.js';

interface Heard {
  readonly hertz: number;
  readonly share: number;
  readonly level: number;
}

const LIMIT_MS = 20_000;
/** Two bins of the analyser. */
const TONE_WIDTH_HZ = 25;

export class PageEars {
  private constructor(private readonly page: Page) {}

  /** Loads the page anew, with ears. */
  static async open(page: Page): Promise<PageEars> {
    await page.addInitScript(EARS);
    await page.reload();
    return new PageEars(page);
  }

  /** Resolves when the newest call of the page sounds like this tone. */
  async hears(hertz: number): Promise<void> {
    let heard: Heard | undefined;
    try {
      await eventually(
        `hearing ${hertz} Hz`,
        async () => {
          heard = (await this.page.evaluate('ears.heard()')) as Heard;
          return heard.level > 0.01 && heard.share > 0.5 && Math.abs(heard.hertz - hertz) < TONE_WIDTH_HZ;
        },
        LIMIT_MS,
      );
    } catch (error) {
      throw new Error(`${String(error)}; heard ${JSON.stringify(heard)}`, { cause: error });
    }
  }

  /** Name of the present way of the media (RFC 8839 §5.4); a restart gives another one. */
  way(): Promise<string> {
    return this.page.evaluate('ears.way()') as Promise<string>;
  }

  /** As when the network goes away and comes back. */
  cutOff(): Promise<unknown> {
    return this.page.evaluate('ears.cutOff()');
  }
}

/** Runs before the page's own scripts. */
const EARS = `
globalThis.ears = {
  sockets: [], connection: undefined, analyser: undefined,
  hear({ streams, track }) {
    const context = new AudioContext();
    this.analyser = context.createAnalyser();
    this.analyser.fftSize = 4096;
    this.analyser.smoothingTimeConstant = 0;
    context.createMediaStreamSource(streams[0] ?? new MediaStream([track])).connect(this.analyser);
  },
  way() {
    return /a=ice-ufrag:(\\S+)/.exec(this.connection?.currentLocalDescription?.sdp ?? '')?.[1] ?? '';
  },
  cutOff() {
    for (const socket of this.sockets) if (socket.url.includes(':') && socket.protocol === 'sip') socket.close();
  },
  heard() {
    const { analyser } = this;
    if (!analyser) return { hertz: 0, share: 0, level: 0 };
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
    ears.connection = this;
    this.addEventListener('track', (event) => ears.hear(event));
  }
};
globalThis.WebSocket = class extends WebSocket {
  constructor(...options) {
    super(...options);
    ears.sockets.push(this);
  }
};
`;
