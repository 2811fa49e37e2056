// Makes media legs: the link to a media server, and a bound on how many legs are being set up at a time.
import { HiloError } from '../../app/errors.js';
import type { Clock } from '../../lib/clock.js';
import type { Log } from '../../lib/log.js';
import { answered, mediaError } from './deadline.js';
import { Link, type SwitchServer } from './link.js';
import {
  type EndpointInviter,
  type MediaConnection,
  type MediaServerOptions,
  openMediaConnection,
} from './media-connection.js';
import { FsmrfDialog, MediaEndpoint } from './media-endpoint.js';
import { SetUps } from './set-ups.js';
import type { SipConnection } from './sip-connection.js';
import type { SipDialog } from './sip-dialog.js';

/** INVITE to the media server, its answer, and its connection back; fsmrf itself waits 4 s for the last (compatibility J4). */
const SET_UP_LIMIT_MS = 6000;

export interface MediaOptions extends MediaServerOptions {
  readonly servers: readonly SwitchServer[];
  /** Set-ups in flight up to which new calls are taken (compatibility J4, J17). */
  readonly maxSetUps: number;
  readonly clock: Clock;
  readonly log: Log;
  readonly signalling: () => SipConnection | undefined;
}

/** A media leg being made. `sdp` is there as soon as the media server has answered, before the leg can be told anything. */
export interface OpeningEndpoint {
  readonly sdp: Promise<string>;
  readonly endpoint: Promise<MediaEndpoint>;
  /** Nobody wants it any more: it is freed when it comes. */
  abandon(): void;
}

/** What is known of a leg while fsmrf makes it. */
class Opening {
  abandoned = false;
  dialog: SipDialog | undefined;
  readonly offer: Promise<string>;
  #answered: (sdp: string) => void = () => undefined;

  constructor() {
    this.offer = new Promise((resolve) => {
      this.#answered = resolve;
    });
  }

  answeredBy(dialog: SipDialog): void {
    this.dialog = dialog;
    this.#answered(dialog.remoteSdp);
    if (this.abandoned) void dialog.bye();
  }
}

export class Media {
  readonly #options: MediaOptions;
  readonly #link: Link<MediaConnection>;
  /** fsmrf calls its `createUAC` before `createEndpoint` returns: this says for whom. */
  #calling: Opening | undefined;
  readonly #setUps: SetUps;

  constructor(options: MediaOptions) {
    this.#options = options;
    this.#setUps = new SetUps(options.maxSetUps, options.clock);
    const inviter: EndpointInviter = { createUAC: (uri, request) => this.#invite(uri, request) };
    this.#link = new Link<MediaConnection>({
      name: 'media server',
      servers: options.servers,
      clock: options.clock,
      log: options.log,
      open: (server, attempt) => openMediaConnection(server, attempt, options, inviter, options.clock, options.log),
    });
  }

  start(limitMs: number): Promise<void> {
    return this.#link.start(limitMs);
  }

  get up(): boolean {
    return this.#link.value?.responsive === true && this.#options.signalling() !== undefined;
  }

  /** Whether one more new call may be set up. */
  get accepting(): boolean {
    return this.up && this.#setUps.accepting;
  }

  /**
   * A leg for `offer`, or, without one, a leg that makes the offer (third-party call control). `urgent` legs serve a caller
   * who is in already: they wait for a place. Rejections are HiloErrors.
   */
  open(offer: string | undefined, urgent: boolean): OpeningEndpoint {
    const connection = this.#link.value;
    if (connection === undefined || !this.up) {
      const why = connection === undefined ? 'no media server is connected' : 'the media server does not answer';
      return refused(new HiloError('telephony-unavailable', why));
    }
    const opening = new Opening();
    const endpoint = this.#inTurn(urgent, () => this.#create(connection, offer, opening));
    const sdp = Promise.race([opening.offer, endpoint.then((leg) => leg.sdp)]);
    endpoint.catch(() => undefined);
    sdp.catch(() => undefined);
    return {
      sdp,
      endpoint,
      abandon: () => {
        opening.abandoned = true;
        endpoint.then(
          (leg) => leg.close(),
          () => undefined,
        );
      },
    };
  }

  close(): void {
    this.#link.close();
  }

  snapshot(): object {
    return { ...this.#link.snapshot(), responsive: this.#link.value?.responsive ?? false, setUps: this.#setUps.taken };
  }

  async #inTurn<T>(urgent: boolean, setUp: () => Promise<T>): Promise<T> {
    await (urgent ? this.#setUps.turn() : this.#setUps.take());
    try {
      return await setUp();
    } finally {
      this.#setUps.release();
    }
  }

  async #create(connection: MediaConnection, offer: string | undefined, opening: Opening): Promise<MediaEndpoint> {
    const { clock, log } = this.#options;
    const wait = { what: 'setting up media', limitMs: SET_UP_LIMIT_MS, until: connection.lost };
    let over = false;
    try {
      if (opening.abandoned) throw new HiloError('leg-ended', 'nobody wants this leg any more');
      return await answered<MediaEndpoint>(clock, wait, (callback) => {
        this.#calling = opening;
        try {
          connection.createEndpoint(offer, (error, endpoint) => {
            if (endpoint === undefined || opening.dialog === undefined)
              return callback(error ?? new Error('no endpoint'));
            const leg = new MediaEndpoint(endpoint, opening.dialog, clock, log);
            // It came after all, when nobody waits for it any more.
            if (over) void leg.close();
            callback(undefined, leg);
          });
        } finally {
          this.#calling = undefined;
        }
      });
    } catch (error) {
      over = true;
      opening.abandoned = true;
      void opening.dialog?.bye();
      throw mediaError('setting up media', error);
    }
  }

  async #invite(uri: string, request: { headers: Record<string, string>; localSdp?: string }): Promise<FsmrfDialog> {
    const opening = this.#calling;
    const connection = this.#options.signalling();
    if (connection === undefined) throw new Error('the SIP server is not connected');
    const dialog = await connection.invite({
      uri,
      headers: request.headers,
      ...(request.localSdp === undefined ? {} : { sdp: request.localSdp }),
    }).answer;
    opening?.answeredBy(dialog);
    return new FsmrfDialog(dialog);
  }
}

function refused(error: HiloError): OpeningEndpoint {
  const sdp = Promise.reject(error);
  const endpoint = Promise.reject(error);
  sdp.catch(() => undefined);
  endpoint.catch(() => undefined);
  return { sdp, endpoint, abandon: () => undefined };
}
