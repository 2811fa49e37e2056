// One connection to the event socket of a media server, with the media server object of drachtio-fsmrf on top of it.
import Mrf from 'drachtio-fsmrf';
import MediaServer, { type FsmrfEndpoint } from 'drachtio-fsmrf/lib/mediaserver.js';
import esl, { type EslConnection, type EslEvent } from 'drachtio-modesl';
import type { Clock, Timer } from '../../lib/clock.js';
import { coalesceWrites } from '../../lib/coalesced-writes.js';
import { CrowdSignal, type EndSignal } from '../../lib/crowd-signal.js';
import type { Log } from '../../lib/log.js';
import { answered, asError } from './deadline.js';
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

/** What fsmrf wants of drachtio-srf: `createUAC` alone. */
export interface EndpointInviter {
  createUAC(uri: string, options: { headers: Record<string, string>; localSdp?: string }): Promise<object>;
}

const API_LIMIT_MS = 5000;
/** How often we look whether the media server still answers, and how long it may take. */
const PING_INTERVAL_MS = 3000;
const PING_LIMIT_MS = 3000;

export class MediaConnection {
  readonly lost: EndSignal;
  readonly #ms: MediaServer;
  readonly #conn: EslConnection;
  readonly #clock: Clock;
  readonly #log: Log;
  #responsive = true;
  #ping: Timer | undefined;

  constructor(ms: MediaServer, conn: EslConnection, lost: EndSignal, clock: Clock, log: Log) {
    this.#ms = ms;
    this.#conn = conn;
    this.lost = lost;
    this.#clock = clock;
    this.#log = log;
    this.#schedulePing();
    lost.addEventListener('abort', () => this.#ping?.cancel(), { once: true });
  }

  /** False while the media server does not answer although the connection stands (it hangs, or was stopped). */
  get responsive(): boolean {
    return this.#responsive;
  }

  createEndpoint(offer: string | undefined, callback: (error: unknown, endpoint?: FsmrfEndpoint) => void): void {
    this.#ms.createEndpoint(offer === undefined ? {} : { remoteSdp: offer }, callback);
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

  #schedulePing(): void {
    this.#ping = this.#clock.after(PING_INTERVAL_MS, () => {
      answered(this.#clock, { what: 'status', limitMs: PING_LIMIT_MS, until: this.lost }, (callback) =>
        this.#conn.api('sofia status', (event) => callback(null, event)),
      ).then(
        () => this.#pinged(true),
        () => this.#pinged(false),
      );
    });
  }

  #pinged(responsive: boolean): void {
    if (this.lost.aborted) return;
    if (responsive !== this.#responsive) this.#log.warn({ responsive }, 'media server answers or stopped answering');
    this.#responsive = responsive;
    this.#schedulePing();
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
  log: Log,
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
          resolve({ value: new MediaConnection(ms, conn, lost, clock, log), lost: lost, close });
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
    new Mrf(inviter),
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
