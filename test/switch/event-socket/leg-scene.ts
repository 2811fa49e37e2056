// The media server alone: a phone stands for the signalling side, raw event sockets for the application.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../../src/lib/clock.js';
import { systemIds } from '../../../src/lib/ids.js';
import { silentLog } from '../../../src/lib/log.js';
import { type MediaEngine, openMediaEngine } from '../../../src/switch/media/engine.js';
import { type MediaServer, openMediaServer } from '../../../src/switch/media-server/media-server.js';
import type { MediaServerOptions } from '../../../src/switch/media-server/options.js';
import type { SipRequest, SipResponse } from '../../../src/switch/sip/message/message.js';
import { Phone } from '../drachtio/phone.js';
import { EslClient, EslListener } from './esl-client.js';
import { RtpPeer } from './rtp-peer.js';

export const SECRET = 'ClueCon';

/** One leg that is up, its socket answered with `connect`. */
export interface Leg {
  readonly phone: Phone;
  readonly rtp: RtpPeer;
  readonly invite: SipRequest;
  readonly answer: SipResponse;
  readonly socket: EslClient;
  readonly id: string;
}

export class LegScene {
  readonly folder = mkdtempSync(join(tmpdir(), 'hilo-legs-'));
  readonly #closers: (() => unknown)[] = [];

  private constructor(
    readonly engine: MediaEngine,
    readonly server: MediaServer,
    readonly listener: EslListener,
    readonly gate: { opened: Promise<void> },
  ) {}

  static async open(options: Partial<MediaServerOptions> = {}): Promise<LegScene> {
    const engine = await openMediaEngine({
      address: '127.0.0.1',
      ports: { first: 32_000, last: 39_999 },
      workers: 0,
      musicFolder: '/nowhere',
      log: silentLog,
    });
    const gate = { opened: Promise.resolve() };
    const gated: MediaEngine = {
      openLeg: () => gate.opened.then(() => engine.openLeg()),
      openRoom: (near, room) => engine.openRoom(near, room),
      openText: () => gate.opened.then(() => engine.openText()),
      snapshot: () => engine.snapshot(),
      close: () => engine.close(),
    };
    const server = await openMediaServer({
      engine: gated,
      clock: systemClock,
      ids: systemIds,
      log: silentLog,
      sip: { address: '127.0.0.1', port: 0 },
      eventSocket: { address: '127.0.0.1', port: 0, secret: SECRET },
      ...options,
    });
    return new LegScene(engine, server, await EslListener.open(), gate);
  }

  /** Lets calls wait for their media until the returned function is called. */
  holdMedia(): () => void {
    let open = (): void => undefined;
    this.gate.opened = new Promise((resolve) => {
      open = resolve;
    });
    return open;
  }

  /** A place for the sockets of one test's calls. */
  async sockets(): Promise<EslListener> {
    const listener = await EslListener.open();
    this.#closers.push(() => listener.close());
    return listener;
  }

  async phone(): Promise<{ phone: Phone; rtp: RtpPeer }> {
    const [phone, rtp] = [await Phone.open(), await RtpPeer.open()];
    this.#closers.push(
      () => phone.close(),
      () => rtp.close(),
    );
    return { phone, rtp };
  }

  async client(): Promise<EslClient> {
    const client = await EslClient.open(this.server.eventSocket.port, SECRET);
    this.#closers.push(() => client.close());
    return client;
  }

  /** An INVITE as fsmrf's, with the given description. */
  invite(phone: Phone, body: string, headers: Record<string, string> = {}): SipRequest {
    const all = { 'User-Agent': 'drachtio-fsmrf:1', 'X-esl-outbound': this.listener.target, ...headers };
    return phone.ask('INVITE', this.server.sipPort, { headers: all, body });
  }

  async leg(): Promise<Leg> {
    const { phone, rtp } = await this.phone();
    const sockets = await this.sockets();
    const invite = this.invite(phone, rtp.sdp, { 'X-esl-outbound': sockets.target });
    const answer = await phone.response(200, 'INVITE');
    phone.follow('ACK', invite, answer, this.server.sipPort);
    rtp.follow(answer.body.toString());
    const socket = await sockets.accept();
    this.#closers.push(() => socket.close());
    socket.send('connect');
    const { headers } = await socket.next();
    return { phone, rtp, invite, answer, socket, id: headers['Unique-ID'] ?? '' };
  }

  async close(): Promise<void> {
    await this.server.close();
    await this.engine.close();
    for (const close of this.#closers) close();
    this.listener.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
