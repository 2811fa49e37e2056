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

  /** Goes away and comes back; and goes once more, just when the page looks for new ways of its media (re-INVITE). */
  cutOffInBetween(): Promise<unknown> {
    return this.page.evaluate('ears.cutsAtInvite = true; ears.cutOff()');
  }

  /** The browser's own port of the media now. */
  port(): Promise<number> {
    return this.page.evaluate('ears.port()') as Promise<number>;
  }

  /** Until this is what plays on that output, by its id (`''`: the browser's own), and it is really routed there. */
  hearsAt(output: string, hertz: number): Promise<void> {
    return listen(`${hertz} Hz at output ${output}`, this.#at(output), (heard) => isTone(heard, hertz));
  }

  /** Nothing plays there now. */
  async isQuietAt(output: string): Promise<boolean> {
    return (await this.#at(output)()) === undefined;
  }

  /** What the page plays that is no call: a tone. */
  hearsPlayed(hertz: number): Promise<void> {
    return listen(`${hertz} Hz played`, this.#played, (heard) => isTone(heard, hertz));
  }

  hearsSpeechPlayed(): Promise<void> {
    return listen('speech played', this.#played, isSpeech);
  }

  /** Nothing of it plays now. */
  async playsNothing(): Promise<boolean> {
    return (await this.#played()) === undefined;
  }

  /** As when somebody pulls its plug; `false`: puts it in again. */
  unplug(device: string, isGone = true): Promise<unknown> {
    return this.page.evaluate(`ears.unplug(${JSON.stringify(device)}, ${isGone})`);
  }

  /** As when the plug of the microphone of the call is pulled. */
  loseMicrophone(): Promise<unknown> {
    return this.page.evaluate('ears.loseMicrophone()');
  }

  moments(): Promise<Moments> {
    return this.page.evaluate('ears.moments') as Promise<Moments>;
  }

  readonly #played = (): Promise<Heard | undefined> =>
    this.page.evaluate('ears.played()') as Promise<Heard | undefined>;

  #at(output: string): () => Promise<Heard | undefined> {
    return () => this.page.evaluate(`ears.at(${JSON.stringify(output)})`) as Promise<Heard | undefined>;
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
  async port() {
    const stats = [...(await this.connection.getStats()).values()];
    const { selectedCandidatePairId } = stats.find(({ type }) => type === 'transport');
    const { localCandidateId } = stats.find(({ id }) => id === selectedCandidatePairId);
    return stats.find(({ id }) => id === localCandidateId).port;
  },
  players: new Map(), sounds: new Map(), unplugged: new Set(),
  at(output) {
    for (const [player, ear] of this.players) if (!player.paused && player.srcObject && player.sinkId === output) return ear();
    return undefined;
  },
  played() {
    for (const [player, ear] of this.sounds) if (!player.paused && !player.ended) return ear();
    return undefined;
  },
  unplug(device, isGone) {
    if (isGone) this.unplugged.add(device);
    else this.unplugged.delete(device);
    navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
  },
  loseMicrophone() {
    const [track] = this.connection.getSenders().map((sender) => sender.track);
    track.stop();
    track.dispatchEvent(new Event('ended'));
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
  cutsAtInvite: false,
  /** The server hears it; its answer comes to nobody. */
  cutAtInvite(socket, text) {
    if (!this.cutsAtInvite || !/^INVITE /.test(text)) return;
    this.cutsAtInvite = false;
    socket.close();
  },
  watch(socket) {
    this.sockets.push(socket);
    const { send } = socket;
    socket.send = (data) => {
      send.call(socket, data);
      this.cutAtInvite(socket, String(data));
    };
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
{
  const { play, setSinkId } = HTMLMediaElement.prototype;
  HTMLMediaElement.prototype.play = function () {
    if (this.srcObject) ears.players.set(this, earFor({ streams: [this.srcObject] }));
    else if (!ears.sounds.has(this)) ears.sounds.set(this, earAt(this));
    return play.call(this);
  };
  HTMLMediaElement.prototype.setSinkId = function (id) {
    return ears.unplugged.has(id) ? Promise.reject(new DOMException('unplugged', 'NotFoundError')) : setSinkId.call(this, id);
  };
  const { enumerateDevices } = MediaDevices.prototype;
  MediaDevices.prototype.enumerateDevices = async function () {
    return (await enumerateDevices.call(this)).filter(({ deviceId }) => !ears.unplugged.has(deviceId));
  };
}
globalThis.WebSocket = class extends WebSocket {
  constructor(...options) {
    super(...options);
    ears.watch(this);
  }
};
`;
