// Ears and hands in a page of the application: what its calls sound like, and its connections, to be cut off. The page knows nothing of them.
import type { Page } from 'playwright-core';
import { EAR, type Heard, isSilence, isSpeech, isTone, listen } from './ear.js';

/** From the next page load on. */
export async function growEars(page: Page): Promise<void> {
  await page.addInitScript(EARS);
}

/** What a page went through since it was loaded, in Unix ms. */
export interface Moments {
  readonly loadedMs: number;
  /** The server's answer to its first registration that was taken. */
  readonly registeredMs?: number;
  /** The first sound of its first call. */
  readonly heardMs?: number;
}

/** `call`: the calls of the page in the order in which they got sound, from 0 on; without it the newest. */
export class PageEars {
  constructor(private readonly page: Page) {}

  /** Loads the page anew, with ears. */
  static async open(page: Page): Promise<PageEars> {
    await growEars(page);
    await page.reload();
    return new PageEars(page);
  }

  hears(hertz: number, call?: number): Promise<void> {
    return listen(`${hertz} Hz`, this.#ear(call), (heard) => isTone(heard, hertz));
  }

  hearsSpeech(call?: number): Promise<void> {
    return listen('speech', this.#ear(call), isSpeech);
  }

  hearsNothing(call?: number): Promise<void> {
    return listen('silence', this.#ear(call), isSilence);
  }

  /** Name of the present way of the media (RFC 8839 §5.4); a restart gives another one. */
  way(): Promise<string> {
    return this.page.evaluate('ears.way()') as Promise<string>;
  }

  /** As when the network goes away and comes back. */
  cutOff(): Promise<unknown> {
    return this.page.evaluate('ears.cutOff()');
  }

  moments(): Promise<Moments> {
    return this.page.evaluate('ears.moments') as Promise<Moments>;
  }

  #ear(call = -1): () => Promise<Heard | undefined> {
    return () => this.page.evaluate(`ears.calls.at(${call})?.()`) as Promise<Heard | undefined>;
  }
}

/** Runs before the page's own scripts. */
const EARS = `${EAR}
globalThis.ears = {
  calls: [], sockets: [], connection: undefined, moments: { loadedMs: Date.now() },
  way() {
    return /a=ice-ufrag:(\\S+)/.exec(this.connection?.currentLocalDescription?.sdp ?? '')?.[1] ?? '';
  },
  cutOff() {
    for (const socket of this.sockets) if (socket.protocol === 'sip') socket.close();
  },
  hear(event) {
    const ear = earFor(event);
    this.calls.push(ear);
    const watch = setInterval(() => {
      if (ear().level < 0.005) return;
      this.moments.heardMs ??= Date.now();
      clearInterval(watch);
    }, 10);
  },
  watch(socket) {
    this.sockets.push(socket);
    socket.addEventListener('message', ({ data }) => {
      if (/^SIP\\/2\\.0 200 [^]*^CSeq: \\d+ REGISTER/m.test(String(data))) this.moments.registeredMs ??= Date.now();
    });
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
    ears.watch(this);
  }
};
`;
