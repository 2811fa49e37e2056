// The telephone side of the centre: takes calls from trunks and devices, registers phones, dials out.
import type { SrfRequest, SrfResponse } from 'drachtio-srf';
import type {
  DialOutcome,
  DialRequest,
  Holdings,
  IncomingCall,
  Leg,
  RegistrationStore,
  Telephony,
} from '../app/ports.js';
import type { TrunkConfig } from '../core/routing/centre.js';
import { unreachable } from '../lib/assert.js';
import type { Clock } from '../lib/clock.js';
import type { Ids } from '../lib/ids.js';
import type { Log } from '../lib/log.js';
import { LoopMeter } from '../lib/loop-meter.js';
import { admit, isPeer } from './admission.js';
import { calledUser, callerNumber, RETRY_AFTER_S, VoiceIncomingCall } from './call/incoming.js';
import { VoiceLeg } from './call/leg.js';
import { checkOffer } from './call/session-description.js';
import { Dialler } from './dial/dialler.js';
import { PreparedLegs } from './dial/prepared-legs.js';
import { asError } from './drachtio/deadline.js';
import type { SwitchServer } from './drachtio/link.js';
import { Media } from './drachtio/media.js';
import type { RequestHandler, SipConnection } from './drachtio/sip-connection.js';
import { type LoadFigures, LoadGate } from './load/load-gate.js';
import { RefusalLog } from './refusal-log.js';
import { Authentication } from './registrar/authentication.js';
import { REGISTRAR_LIMITS, type RegistrarLimits } from './registrar/bindings.js';
import type { DeviceDirectory } from './registrar/device-directory.js';
import { DigestGuard } from './registrar/digest.js';
import { FailureLimit } from './registrar/failure-limit.js';
import { Location } from './registrar/location.js';
import { addressUser, Registrar, sourceOf } from './registrar/registrar.js';
import { CHECK_HEADER } from './servers/options-probe.js';
import type { ServerSnapshot } from './servers/pool.js';
import { SipServers } from './servers/sip-servers.js';
import { holdingsOf } from './survivors/holdings.js';
import { OwnChannels } from './survivors/own-channels.js';
import { SurvivingCalls } from './survivors/survivors.js';

/** Set-ups in flight per media server above which new calls get 503: it answers late first, then not at all (compatibility J4). */
export const MAX_SET_UPS = 60;
const START_LIMIT_MS = 15_000;
const METHODS_TAKEN = 'INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, PRACK, REGISTER';

export interface TelephonyOptions {
  /** All of them are used at once. */
  readonly drachtio: readonly SwitchServer[];
  readonly freeswitch: readonly SwitchServer[];
  readonly profile: string;
  /** Where media servers connect back to. */
  readonly eventSocket: {
    readonly listenAddress: string;
    readonly listenPort?: number;
    readonly advertisedAddress?: string;
  };
  /** Name of this run of the process: kept with its calls. */
  readonly node?: string;
  /** The switch is the embedded one: calls that outlive their node can be taken over. */
  readonly takesOver?: boolean;
  readonly realm: string;
  /** Signs digest nonces; the same on all nodes. */
  readonly nonceKey: string;
  /** Trunks as published now. */
  readonly trunks: () => readonly TrunkConfig[];
  readonly devices: DeviceDirectory;
  readonly registrations: RegistrationStore;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly maxSetUps?: number;
  readonly registrarLimits?: Partial<RegistrarLimits>;
  /** Whether a call over a trunk may not be refused whatever the load: somebody who has a place, an emergency. */
  readonly favoured?: (call: Pick<IncomingCall, 'from' | 'to'>) => boolean;
}

export interface ServersSnapshot {
  readonly signalling: readonly ServerSnapshot[];
  readonly media: ReturnType<Media['snapshot']>;
}

export class VoiceTelephony implements Telephony {
  readonly #options: TelephonyOptions;
  readonly #signalling: SipServers;
  readonly #gate: LoadGate;
  readonly #loop = new LoopMeter();
  readonly #media: Media;
  readonly #location: Location;
  readonly #authentication: Authentication;
  readonly #registrar: Registrar;
  readonly #dialler: Dialler;
  readonly #prepared: PreparedLegs;
  readonly #refusals: RefusalLog;
  readonly #node: string;
  readonly #channels: OwnChannels;
  /** Calls of dead nodes. */
  readonly survivors: SurvivingCalls;
  readonly #legs = new Set<VoiceLeg>();
  readonly #calls = new Set<IncomingCall>();
  #onCall: ((call: IncomingCall) => void) | undefined;

  constructor(options: TelephonyOptions) {
    const { clock, ids, log, realm, nonceKey, devices, eventSocket } = options;
    this.#options = options;
    this.#refusals = new RefusalLog(clock, log);
    this.#location = new Location(options.registrations, clock, log);
    const guard = new DigestGuard({ realm, key: nonceKey, secretsOf: (name) => devices.secretsOf(name), clock, ids });
    this.#authentication = new Authentication(guard, new FailureLimit(clock), log);
    this.#registrar = new Registrar({
      authentication: this.#authentication,
      location: this.#location,
      limits: { ...REGISTRAR_LIMITS, ...options.registrarLimits },
      clock,
      log,
    });
    this.#node = options.node ?? 'hilo';
    this.#channels = new OwnChannels(this.#node, options.log);
    this.survivors = new SurvivingCalls({
      media: () => this.#media.connections,
      signalling: (server) => this.#signalling.choose(server),
      mayTakeOver: options.takesOver === true,
      log,
    });
    this.#signalling = new SipServers({ servers: options.drachtio, handlers: this.#handlers(), clock, ids, log });
    this.#media = new Media({
      servers: options.freeswitch,
      profile: options.profile,
      listenAddress: eventSocket.listenAddress,
      listenPort: eventSocket.listenPort ?? 0,
      ...(eventSocket.advertisedAddress === undefined ? {} : { advertisedAddress: eventSocket.advertisedAddress }),
      maxSetUps: options.maxSetUps ?? MAX_SET_UPS,
      clock,
      log,
      signalling: () => this.#signalling.choose(),
    });
    const measure = () => ({ application: this.#loop.read(), media: this.#media.loads() });
    this.#gate = new LoadGate({ clock, log, measure });
    this.#prepared = new PreparedLegs({ media: this.#media, signalling: () => this.#signalling.choose(), clock });
    this.#dialler = new Dialler({
      prepared: this.#prepared,
      signalling: (server) => this.#signalling.choose(server),
      media: this.#media,
      node: this.#node,
      contactsOf: (device) => this.#location.find(device),
      devices: options.devices,
      trunks: options.trunks,
      clock,
      ids,
      log,
      onLeg: (leg) => this.#track(leg),
    });
  }

  /**
   * Set the handlers first. Resolves when calls can be taken; rejects with HiloError `telephony-unavailable` when a server
   * refuses us (wrong secret) or none answers in time. Later losses are repaired by themselves.
   */
  async start(limitMs = START_LIMIT_MS): Promise<void> {
    await this.#location.load();
    // Media first: when the SIP server knows us, calls come.
    await this.#media.start(limitMs);
    await this.#signalling.start(limitMs);
    this.#gate.start();
  }

  onCall(handler: (call: IncomingCall) => void): void {
    this.#onCall = handler;
  }

  onRegistration(handler: (device: string, registered: boolean) => void): void {
    this.#location.onChange(handler);
    for (const device of new Set(this.#location.all().map((registration) => registration.device)))
      handler(device, true);
  }

  isRegistered(device: string): boolean {
    return this.#location.of(device).length > 0;
  }

  dial(request: DialRequest): Promise<DialOutcome> {
    return this.#dialler.dial(request);
  }

  expectDial(beside: Leg): void {
    if (beside instanceof VoiceLeg) this.#prepared.prepare(beside);
  }

  health(): { readonly signalling: boolean; readonly media: boolean } {
    return { signalling: this.#signalling.choose() !== undefined, media: this.#media.up };
  }

  /** Where the network reaches us by SIP over UDP, `10.0.0.1:5060`, as far as the SIP servers say. */
  sipAddresses(): readonly string[] {
    return this.#signalling.listeners;
  }

  /** Where browsers reach us by SIP, `ws://10.0.0.1:5066`, `wss://10.0.0.1:7443`, as far as the SIP servers say. */
  webSockets(): readonly string[] {
    return this.#signalling.webSockets;
  }

  /** How each server does. */
  servers(): ServersSnapshot {
    return { signalling: this.#signalling.snapshot(), media: this.#media.snapshot() };
  }

  /** `draining`: takes no new calls, those on it end in peace. False: there is no server of that name (`host:port`). */
  drain(server: string, draining: boolean): boolean {
    const known = [this.#signalling.drain(server, draining), this.#media.drain(server, draining)];
    if (!known.includes(true)) return false;
    this.#options.log.warn({ server }, draining ? 'server takes no new calls' : 'server takes new calls again');
    return true;
  }

  holdings(): Promise<Holdings> {
    return holdingsOf({ channels: this.#channels, media: this.#media, legs: this.#legs, calls: this.#calls });
  }

  /** How much of the load that can be borne there is, and whether new calls are refused for it. */
  load(): LoadFigures {
    return this.#gate.figures();
  }

  /** Hangs up what is left and disconnects; safe to call twice. */
  async close(): Promise<void> {
    this.#onCall = undefined;
    this.#dialler.close();
    for (const call of this.#calls) call.reject(503, { retryAfterS: RETRY_AFTER_S });
    const end = { by: 'hilo', reason: 'shutting-down' } as const;
    await Promise.all([...[...this.#legs].map((leg) => leg.hangUp(end)), this.survivors.hangUpAll(end)]);
    this.#location.close();
    this.#gate.close();
    this.#loop.close();
    this.#media.close();
    this.#signalling.close();
  }

  /** What is going on, for people who debug. */
  snapshot(): object {
    return {
      signalling: this.#signalling.snapshot(),
      media: this.#media.snapshot(),
      load: this.#gate.figures(),
      calls: [...this.#calls].map(({ callId, origin }) => ({ callId, origin })),
      dialling: this.#dialler.ringing,
      legs: [...this.#legs].map((leg) => leg.snapshot()),
      registrations: this.#location.all(),
      refusals: this.#refusals.counts(),
    };
  }

  #handlers(): Record<string, RequestHandler> {
    const notTaken: RequestHandler = (_connection, _req, res) => res.send(405, { headers: { Allow: METHODS_TAKEN } });
    const handlers: Record<string, RequestHandler> = {
      invite: (connection, req, res) => this.#onInvite(connection, req, res),
      register: (connection, req, res) => this.#registrar.handle(req, res, connection.server),
      options: (_connection, req, res) => this.#onOptions(req, res),
      // Of legs drachtio-srf takes care itself.
      bye: (_connection, req, res) =>
        res.send(this.survivors.ended(req.stackDialogId ?? '', req.get('Reason')) ? 200 : 481, {}),
      subscribe: (_connection, _req, res) => res.send(489, {}),
      message: notTaken,
      publish: notTaken,
      notify: notTaken,
      refer: notTaken,
      info: notTaken,
    };
    for (const [method, handler] of Object.entries(handlers)) {
      handlers[method] = (connection, req, res) => {
        try {
          handler(connection, req, res);
        } catch (error) {
          this.#options.log.error({ method, reason: asError(error).stack }, 'request not handled');
          if (!res.finalResponseSent) res.send(500, {});
        }
      };
    }
    return handlers;
  }

  #onInvite(connection: SipConnection, req: SrfRequest, res: SrfResponse): void {
    // In a dialog that we do not know any more (RFC 3261 §12.2.2).
    if (/;\s*tag=/i.test(req.get('To') ?? '')) {
      res.send(481, {});
      return;
    }
    const admission = admit({
      address: req.source_address,
      userAgent: req.get('User-Agent') ?? '',
      from: addressUser(req.get('From')),
      trunks: this.#options.trunks(),
      registeredHere: (device) => this.#registrar.knows(device, sourceOf(req)),
    });
    switch (admission.kind) {
      case 'refused':
        this.#refusals.note(admission.reason, req.source_address);
        res.send(403, {});
        return;
      case 'trunk':
        if (!this.#mayCome(connection, req, res)) return;
        this.#offer(connection, req, res, admission);
        return;
      case 'device': {
        const device = this.#authentication.device(req, res, admission.device, true);
        if (device === undefined) return;
        const trunk = this.#options.devices.trunkOf(device);
        if (trunk !== undefined) {
          if (this.#mayCome(connection, req, res)) this.#offer(connection, req, res, { kind: 'trunk', trunk });
          return;
        }
        const agent = this.#options.devices.agentOf(device) ?? '';
        this.#offer(connection, req, res, { kind: 'device', device, agent });
        return;
      }
      default:
        unreachable(admission);
    }
  }

  #offer(connection: SipConnection, req: SrfRequest, res: SrfResponse, origin: IncomingCall['origin']): void {
    const { clock, ids, log } = this.#options;
    const handler = this.#onCall;
    const urgent = origin.kind === 'device' || (!this.#media.accepting && this.#isFavoured(req));
    if (handler === undefined || !(urgent ? this.#media.up : this.#media.accepting)) {
      this.#overloaded(req, res);
      return;
    }
    const check = req.body?.trim() ? checkOffer(req.body, 'start') : { ok: true as const };
    if (!check.ok) {
      log.info({ callId: req.get('Call-ID'), address: req.source_address, reason: check.reason }, 'offer refused');
      res.send(488, {});
      return;
    }
    const call = new VoiceIncomingCall({
      connection,
      req,
      res,
      origin,
      urgent,
      node: this.#node,
      media: this.#media,
      clock,
      ids,
      log,
      onLeg: (leg) => this.#track(leg),
    });
    this.#calls.add(call);
    call.ended.addEventListener('abort', () => this.#calls.delete(call), { once: true });
    handler(call);
  }

  /** Before anything is spent on the call: 503 when the load, or an operator, wants no more of them here. */
  #mayCome(connection: SipConnection, req: SrfRequest, res: SrfResponse): boolean {
    // Who it is matters only when somebody has to stay outside.
    const favoured = this.#gate.limiting && this.#isFavoured(req);
    if (!this.#signalling.isDraining(connection) && this.#gate.admit(favoured)) return true;
    this.#overloaded(req, res);
    return false;
  }

  #isFavoured(req: SrfRequest): boolean {
    return this.#options.favoured?.({ from: callerNumber(req), to: calledUser(req) }) === true;
  }

  #overloaded(req: SrfRequest, res: SrfResponse): void {
    this.#refusals.note('overloaded', req.source_address);
    res.send(503, { headers: { 'Retry-After': String(RETRY_AFTER_S) } });
  }

  #onOptions(req: SrfRequest, res: SrfResponse): void {
    // A check of our own, or of another node: that it came is what it is for.
    if (req.has(CHECK_HEADER)) {
      res.send(req.get(CHECK_HEADER) === this.#signalling.checkKey ? 200 : 403, {});
      return;
    }
    const { trunks } = this.#options;
    const device = addressUser(req.get('From'));
    const known =
      trunks().some((trunk) => isPeer(trunk, req.source_address)) ||
      (device !== undefined && this.#registrar.knows(device, sourceOf(req)));
    if (known) {
      res.send(200, { headers: { Allow: METHODS_TAKEN, Accept: 'application/sdp' } });
      return;
    }
    this.#refusals.note('stranger', req.source_address);
    res.send(403, {});
  }

  #track(leg: VoiceLeg): void {
    this.#legs.add(leg);
    void leg.freed.then(() => this.#legs.delete(leg));
  }
}
