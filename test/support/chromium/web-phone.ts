// A softphone in a page: JsSIP over WebSocket, and ears that tell which tone the remote party says.
import type { Page } from 'playwright-core';
import { EAR, type Heard, isSpeech, isTone, listen } from './ear.js';

export interface WebPhoneOptions {
  /** `wss://host:port` */
  readonly server: string;
  readonly user: string;
  readonly password: string;
}

const LIMIT_MS = 20_000;

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

  hears(hertz: number): Promise<void> {
    return listen(
      `${hertz} Hz`,
      () => this.heard(),
      (heard) => isTone(heard, hertz),
    );
  }

  hearsSpeech(): Promise<void> {
    return listen('speech', () => this.heard(), isSpeech);
  }

  private heard(): Promise<Heard | undefined> {
    return this.page.evaluate('phone.ear?.()') as Promise<Heard | undefined>;
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
const PHONE = `${EAR}
const MEDIA = { audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false }, video: false };
const PC = { iceServers: [] };
globalThis.phone = {
  told: [], state: 'idle', registered: false, restarted: false, session: undefined, ear: undefined,
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
    connection.addEventListener('track', (event) => {
      const stream = event.streams[0] ?? new MediaStream([event.track]);
      // Chromium feeds a remote stream to Web Audio only while an element plays it too.
      this.element = new Audio();
      this.element.srcObject = stream;
      this.element.muted = true;
      this.element.play().catch((error) => this.told.push('not played: ' + error));
      this.ear = earFor(event);
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
};
`;
