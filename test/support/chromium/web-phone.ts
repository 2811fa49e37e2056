// A softphone in a page: JsSIP over WebSocket, and ears that tell which tone the remote party says.
import type { Page } from 'playwright-core';
import { eventually } from '../servers.js';

export interface WebPhoneOptions {
  /** `wss://host:port` */
  readonly server: string;
  readonly user: string;
  readonly password: string;
}

/** What the ears hear now: the strongest frequency, its share of all power, and the loudness (0 to 1). */
interface Heard {
  readonly hertz: number;
  readonly share: number;
  readonly level: number;
}

const LIMIT_MS = 20_000;
/** Two bins of the analyser. */
const TONE_WIDTH_HZ = 25;

export class WebPhone {
  private constructor(private readonly page: Page) {}

  static async open(page: Page, options: WebPhoneOptions): Promise<WebPhone> {
    await page.evaluate(PHONE);
    await page.evaluate(`phone.open(${JSON.stringify(options)})`);
    const phone = new WebPhone(page);
    await phone.until('registered', 'phone.registered');
    return phone;
  }

  async call(number: string): Promise<void> {
    await this.page.evaluate(`phone.call(${JSON.stringify(number)})`);
    await this.until('the call is answered', "phone.state === 'confirmed'");
  }

  /** Waits until it rings, and answers. */
  async answer(): Promise<void> {
    await this.until('it rings', "phone.state === 'ringing'");
    await this.page.evaluate('phone.answer()');
    await this.until('the call is answered', "phone.state === 'confirmed'");
  }

  /** By RFC 4733. */
  press(key: string): Promise<unknown> {
    return this.page.evaluate(`phone.press(${JSON.stringify(key)})`);
  }

  /** As after a change of network. */
  async restartIce(): Promise<void> {
    await this.page.evaluate('phone.restartIce()');
    await this.until('ICE has restarted', 'phone.restarted');
  }

  hangUp(): Promise<unknown> {
    return this.page.evaluate('phone.hangUp()');
  }

  /** Unregisters. */
  async close(): Promise<void> {
    await this.page.evaluate('phone.ua.stop()');
    await this.until('it has left', '!phone.registered');
    await this.page.close();
  }

  get ended(): Promise<void> {
    return this.until('the call has ended', "phone.state === 'ended'");
  }

  /** Names of the codecs in use, out and in. */
  codecs(): Promise<readonly string[]> {
    return this.page.evaluate('phone.codecs()') as Promise<readonly string[]>;
  }

  async hears(hertz: number): Promise<void> {
    await this.listen(`hearing ${hertz} Hz`, (heard) => {
      return heard.level > 0.01 && heard.share > 0.5 && Math.abs(heard.hertz - hertz) < TONE_WIDTH_HZ;
    });
  }

  /** Loud, and spread over many frequencies. */
  async hearsSpeech(): Promise<void> {
    await this.listen('hearing speech', (heard) => heard.level > 0.01 && heard.share < 0.5);
  }

  private async listen(what: string, isIt: (heard: Heard) => boolean): Promise<void> {
    let heard: Heard | undefined;
    try {
      await eventually(
        what,
        async () => {
          heard = (await this.page.evaluate('phone.heard()')) as Heard;
          return isIt(heard);
        },
        LIMIT_MS,
      );
    } catch (error) {
      throw new Error(`${String(error)}; heard ${JSON.stringify(heard)}`, { cause: error });
    }
  }

  private async until(what: string, expression: string): Promise<void> {
    try {
      await this.page.waitForFunction(expression, undefined, { timeout: LIMIT_MS });
    } catch (error) {
      const told = await this.page.evaluate('JSON.stringify(phone.told)');
      throw new Error(`not in time: ${what}; the phone said ${String(told)}`, { cause: error });
    }
  }
}

/** Runs in the page. */
const PHONE = `
const MEDIA = { audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false }, video: false };
const PC = { iceServers: [] };
globalThis.phone = {
  told: [], state: 'idle', registered: false, restarted: false, session: undefined, analyser: undefined,
  open({ server, user, password }) {
    const socket = new JsSIP.WebSocketInterface(server);
    const uri = 'sip:' + user + '@' + new URL(server).hostname;
    this.host = new URL(server).hostname;
    this.ua = new JsSIP.UA({ sockets: [socket], uri, password, session_timers: false });
    this.ua.on('registered', () => { this.registered = true; });
    this.ua.on('unregistered', () => { this.registered = false; });
    this.ua.on('registrationFailed', ({ cause }) => this.told.push('not registered: ' + cause));
    this.ua.on('disconnected', ({ code, reason }) => this.told.push('disconnected: ' + code + ' ' + reason));
    this.ua.on('newRTCSession', ({ session, originator }) => this.take(session, originator));
    this.ua.start();
  },
  take(session, originator) {
    if (this.state !== 'idle') {
      session.terminate({ status_code: 486 });
      return;
    }
    this.session = session;
    this.state = originator === 'remote' ? 'ringing' : 'calling';
    session.on('confirmed', () => { this.state = 'confirmed'; });
    for (const end of ['ended', 'failed']) {
      session.on(end, ({ cause, message }) => {
        this.state = 'ended';
        this.told.push(end + ': ' + cause + ' ' + (message?.status_code ?? ''));
      });
    }
    if (session.connection) this.hear(session.connection);
    session.on('peerconnection', ({ peerconnection }) => this.hear(peerconnection));
  },
  hear(connection) {
    connection.addEventListener('track', ({ streams, track }) => {
      const stream = streams[0] ?? new MediaStream([track]);
      // Chromium feeds a remote stream to Web Audio only while an element plays it too.
      this.element = new Audio();
      this.element.srcObject = stream;
      this.element.muted = true;
      this.element.play().catch((error) => this.told.push('not played: ' + error));
      const context = new AudioContext();
      this.analyser = context.createAnalyser();
      this.analyser.fftSize = 4096;
      this.analyser.smoothingTimeConstant = 0;
      context.createMediaStreamSource(stream).connect(this.analyser);
    });
  },
  call(number) {
    this.ua.call('sip:' + number + '@' + this.host, { mediaConstraints: MEDIA, pcConfig: PC });
  },
  // Real FreeSWITCH has the phone make the offer (docs/real-pair.md), and JsSIP then wants to be told that it has audio.
  answer() {
    const rtcOfferConstraints = { offerToReceiveAudio: true };
    this.session.answer({ mediaConstraints: MEDIA, pcConfig: PC, rtcOfferConstraints });
  },
  press(key) { this.session.sendDTMF(key, { transportType: 'RFC2833', duration: 100 }); },
  restartIce() {
    this.restarted = false;
    const options = { rtcOfferConstraints: { iceRestart: true } };
    if (!this.session.renegotiate(options, () => { this.restarted = true; })) this.told.push('no renegotiation');
  },
  hangUp() { this.session.terminate(); },
  async codecs() {
    if (!this.session.connection) throw new Error('no connection; ' + this.told.join());
    const stats = [...(await this.session.connection.getStats()).values()];
    return stats
      .filter(({ type }) => type === 'inbound-rtp' || type === 'outbound-rtp')
      .map(({ codecId }) => stats.find(({ id }) => id === codecId)?.mimeType ?? 'none');
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
`;
