// RTP of browsers: the paths of one media worker to its WebRTC host, which does ICE, DTLS and SRTP.
import type { Clock } from '../../../lib/clock.js';
import type { Log } from '../../../lib/log.js';
import { TimedOut, withTimeOut } from '../../../lib/time-out.js';
import { emptyRtpPacket, readRtp } from '../../rtp/packet.js';
import { isRtcp } from '../../rtp/rtcp-mux.js';
import type { Source } from '../../rtp/source-latch.js';
import type { OpenWebHost, WebHostLink } from '../../webrtc/host-link.js';
import type { WebReport, WebSettings } from '../../webrtc/messages.js';
import type { WebParty, WebRemote } from '../../webrtc/web-party.js';
import type { MediaPath, PathCounts, PathListener } from './media-path.js';

/** A host starts in half a second and describes within milliseconds. */
export const HOST_ANSWER_LIMIT_MS = 5_000;

/** Also told when ICE and DTLS are finished, at first and after each restart. */
export interface WebPathListener extends PathListener {
  onSecured(): void;
}

interface Question {
  readonly settle: (party: WebParty) => void;
  readonly refuse: (error: Error) => void;
}

type Host =
  | { readonly state: 'starting'; readonly link: WebHostLink; readonly waiting: Set<(error?: Error) => void> }
  | { readonly state: 'ready'; readonly link: WebHostLink; readonly port: number };

export class WebPaths {
  readonly #settings: WebSettings;
  readonly #openHost: OpenWebHost;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #paths = new Map<number, WebPath>();
  #host: Host | undefined;
  #lastPeer = 0;

  constructor(settings: WebSettings, openHost: OpenWebHost, clock: Clock, log: Log) {
    this.#settings = settings;
    this.#openHost = openHost;
    this.#clock = clock;
    this.#log = log;
  }

  /** The host is started for the first path, and again when it has died. Rejects when there is none. */
  async open(listener: WebPathListener): Promise<WebPath> {
    const host = await this.#ready();
    const peer = ++this.#lastPeer;
    const local = { address: this.#settings.address, port: host.port };
    const path = new WebPath(peer, local, host.link, this.#clock, listener, () => this.#paths.delete(peer));
    this.#paths.set(peer, path);
    host.link.command({ type: 'open', peer });
    return path;
  }

  close(): void {
    this.#host?.link.close();
    this.#host = undefined;
  }

  async #ready(): Promise<Extract<Host, { state: 'ready' }>> {
    this.#host ??= this.#start();
    const host = this.#host;
    if (host.state === 'ready') return host;
    const started = new Promise<void>((resolve, reject) => {
      host.waiting.add((error) => (error ? reject(error) : resolve()));
    });
    try {
      await withTimeOut(this.#clock, 'starting the WebRTC host', HOST_ANSWER_LIMIT_MS, started);
    } catch (error) {
      if (error instanceof TimedOut && this.#host === host) {
        // The next leg tries another one.
        host.link.close();
        this.#lose(host.link, error.message);
      }
      throw error;
    }
    return this.#ready();
  }

  #start(): Host {
    const link = this.#openHost(this.#settings, this.#clock, {
      onReport: (report) => this.#handle(link, report),
      onPacket: (peer, packet) => this.#paths.get(peer)?.receive(packet),
      onLost: (reason) => this.#lose(link, reason),
    });
    return { state: 'starting', link, waiting: new Set() };
  }

  #handle(link: WebHostLink, report: WebReport): void {
    if (link !== this.#host?.link) return;
    if (report.type === 'ready') {
      const before = this.#host;
      this.#host = { state: 'ready', link, port: report.port };
      if (before.state === 'starting') for (const started of before.waiting) started();
    } else if (report.type === 'unavailable') {
      link.close();
      this.#lose(link, report.reason);
    } else this.#paths.get(report.peer)?.handle(report);
  }

  #lose(link: WebHostLink, reason: string): void {
    const host = this.#host;
    if (link !== host?.link) return;
    this.#log.error({ reason }, 'media: no WebRTC host');
    this.#host = undefined;
    const error = new Error(reason);
    if (host.state === 'starting') for (const started of host.waiting) started(error);
    for (const path of [...this.#paths.values()]) path.lose(error);
  }
}

// Shared by all paths of the thread: used and left within one call.
const packet = emptyRtpPacket();

export class WebPath implements MediaPath {
  readonly local: Source;
  readonly #peer: number;
  readonly #link: WebHostLink;
  readonly #clock: Clock;
  readonly #listener: WebPathListener;
  readonly #onClosed: () => void;
  readonly #questions = new Map<number, Question>();
  #state: 'open' | 'connected' | 'closed' = 'open';
  #lastId = 0;
  #malformed = 0;

  constructor(
    peer: number,
    local: Source,
    link: WebHostLink,
    clock: Clock,
    listener: WebPathListener,
    onClosed: () => void,
  ) {
    this.#peer = peer;
    this.local = local;
    this.#link = link;
    this.#clock = clock;
    this.#listener = listener;
    this.#onClosed = onClosed;
  }

  /** Nobody else is heard: what has not the keys of DTLS does not come here. */
  get counts(): PathCounts {
    return { foreign: 0, malformed: this.#malformed, errors: 0 };
  }

  /** Our part of the description; with `remote`, the connection is made. Rejects when theirs is refused. */
  describe(remote?: WebRemote): Promise<WebParty> {
    if (this.#state === 'closed') return Promise.reject(new Error('the leg is closed'));
    const id = ++this.#lastId;
    const described = new Promise<WebParty>((settle, refuse) => this.#questions.set(id, { settle, refuse }));
    const about = { type: 'describe', peer: this.#peer, id } as const;
    this.#link.command(remote === undefined ? about : { ...about, remote });
    return withTimeOut(this.#clock, 'a WebRTC description', HOST_ANSWER_LIMIT_MS, described).finally(() =>
      this.#questions.delete(id),
    );
  }

  /** Where packets go is not said here but by {@link describe}. */
  connect(): boolean {
    if (this.#state === 'open') this.#state = 'connected';
    return true;
  }

  disconnect(): void {
    if (this.#state === 'connected') this.#state = 'open';
  }

  sendRtp(bytes: Buffer): void {
    if (this.#state === 'connected') this.#link.send(this.#peer, bytes);
  }

  sendRtcp(bytes: Buffer): void {
    this.sendRtp(bytes);
  }

  close(): Promise<void> {
    if (this.#state !== 'closed') this.#end(new Error('the leg is closed'));
    return Promise.resolve();
  }

  receive(bytes: Buffer): void {
    if (this.#state !== 'connected') return;
    if (isRtcp(bytes)) this.#listener.onRtcp(bytes);
    else if (readRtp(bytes, packet)) this.#listener.onRtp(bytes, packet);
    else this.#malformed++;
  }

  handle(report: Extract<WebReport, { readonly peer: number }>): void {
    switch (report.type) {
      case 'described':
        this.#questions.get(report.id)?.settle(report.party);
        return;
      case 'refused':
        this.#questions.get(report.id)?.refuse(new Error(report.reason));
        return;
      case 'connected':
        this.#listener.onSecured();
        return;
      case 'failed':
        this.lose(new Error(report.reason));
        return;
    }
  }

  lose(error: Error): void {
    if (this.#state === 'closed') return;
    this.#end(error);
    this.#listener.onDead(error);
  }

  #end(error: Error): void {
    this.#state = 'closed';
    this.#link.command({ type: 'close', peer: this.#peer });
    for (const question of this.#questions.values()) question.refuse(error);
    this.#onClosed();
  }
}
