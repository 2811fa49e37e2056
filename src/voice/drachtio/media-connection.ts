// One connection to the event socket of a media server, with the media server object of drachtio-fsmrf on top of it.
import Mrf from 'drachtio-fsmrf';
import MediaServer, { type FsmrfEndpoint } from 'drachtio-fsmrf/lib/mediaserver.js';
import esl, { type EslConnection, type EslEvent } from 'drachtio-modesl';
import { z } from 'zod';
import type { Clock, Timer } from '../../lib/clock.js';
import { coalesceWrites } from '../../lib/coalesced-writes.js';
import { CrowdSignal, type EndSignal } from '../../lib/crowd-signal.js';
import { isSecured } from '../call/session-description.js';
import type { MediaLoad } from '../load/pressure.js';
import { answered, asError } from './deadline.js';
import { FIGURES_EVENT } from './leg-figures.js';
import { type Live, Refused, type SwitchServer } from './link.js';
import { commandText } from './plain-text.js';

export interface MediaServerOptions {
  /** SIP profile of the media server. */
  readonly profile: string;
  /** Where it connects back to, one connection per call. */
  readonly listenAddress: string;
  readonly listenPort: number;
  readonly advertisedAddress?: string;
}

/** What fsmrf wants of drachtio-srf. */
export interface EndpointInviter {
  /** With a callback for secured callers, with a promise for all others. */
  createUAC(
    uri: string,
    options: { headers: Record<string, string>; localSdp?: string },
    progress?: object,
    callback?: (error: unknown, dialog?: object) => void,
  ): Promise<object>;
  /** Called as soon as the media server has answered a secured caller: its answer has to go out now. */
  createUAS(req: object, res: object, options: object, callback: (error: unknown, dialog?: object) => void): void;
}

export interface EndpointWish {
  /** Absent: the media server makes the offer. */
  readonly offer?: string;
  readonly text?: boolean;
  readonly secure?: 'sdes' | 'webrtc';
}

const API_LIMIT_MS = 5000;
/** How often a media server that can is asked for its load. */
const LOAD_EVERY_MS = 400;

export class MediaConnection {
  readonly lost: EndSignal;
  readonly #ms: MediaServer;
  readonly #conn: EslConnection;
  readonly #clock: Clock;
  #reported: ReportedLoad = { answerMs: 0 };
  #asking: Timer | undefined;

  constructor(ms: MediaServer, conn: EslConnection, lost: EndSignal, clock: Clock) {
    this.#ms = ms;
    this.#conn = conn;
    this.lost = lost;
    this.#clock = clock;
    void this.#askLoad();
    lost.addEventListener('abort', () => this.#asking?.cancel(), { once: true });
  }

  /** Of all its clients, as it said in its last HEARTBEAT. */
  get sessions(): number {
    return this.#ms.currentSessions || 0;
  }

  /** 0 when it did not say. */
  get sessionsMax(): number {
    return this.#ms.maxSessions || 0;
  }

  /** What it said of its load, and how long it takes to answer. */
  get reported(): ReportedLoad {
    return this.#reported;
  }

  /** The embedded switch does, which tells its load; FreeSWITCH 1.10 offers nothing but plain RTP by itself. */
  get makesSecuredOffers(): boolean {
    return this.#reported.loop !== undefined;
  }

  /** Rejects when it does not answer, or its SIP profile is gone. */
  async check(profile: string): Promise<void> {
    const askedMs = this.#clock.monotonicMs();
    const status = await this.api('sofia status');
    if (!hasProfile(status, profile)) throw new Error(`no SIP profile "${profile}" runs there any more`);
    this.#reported = { ...this.#reported, answerMs: this.#clock.monotonicMs() - askedMs };
  }

  /**
   * `text`: the media server's own offer is to have a line of real-time text, if it can. `secure`: it is to be one for a browser, or
   * one with SDES.
   */
  createEndpoint(
    { offer, text = false, secure }: EndpointWish,
    callback: (error: unknown, endpoint?: FsmrfEndpoint) => void,
  ): void {
    if (offer !== undefined && isSecured(offer)) {
      // Comes when the caller's handshake is finished, which needs our answer: fsmrf does not make such endpoints otherwise.
      this.#ms.connectCaller({ body: offer }, {}, { customEvents: [FIGURES_EVENT] }, (error, pair) =>
        callback(error, pair?.endpoint),
      );
      return;
    }
    const headers = {
      ...(text ? { 'X-Hilo-Text': 'true' } : {}),
      ...(secure === 'sdes' ? { 'X-Secure-RTP': 'sdes' } : {}),
    };
    const own = { headers, ...(secure === 'webrtc' ? { srtp: true } : {}) };
    this.#ms.createEndpoint(offer === undefined ? own : { remoteSdp: offer }, callback);
  }

  /** Reply text of an `api` command. */
  async api(command: string): Promise<string> {
    const response = await answered<EslEvent>(
      this.#clock,
      { what: command, limitMs: API_LIMIT_MS, until: this.lost },
      (callback) => this.#conn.api(commandText(command), (event) => callback(null, event)),
    );
    return response.getBody() ?? '';
  }

  #askAgain(): void {
    this.#asking = this.#clock.after(LOAD_EVERY_MS, () => void this.#askLoad());
  }

  /** Only the embedded switch knows the command; one that does not is not asked again. */
  async #askLoad(): Promise<void> {
    const askedMs = this.#clock.monotonicMs();
    try {
      const said = parseLoad(await this.api('hilo_load'));
      if (said === undefined) return;
      this.#reported = { ...said, answerMs: this.#clock.monotonicMs() - askedMs };
    } catch (error) {
      // It hangs, which the checks of the server find out, or is lost.
      if (!(error instanceof Error)) throw error;
    }
    if (!this.lost.aborted) this.#askAgain();
  }
}

/** What a media server says of itself. */
export interface ReportedLoad extends Pick<MediaLoad, 'loop' | 'lateTicks'> {
  readonly answerMs: number;
}

const loadReply = z.object({
  loop: z.object({ utilisation: z.number(), delayMs: z.number() }),
  lateTicks: z.number(),
});

/** undefined: it does not know the question. */
export function parseLoad(reply: string): Pick<MediaLoad, 'loop' | 'lateTicks'> | undefined {
  if (!reply.startsWith('{')) return undefined;
  try {
    return loadReply.safeParse(JSON.parse(reply)).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/**
 * Connects once. Built from the parts of fsmrf instead of `mrf.connect`, which never settles on a wrong secret, tries on for
 * ever without a handle to stop it, and throws uncaught when the profile is missing (compatibility G2.5, G2.6, G2.8).
 */
export function openMediaConnection(
  server: SwitchServer,
  attempt: AbortSignal,
  options: MediaServerOptions,
  inviter: EndpointInviter,
  clock: Clock,
): Promise<Live<MediaConnection>> {
  return new Promise((resolve, reject) => {
    const lost = new CrowdSignal();
    let ms: MediaServer | undefined;
    let failure = 'connection closed';
    const conn: EslConnection = new esl.Connection(server.host, server.port, server.secret, () => onReady());
    // Our own link reconnects, with limits and a fresh media server object: HEARTBEAT would not be asked for again (G2.7).
    conn.reconnectOpts = { maxAttempts: 1 };
    conn.initializeRetryVars();
    const close = (): void => {
      // fsmrf cannot close a server that does not listen yet; it closes it itself after a second.
      if (ms?._server !== undefined) ms.disconnect();
      else conn.disconnect();
      if (!lost.aborted) lost.abort();
    };
    const refuse = (why: string): void => {
      reject(new Refused(why));
      close();
    };
    conn.on('error', (error: Error) => {
      failure = error.message;
    });
    conn.on('esl::connect', () => prepare(conn));
    conn.on('esl::end', () => {
      lost.abort();
      reject(new Error(failure));
    });
    conn.on('esl::event::auth::fail', () =>
      refuse('the secret is not accepted; set FREESWITCH_SECRET to the server’s'),
    );
    conn.on('esl::event::raw::text/rude-rejection', () => refuse('its access list does not let us in'));
    attempt.addEventListener('abort', close, { once: true });

    const onReady = (): void => {
      conn.api('sofia status', (event) => {
        const status = event.getBody() ?? '';
        if (!hasProfile(status, options.profile)) {
          // A media server that is still starting has none yet, so this is worth another try.
          reject(new Error(`no SIP profile "${options.profile}" runs there; set FREESWITCH_PROFILE`));
          close();
          return;
        }
        ms = serve(conn, options, inviter, () => {
          if (attempt.aborted || ms === undefined) return;
          attempt.removeEventListener('abort', close);
          resolve({ value: new MediaConnection(ms, conn, lost, clock), lost, close });
        });
        ms.on('error', (error: unknown) => {
          reject(asError(error));
          close();
        });
      });
    };
  });
}

function serve(
  conn: EslConnection,
  options: MediaServerOptions,
  inviter: EndpointInviter,
  onReady: () => void,
): MediaServer {
  const ms = new MediaServer(
    conn,
    new Mrf(inviter, { customEvents: [FIGURES_EVENT] }),
    options.listenAddress,
    options.listenPort,
    options.advertisedAddress,
    undefined,
    options.profile,
  );
  ms.once('connect', () => ms._server?.on('connection::open', (call: EslConnection) => prepare(call)));
  ms.once('ready', onReady);
  return ms;
}

/**
 * modesl writes one command in several pieces without no-delay: 40 ms each (compatibility J1), now one. And a header with a stray `%`,
 * which a caller's broken UTF-8 can bring about, would end the process (G2.3).
 */
function prepare(conn: EslConnection): void {
  if (conn.socket !== null) {
    conn.socket.setNoDelay(true);
    coalesceWrites(conn.socket);
  }
  if (conn.parser !== undefined) conn.parser._parseHeaderText = parseHeaders;
}

/** Header lines of an event-socket message; `Content-Length` as a number. */
export function parseHeaders(text: string): Record<string, string | number> {
  const headers: Record<string, string | number> = {};
  for (const line of text.split('\n')) {
    const at = line.indexOf(': ');
    const name = at < 0 ? line : line.slice(0, at);
    const value = percentDecoded(at < 0 ? '' : line.slice(at + 2));
    headers[name] = name === 'Content-Length' ? Number.parseInt(value, 10) : value;
  }
  return headers;
}

function percentDecoded(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return text;
    throw error;
  }
}

/** Whether `sofia status` lists the profile with an IPv4 address, which is where fsmrf sends its INVITEs. */
export function hasProfile(sofiaStatus: string, profile: string): boolean {
  return sofiaStatus.split('\n').some((line) => {
    const [name] = line.trim().split(/\s+/);
    return name === profile && /sip:mod_sofia@\d{1,3}(\.\d{1,3}){3}:\d+/.test(line);
  });
}
