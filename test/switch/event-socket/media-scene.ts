// The whole switch in one process, an application on the unmodified drachtio-srf and drachtio-fsmrf, callers around it.
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../../src/lib/clock.js';
import { systemIds } from '../../../src/lib/ids.js';
import { silentLog } from '../../../src/lib/log.js';
import { type DrachtioServer, openDrachtioServer } from '../../../src/switch/control/drachtio/server.js';
import { type MediaEngine, type MediaEngineOptions, openMediaEngine } from '../../../src/switch/media/engine.js';
import { type MediaServer, openMediaServer } from '../../../src/switch/media-server/media-server.js';
import type { MediaServerOptions } from '../../../src/switch/media-server/options.js';
import type { SipRequest, SipResponse } from '../../../src/switch/sip/message/message.js';
import { type App, connectApp, type Dlg, type Req, type Res } from '../drachtio/application.js';
import { Phone } from '../drachtio/phone.js';
import { RtpPeer } from './rtp-peer.js';

export const SECRET = 'ClueCon';
const WAIT_MS = 10_000;

export interface EslEvent {
  getHeader(name: string): string | null;
  getBody(): string;
}

export interface Endpoint {
  readonly uuid: string;
  readonly local: { readonly sdp: string; readonly mediaIp: string; readonly mediaPort: string };
  readonly remote: { readonly sdp: string; readonly mediaPort: string };
  readonly dtmfType: string;
  readonly dialog: Dlg;
  readonly muted: boolean;
  play(what: string | readonly string[] | object): Promise<Played>;
  playCollect(options: object): Promise<Collected>;
  record(file: string, options?: object): Promise<Recorded>;
  recordSession(file: string): Promise<EslEvent>;
  mute(): Promise<unknown>;
  unmute(): Promise<unknown>;
  set(name: string | object, value?: string): Promise<void>;
  export(name: string, value: string): Promise<void>;
  execute(application: string, argument?: string): Promise<EslEvent>;
  api(command: string, args?: string | readonly string[]): Promise<EslEvent>;
  bridge(other: Endpoint | string): Promise<void>;
  unbridge(): Promise<void>;
  modify(sdp: string): Promise<string>;
  getChannelVariables(media?: boolean): Promise<Record<string, string | number>>;
  destroy(): Promise<void>;
  join(conference: Conference | string, options?: object): Promise<{ memberId: number; confUuid: string }>;
  unjoin(): Promise<unknown>;
  transfer(conference: Conference): Promise<unknown>;
  confMute(): Promise<unknown>;
  confUnmute(): Promise<unknown>;
  confDeaf(): Promise<unknown>;
  confUndeaf(): Promise<unknown>;
  confPlay(file: string): Promise<unknown>;
  on(event: string, listener: (event: Record<string, string>) => void): void;
  once(event: string, listener: (event: Record<string, string>) => void): void;
}
export interface Played {
  readonly playbackSeconds: string;
  readonly playbackMilliseconds: string;
  readonly playbackLastOffsetPos: string;
}
export interface Collected {
  readonly digits: string | null;
  readonly invalidDigits: string | null;
  readonly terminatorUsed: string | null;
}
export interface Recorded {
  readonly terminatorUsed: string | null;
  readonly recordSeconds: string;
  readonly recordMilliseconds: string;
  readonly recordSamples: string;
}
export interface Conference {
  readonly name: string;
  getSize(): Promise<number>;
  get(parameter: string): Promise<string | number>;
  set(parameter: string, value: string): Promise<string | number>;
  lock(): Promise<unknown>;
  unlock(): Promise<unknown>;
  play(file: string): Promise<{ seconds: number; milliseconds: number; samples: number }>;
  startRecording(file: string): Promise<unknown>;
  pauseRecording(file: string): Promise<unknown>;
  resumeRecording(file: string): Promise<unknown>;
  destroy(): Promise<void>;
  on(event: string, listener: (event: EslEvent) => void): void;
}
export interface Media {
  createConference(name: string, options?: object): Promise<Conference>;
  readonly maxSessions: number;
  readonly sip: { readonly ipv4: { readonly udp: { readonly address: string } } };
  createEndpoint(options?: object): Promise<Endpoint>;
  connectCaller(req: Req, res: Res, options?: object): Promise<{ endpoint: Endpoint; dialog: Dlg }>;
  api(command: string): Promise<string>;
  disconnect(): void;
}
interface Mrf {
  connect(options: object): Promise<Media>;
}
const MrfClass = createRequire(import.meta.url)('drachtio-fsmrf') as new (srf: App) => Mrf;
const CONNECTIONS_MAX = 10;

/** As applications do it; the library gives up after one second, which a busy machine may need longer. */
export async function connectMedia(srf: App, options: object): Promise<Media> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await new MrfClass(srf).connect({ listenAddress: '127.0.0.1', listenPort: 0, ...options });
    } catch (error) {
      if (tried === CONNECTIONS_MAX || !/not ready/.test(String(error))) throw error;
    }
  }
}

/** A caller that was connected to an endpoint. */
export interface Connected {
  readonly phone: Phone;
  readonly rtp: RtpPeer;
  readonly invite: SipRequest;
  readonly answer: SipResponse;
  readonly endpoint: Endpoint;
  readonly dialog: Dlg;
}

export class MediaScene {
  readonly folder = mkdtempSync(join(tmpdir(), 'hilo-media-'));
  readonly #closers: (() => unknown)[] = [];
  #onInvite: (req: Req, res: Res) => void = () => undefined;

  private constructor(
    readonly engine: MediaEngine,
    readonly server: MediaServer,
    readonly drachtio: DrachtioServer,
    readonly srf: App,
    readonly media: Media,
  ) {}

  static async open(
    options: Partial<MediaServerOptions> = {},
    engineOptions: Partial<MediaEngineOptions> = {},
  ): Promise<MediaScene> {
    const shared = { clock: systemClock, ids: systemIds, log: silentLog };
    const engine = await openMediaEngine({
      address: '127.0.0.1',
      ports: { first: 21_000, last: 31_999 },
      workers: 0,
      musicFolder: '/nowhere',
      log: silentLog,
      ...engineOptions,
    });
    const server = await openMediaServer({
      ...shared,
      engine,
      sip: { address: '127.0.0.1', port: 0 },
      eventSocket: { address: '127.0.0.1', port: 0, secret: SECRET },
      ...options,
    });
    const listen = [{ transport: 'udp', address: '127.0.0.1', port: 0 }] as const;
    const drachtio = await openDrachtioServer({
      ...shared,
      host: '127.0.0.1',
      port: 0,
      secret: SECRET,
      sip: { listen },
    });
    let scene: MediaScene | undefined;
    const { srf } = await connectApp(drachtio.address.port, SECRET, (app) => {
      app.invite((req, res) => scene?.onInvite(req, res));
    });
    const media = await connectMedia(srf, {
      address: '127.0.0.1',
      port: server.eventSocket.port,
      secret: SECRET,
    });
    scene = new MediaScene(engine, server, drachtio, srf, media);
    return scene;
  }

  get sipPort(): number {
    return this.drachtio.sipListeners[0]?.port ?? 0;
  }

  onInvite(req: Req, res: Res): void {
    this.#onInvite(req, res);
  }

  async phone(): Promise<{ phone: Phone; rtp: RtpPeer }> {
    const [phone, rtp] = [await Phone.open(), await RtpPeer.open()];
    this.#closers.push(
      () => phone.close(),
      () => rtp.close(),
    );
    return { phone, rtp };
  }

  /** A caller rings, the application answers with `connectCaller`. */
  async caller(options: object = {}): Promise<Connected> {
    const { phone, rtp } = await this.phone();
    const rung = await this.ring(phone, rtp.sdp, (answer) => rtp.follow(answer), options);
    return { phone, rtp, ...rung };
  }

  /** The same with an offer of any kind; the call is connected after `follow` has heard the answer. */
  async ring(
    phone: Phone,
    offer: string,
    follow: (answer: string) => void,
    options: object = {},
  ): Promise<Omit<Connected, 'phone' | 'rtp'>> {
    const connected = new Promise<{ endpoint: Endpoint; dialog: Dlg }>((resolve, reject) => {
      this.#onInvite = (req, res) => void this.media.connectCaller(req, res, options).then(resolve, reject);
    });
    const invite = phone.ask('INVITE', this.sipPort, { body: offer });
    const answer = await phone.response(200, 'INVITE');
    phone.follow('ACK', invite, answer, this.sipPort);
    follow(answer.body.toString());
    return { invite, answer, ...(await connected) };
  }

  /** Waits for a fact that events elsewhere bring about. */
  async until(what: string, fact: () => boolean): Promise<void> {
    const end = Date.now() + WAIT_MS;
    while (!fact()) {
      if (Date.now() > end) throw new Error(`not in time: ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  async close(): Promise<void> {
    this.media.disconnect();
    this.srf.disconnect();
    for (const close of this.#closers) close();
    await this.drachtio.close();
    await this.server.close();
    await this.engine.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
