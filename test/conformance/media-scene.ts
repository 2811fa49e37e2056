// An application on drachtio-srf and drachtio-fsmrf on the pair under test, callers with real RTP around it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { App, Dlg, Req, Res } from '../switch/drachtio/application.js';
import type { Phone } from '../switch/drachtio/phone.js';
import {
  type Connected,
  connectMedia as connectTo,
  type Endpoint,
  type Media,
} from '../switch/event-socket/media-scene.js';
import { RtpPeer } from '../switch/event-socket/rtp-peer.js';
import { tone, writeWav } from '../switch/event-socket/tones.js';
import { openPair, type Pair, PROFILE } from './pair.js';

/** On the machine of the media server too: the same machine, or a folder shared with it. */
const FOLDER = process.env['CONFORMANCE_FOLDER'] || tmpdir();
const WAIT_MS = 10_000;

export type Answered = Omit<Connected, 'rtp'>;

export class MediaScene {
  readonly folder = mkdtempSync(join(FOLDER, 'hilo-conformance-'));
  readonly #closers: (() => unknown)[] = [];
  #onInvite: (req: Req, res: Res) => void = () => undefined;

  private constructor(
    readonly pair: Pair,
    readonly srf: App,
    readonly media: Media,
  ) {}

  static async open(): Promise<MediaScene> {
    const pair = await openPair();
    let scene: MediaScene | undefined;
    const { srf } = await pair.app((app) => app.invite((req, res) => scene?.ring(req, res)));
    const media = await connectMedia(pair, srf);
    scene = new MediaScene(pair, srf, media);
    return scene;
  }

  file(name: string): string {
    return join(this.folder, name);
  }

  /** A WAV of one tone; its path. */
  tone(name: string, hz: number, ms: number): string {
    writeWav(this.file(name), tone(hz, ms));
    return this.file(name);
  }

  async phone(): Promise<{ phone: Phone; rtp: RtpPeer }> {
    const [phone, rtp] = [await this.pair.phone(), await RtpPeer.open()];
    this.#closers.push(() => rtp.close());
    return { phone, rtp };
  }

  ring(req: Req, res: Res): void {
    this.#onInvite(req, res);
  }

  /** A caller rings, the application answers with `connectCaller`. */
  async caller(options: object = {}): Promise<Connected> {
    const { phone, rtp } = await this.phone();
    const answered = await this.#ring(phone, rtp.sdp, (answer) => rtp.follow(answer), options);
    return { phone, rtp, ...answered };
  }

  /** The same with an offer of any kind; the call is connected after `follow` has heard the answer. */
  async answered(offer: string, follow: (answer: string) => void): Promise<Answered> {
    const phone = await this.pair.phone();
    return { phone, ...(await this.#ring(phone, offer, follow)) };
  }

  /** Waits for a fact that events elsewhere bring about. */
  async until(what: string, fact: () => boolean | Promise<boolean>, waitMs = WAIT_MS): Promise<void> {
    const end = Date.now() + waitMs;
    while (!(await fact())) {
      if (Date.now() > end) throw new Error(`not in time: ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  async #ring(
    phone: Phone,
    offer: string,
    follow: (answer: string) => void,
    options: object = {},
  ): Promise<Omit<Answered, 'phone'>> {
    const connected = new Promise<{ endpoint: Endpoint; dialog: Dlg }>((resolve, reject) => {
      this.#onInvite = (req, res) => void this.media.connectCaller(req, res, options).then(resolve, reject);
    });
    const invite = phone.ask('INVITE', this.pair.sip.port, { body: offer });
    const answer = await phone.response(200, 'INVITE');
    phone.follow('ACK', invite, answer, this.pair.sip.port);
    follow(answer.body.toString());
    return { invite, answer, ...(await connected) };
  }

  async close(): Promise<void> {
    this.media.disconnect();
    for (const close of this.#closers) close();
    await this.pair.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export function connectMedia(pair: Pair, srf: App, overrides: object = {}): Promise<Media> {
  return connectTo(srf, { ...pair.freeswitch, address: pair.freeswitch.host, profile: PROFILE, ...overrides });
}
