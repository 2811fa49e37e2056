// One connection to a drachtio server: answers and makes INVITEs on it, in a way that leaves no ghost behind.
import Srf, { type SrfDialog, type SrfOffered, type SrfRequest, type SrfResponse } from 'drachtio-srf';
import type { Clock } from '../../lib/clock.js';
import { coalesceWrites } from '../../lib/coalesced-writes.js';
import { CrowdSignal, type EndSignal } from '../../lib/crowd-signal.js';
import type { Log } from '../../lib/log.js';
import { answered, asError } from './deadline.js';
import { type Live, Refused, type SwitchServer } from './link.js';
import { SipDialog } from './sip-dialog.js';

/** A request outside a dialog. It must not throw. */
export type RequestHandler = (connection: SipConnection, req: SrfRequest, res: SrfResponse) => void;

export interface InviteRequest {
  readonly uri: string;
  /** Where to send it instead of where `uri` says. */
  readonly nextHop?: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Our offer. Absent: the other side makes one. */
  readonly sdp?: string;
  /** Our answer to their offer, for the ACK (RFC 3261 §13.2.1). Absent: it gets one by a change of the session. */
  readonly answerTo?: (offer: string) => Promise<string>;
}

/** drachtio tells within milliseconds whether it sent our 200. */
const ANSWER_LIMIT_MS = 3000;
const IN_DIALOG_LIMIT_MS = 4000;
const PING_INTERVAL_MS = 15_000;

/** An INVITE under way. */
export interface Invitation {
  /** Rejects with the SIP failure (an error with `status`), or when the connection is lost. */
  readonly answer: Promise<SipDialog>;
  /** Whether the other side has said anything at all yet (18x; drachtio keeps 100 to itself). */
  readonly alive: boolean;
  /** CANCEL; whatever answers later gets ACK and BYE. Safe to call at any time. */
  cancel(): void;
}

export interface SipConnectionParts {
  readonly srf: Srf;
  /** `host:port` of the server. */
  readonly server: string;
  readonly lost: EndSignal;
  /** As drachtio names them: `udp/10.0.0.1:5060,wss/10.0.0.1:7443`. */
  readonly listeners: () => string;
  readonly clock: Clock;
  readonly log: Log;
}

export class SipConnection {
  /** `host:port` */
  readonly server: string;
  readonly lost: EndSignal;
  readonly #listeners: () => string;
  readonly #srf: Srf;
  readonly #clock: Clock;
  readonly #log: Log;

  constructor({ srf, server, lost, listeners, clock, log }: SipConnectionParts) {
    this.#srf = srf;
    this.server = server;
    this.lost = lost;
    this.#listeners = listeners;
    this.#clock = clock;
    this.#log = log;
  }

  /** Where the server itself listens for SIP over UDP, `127.0.0.1:5060`; undefined: it named no address that is one. */
  get listener(): string | undefined {
    return reachable(this.#listeners());
  }

  /** Where it speaks SIP with browsers: `ws://10.0.0.1:5066`, `wss://10.0.0.1:7443`. */
  get webSockets(): readonly string[] {
    return webSocketsOf(this.#listeners());
  }

  /**
   * A request in a dialog that this process did not make. Resolves with the status of the answer; rejects when the server does
   * not have the dialog, or not for us.
   */
  inDialog(dialog: string, method: 'OPTIONS' | 'BYE'): Promise<number> {
    const wait = { what: method, limitMs: IN_DIALOG_LIMIT_MS, until: this.lost };
    return answered<number>(this.#clock, wait, (callback) => {
      // The URI that stands for the dialog's peer (compatibility A10).
      this.#srf.request('sip:placeholder', { method, stackDialogId: dialog }, (error, request) => {
        if (request === undefined) callback(error ?? new Error('not sent'));
        else request.on('response', (response) => callback(undefined, response.status));
      });
    });
  }

  /** 200 to an INVITE. Rejects when the caller has cancelled meanwhile. */
  accept(req: SrfRequest, res: SrfResponse, sdp: string): Promise<SipDialog> {
    let given = false;
    const accepted = answered<SipDialog>(
      this.#clock,
      { what: 'answering the call', limitMs: ANSWER_LIMIT_MS, until: this.lost },
      (callback) => {
        this.#srf.createUAS(req, res, { localSdp: sdp }, (error, dialog) => {
          if (dialog === undefined) return callback(error ?? new Error('no dialog'));
          const safe = this.#safe(dialog);
          if (given) void safe.bye('too-late');
          callback(undefined, safe);
        });
      },
    );
    return accepted.catch((error: unknown) => {
      given = true;
      throw asError(error);
    });
  }

  invite(request: InviteRequest): Invitation {
    let cancelled = false;
    let alive = false;
    let sent: SrfRequest | undefined;
    const cancelNow = (): void => {
      sent?.cancel({}, (error) => {
        if (error) this.#log.debug({ reason: asError(error).message }, 'CANCEL came too late');
      });
    };
    const answer = new Promise<SipDialog>((resolve, reject) => {
      // drachtio-srf writes into the options it is given (compatibility G1.21): fresh ones for each call.
      const options = {
        headers: { ...request.headers },
        ...(request.sdp === undefined ? {} : { localSdp: request.sdp }),
        ...(request.nextHop === undefined ? {} : { proxy: request.nextHop }),
        ...(request.answerTo === undefined ? {} : { noAck: true }),
      };
      const onLost = (): void => reject(new Error('the connection to the SIP server was lost'));
      this.lost.addEventListener('abort', onLost, { once: true });
      const cbRequest = (error: unknown, req?: SrfRequest): void => {
        if (error || req === undefined) return;
        sent = req;
        if (cancelled) cancelNow();
      };
      const cbProvisional = (): void => {
        alive = true;
      };
      const over = (result: () => void): void => {
        this.lost.removeEventListener('abort', onLost);
        result();
      };
      const established = (dialog: SrfDialog): void => {
        const safe = this.#safe(dialog);
        // RFC 3261 §9.1: a 200 that crossed our CANCEL makes a call; it is ended at once.
        if (cancelled) void safe.bye('cancelled');
        over(() => resolve(safe));
      };
      this.#srf.createUAC(request.uri, options, { cbRequest, cbProvisional }, (error, made) => {
        alive = true;
        if (made === undefined) over(() => reject(asError(error)));
        else if ('sip' in made) established(made);
        else {
          const failed = (reason: unknown): void => over(() => reject(asError(reason)));
          void this.#acknowledge(made, request, () => cancelled).then(established, failed);
        }
      });
    });
    // Whoever cancelled does not wait any more.
    answer.catch(() => undefined);
    return {
      answer,
      get alive() {
        return alive;
      },
      cancel: () => {
        if (cancelled) return;
        cancelled = true;
        cancelNow();
      },
    };
  }

  /** Answers their offer. When there is no answer to it, or nobody wants the call any more, they get ACK and BYE. */
  async #acknowledge(offered: SrfOffered, { answerTo }: InviteRequest, cancelled: () => boolean): Promise<SrfDialog> {
    try {
      if (answerTo === undefined || cancelled()) throw new Error('nobody wants this call any more');
      return await offered.ack(await answerTo(offered.sdp));
    } catch (error) {
      this.#log.info({ reason: asError(error).message }, 'an offer that came with the answer was not taken');
      void offered.destroy();
      throw error;
    }
  }

  #safe(dialog: ConstructorParameters<typeof SipDialog>[0]): SipDialog {
    return new SipDialog(dialog, { clock: this.#clock, log: this.#log, lost: this.lost });
  }
}

/**
 * Connects to a drachtio server once. A new Srf for each connection: the library's own reconnecting forgets no-delay, sends
 * every route again and keeps the dialogs of the old connection for ever (compatibility A4, A17, G1.1, G1.7, G1.10).
 */
export function openSipConnection(
  server: SwitchServer,
  attempt: AbortSignal,
  handlers: Readonly<Record<string, RequestHandler>>,
  clock: Clock,
  log: Log,
): Promise<Live<SipConnection>> {
  return new Promise((resolve, reject) => {
    const srf = new Srf();
    const lost = new CrowdSignal();
    let connected = false;
    let failure = 'connection closed';
    let listeners = '';
    const connection = new SipConnection({
      srf,
      server: `${server.host}:${server.port}`,
      lost,
      listeners: () => listeners,
      clock,
      log,
    });
    const disconnect = (): void => {
      if (connected && !lost.aborted) srf.disconnect();
      // A server that hangs never closes its side.
      if (!lost.aborted) lost.abort();
    };
    for (const [method, handler] of Object.entries(handlers)) {
      srf.use(method, (req, res) => handler(connection, req, res));
    }
    // Without a listener an `error` event ends the process (G1.11); `close` always follows.
    srf.on('error', (error) => {
      failure = error.message;
    });
    srf.on('close', () => {
      lost.abort();
      reject(new Error(failure));
    });
    srf.on('connect', (error, _external, _version, local) => {
      connected = true;
      listeners = local ?? '';
      if (error) reject(new Refused('the secret is not accepted; set DRACHTIO_SECRET to the server’s'));
      // After a refusal the library would try again every 255 ms for ever (G1.7).
      if (error || attempt.aborted) {
        disconnect();
        return;
      }
      // All calls share this one connection.
      for (const socket of srf._app.client.mapServer.keys()) coalesceWrites(socket);
      resolve({ value: connection, lost: lost, close: disconnect });
    });
    srf.connect({
      host: server.host,
      port: server.port,
      secret: server.secret,
      reconnect: { maxAttempts: 1 },
      enablePing: true,
      pingInterval: PING_INTERVAL_MS,
    });
  });
}

/** The first address of `tcp/10.0.0.1:5060,udp/10.0.0.1:5060` that takes UDP. */
export function reachable(listeners: string): string | undefined {
  const udp = listeners.split(',').map((one) => /^\s*udp\/([\d.]+:\d+)\s*$/.exec(one)?.[1]);
  return udp.find((address) => address !== undefined && !address.startsWith('0.0.0.0:'));
}

export function webSocketsOf(listeners: string): readonly string[] {
  const found = listeners.split(',').map((one) => /^\s*(wss?)\/([\d.]+:\d+)\s*$/.exec(one));
  return found.flatMap((one) => (one === null || one[2]?.startsWith('0.0.0.0:') ? [] : [`${one[1]}://${one[2]}`]));
}
