// Makes media legs: on which of the media servers, with a bound on how many are being set up at a time on each.
import { HiloError } from '../../app/errors.js';
import type { Clock } from '../../lib/clock.js';
import type { Log } from '../../lib/log.js';
import type { MediaLoad } from '../load/pressure.js';
import { Pool, type PoolMember } from '../servers/pool.js';
import { answered, mediaError } from './deadline.js';
import type { SwitchServer } from './link.js';
import {
  type EndpointInviter,
  type EndpointWish,
  type MediaConnection,
  type MediaServerOptions,
  openMediaConnection,
} from './media-connection.js';
import { FsmrfDialog, MediaEndpoint } from './media-endpoint.js';
import { MediaPlace } from './media-place.js';
import type { SipConnection } from './sip-connection.js';
import type { SipDialog } from './sip-dialog.js';

/** INVITE to the media server, its answer, and its connection back; fsmrf itself waits 4 s for the last (compatibility J4). */
const SET_UP_LIMIT_MS = 6000;
/** Every so many checks of a media server one plays: it may answer questions with its media standing still. */
export const CHECKS_PER_PLAYBACK = 5;
const CHECK_SOUND = 'silence_stream://40';
const CHECK_SOUND_LIMIT_MS = 1500;

export interface MediaOptions extends MediaServerOptions {
  readonly servers: readonly SwitchServer[];
  /** Set-ups in flight per server up to which new calls are taken (compatibility J4, J17). */
  readonly maxSetUps: number;
  readonly clock: Clock;
  readonly log: Log;
  /** For legs of the checks. */
  readonly signalling: () => SipConnection | undefined;
}

export interface OpenRequest {
  /** Absent: the leg makes the offer (third-party call control). */
  readonly offer?: string;
  /** Serves a caller who is in already: waits for a place instead of being refused. */
  readonly urgent: boolean;
  /** Whom the leg's own offer is for: see {@link Media.makesSecuredOffers}. */
  readonly secure?: 'sdes' | 'webrtc';
  /** Offer real-time text, if the media server can. */
  readonly text?: boolean;
  /** A leg it is going to be bridged with: legs are bridged on one media server. */
  readonly beside?: MediaEndpoint;
  /** The SIP server over which the media server is invited. */
  readonly via: SipConnection;
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

  constructor(readonly via: SipConnection) {
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

interface Server {
  readonly member: PoolMember<MediaConnection>;
  readonly connection: MediaConnection;
  readonly place: MediaPlace;
}

export class Media {
  readonly #options: MediaOptions;
  readonly #pool: Pool<MediaConnection>;
  readonly #places = new Map<PoolMember<MediaConnection>, MediaPlace>();
  /** fsmrf calls its `createUAC` before `createEndpoint` returns: this says for whom. */
  #calling: Opening | undefined;

  constructor(options: MediaOptions) {
    const { servers, clock, log, maxSetUps } = options;
    this.#options = options;
    const inviter: EndpointInviter = {
      createUAC: (uri, request, _progress, callback) => {
        const invited = this.#invite(uri, request);
        if (callback !== undefined) invited.then((dialog) => callback(undefined, dialog), callback);
        return invited;
      },
      // Who asked for the leg answers the caller: the answer is `sdp` of what {@link open} returned.
      createUAS: (_req, _res, _options, callback) => callback(undefined, { destroy: () => undefined }),
    };
    this.#pool = new Pool<MediaConnection>({
      name: 'media server',
      servers,
      clock,
      log,
      open: (server, attempt) => openMediaConnection(server, attempt, options, inviter, clock),
      check: (connection, round) => this.#check(connection, round),
      onDead: (member) => this.#places.get(member)?.die(),
    });
    for (const member of this.#pool.members) this.#places.set(member, new MediaPlace(maxSetUps, clock));
  }

  start(limitMs: number): Promise<void> {
    return this.#pool.start(limitMs);
  }

  /** Whether any media server takes new calls. */
  get up(): boolean {
    return this.#pool.usable.length > 0 && this.#options.signalling() !== undefined;
  }

  /** Whether one more new call may be set up. */
  get accepting(): boolean {
    return this.up && this.#usable().some(({ place }) => place.setUps.accepting);
  }

  /** Of the servers that take new calls. */
  loads(): readonly MediaLoad[] {
    return this.#usable().map(({ connection, place }) => place.load(connection));
  }

  /** Whether the media server of a new leg makes offers with SRTP by itself. */
  makesSecuredOffers(beside?: MediaEndpoint): boolean {
    const server = beside === undefined ? this.#choose() : this.#serverOf(beside);
    return server?.connection.makesSecuredOffers === true;
  }

  /** Rejections of what it returns are HiloErrors. */
  open(request: OpenRequest): OpeningEndpoint {
    const server = request.beside === undefined ? this.#choose() : this.#serverOf(request.beside);
    if (server === undefined) {
      return refused(new HiloError('telephony-unavailable', 'no media server is connected and answers'));
    }
    const opening = new Opening(request.via);
    const endpoint = this.#inTurn(server, request, opening);
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

  /** Connections that are up, used for new calls or not: what is asked for the calls on them. */
  get connections(): readonly MediaConnection[] {
    return this.#pool.members.flatMap(({ value }) => (value === undefined ? [] : [value]));
  }

  /** The same by name (`host:port`). */
  get servers(): ReadonlyMap<string, MediaConnection> {
    return new Map(this.#pool.members.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]])));
  }

  /** Name of the media server that the leg is on. */
  nameOf({ place }: MediaEndpoint): string {
    return this.#pool.members.find((member) => this.#places.get(member) === place)?.name ?? '';
  }

  drain(server: string, draining: boolean): boolean {
    return this.#pool.drain(server, draining);
  }

  close(): void {
    this.#pool.close();
  }

  snapshot(): readonly (ReturnType<PoolMember<MediaConnection>['snapshot']> & { legs: number; setUps: number })[] {
    return [...this.#places].map(([member, { legs, setUps }]) => ({
      ...member.snapshot(),
      legs,
      setUps: setUps.taken,
    }));
  }

  #usable(): Server[] {
    return this.#pool.usable.flatMap((member) => this.#server(member));
  }

  #server(member: PoolMember<MediaConnection>): Server[] {
    const place = this.#places.get(member);
    const { value: connection } = member;
    return place === undefined || connection === undefined ? [] : [{ member, connection, place }];
  }

  /** The emptiest. */
  #choose(): Server | undefined {
    const byFullness = this.#usable().map((server) => ({ server, full: server.place.fullness(server.connection) }));
    return byFullness.toSorted((a, b) => a.full - b.full)[0]?.server;
  }

  /** Where that leg is, also while the server takes no new calls. */
  #serverOf({ place }: MediaEndpoint): Server | undefined {
    const member = this.#pool.members.find((one) => this.#places.get(one) === place);
    return member && this.#server(member)[0];
  }

  async #inTurn(server: Server, request: OpenRequest, opening: Opening): Promise<MediaEndpoint> {
    const { clock } = this.#options;
    const { place } = server;
    await (request.urgent ? place.setUps.turn() : place.setUps.take());
    const startedMs = clock.monotonicMs();
    try {
      const endpoint = await this.#create(server, request, opening);
      place.opened(clock.monotonicMs() - startedMs, endpoint.ended);
      return endpoint;
    } catch (error) {
      place.took(clock.monotonicMs() - startedMs);
      throw error;
    } finally {
      place.setUps.release();
    }
  }

  /** Asks, and now and then plays something on a leg of its own. */
  async #check(connection: MediaConnection, round: number): Promise<void> {
    await connection.check(this.#options.profile);
    const via = this.#options.signalling();
    // Without a SIP server no leg can be made: that is not the media server's fault.
    if (round % CHECKS_PER_PLAYBACK !== 0 || via === undefined) return;
    const opening = new Opening(via);
    const server = this.#pool.members
      .flatMap((member) => this.#server(member))
      .find((one) => one.connection === connection);
    if (server === undefined) return;
    const endpoint = await this.#create(server, {}, opening);
    try {
      await endpoint.execute('playback', CHECK_SOUND, CHECK_SOUND_LIMIT_MS);
    } finally {
      void endpoint.close();
    }
  }

  async #create({ connection, place }: Server, wish: EndpointWish, opening: Opening): Promise<MediaEndpoint> {
    const { clock, log } = this.#options;
    const wait = { what: 'setting up media', limitMs: SET_UP_LIMIT_MS, until: connection.lost };
    let over = false;
    try {
      if (opening.abandoned) throw new HiloError('leg-ended', 'nobody wants this leg any more');
      return await answered<MediaEndpoint>(clock, wait, (callback) => {
        this.#calling = opening;
        try {
          connection.createEndpoint(wish, (error, endpoint) => {
            if (endpoint === undefined || opening.dialog === undefined)
              return callback(error ?? new Error('no endpoint'));
            const leg = new MediaEndpoint({ endpoint, dialog: opening.dialog, place, clock, log });
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
    if (opening === undefined) throw new Error('nobody asked for this leg');
    const dialog = await opening.via.invite({
      uri,
      headers: request.headers,
      ...(request.localSdp === undefined ? {} : { sdp: request.localSdp }),
    }).answer;
    opening.answeredBy(dialog);
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
