// The telephone side of the centre: takes calls from trunks and devices, registers phones, dials out.
import type { SrfRequest, SrfResponse } from 'drachtio-srf';
import type { DialOutcome, DialRequest, IncomingCall, RegistrationStore, Telephony } from '../app/ports.js';
import type { TrunkConfig } from '../core/routing/centre.js';
import { unreachable } from '../lib/assert.js';
import type { Clock } from '../lib/clock.js';
import type { Ids } from '../lib/ids.js';
import type { Log } from '../lib/log.js';
import { admit, isPeer } from './admission.js';
import { RETRY_AFTER_S, VoiceIncomingCall } from './call/incoming.js';
import type { VoiceLeg } from './call/leg.js';
import { checkOffer } from './call/session-description.js';
import { Dialler } from './dial/dialler.js';
import { asError } from './drachtio/deadline.js';
import { Link, type SwitchServer } from './drachtio/link.js';
import { Media } from './drachtio/media.js';
import { openSipConnection, type RequestHandler, type SipConnection } from './drachtio/sip-connection.js';
import { RefusalLog } from './refusal-log.js';
import { Authentication } from './registrar/authentication.js';
import { REGISTRAR_LIMITS, type RegistrarLimits } from './registrar/bindings.js';
import { DigestGuard } from './registrar/digest.js';
import { FailureLimit } from './registrar/failure-limit.js';
import { Location } from './registrar/location.js';
import { addressUser, Registrar, sourceOf } from './registrar/registrar.js';

/** Set-ups in flight per media server above which new calls get 503: it answers late first, then not at all (compatibility J4). */
export const MAX_SET_UPS = 60;
const START_LIMIT_MS = 15_000;
const METHODS_TAKEN = 'INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, PRACK, REGISTER';

export interface TelephonyOptions {
  /** In order of preference. */
  readonly drachtio: readonly SwitchServer[];
  readonly freeswitch: readonly SwitchServer[];
  readonly profile: string;
  /** Where media servers connect back to. */
  readonly eventSocket: {
    readonly listenAddress: string;
    readonly listenPort?: number;
    readonly advertisedAddress?: string;
  };
  readonly realm: string;
  /** Signs digest nonces; the same on all nodes. */
  readonly nonceKey: string;
  /** Trunks as published now. */
  readonly trunks: () => readonly TrunkConfig[];
  readonly devices: {
    secretOf(device: string): string | undefined;
    agentOf(device: string): string | undefined;
  };
  readonly registrations: RegistrationStore;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly maxSetUps?: number;
  readonly registrarLimits?: Partial<RegistrarLimits>;
  /** WAV that asks who answers a mobile to press the accept key. */
  readonly acceptPrompt?: string;
}

export class VoiceTelephony implements Telephony {
  readonly #options: TelephonyOptions;
  readonly #signalling: Link<SipConnection>;
  readonly #media: Media;
  readonly #location: Location;
  readonly #authentication: Authentication;
  readonly #registrar: Registrar;
  readonly #dialler: Dialler;
  readonly #refusals: RefusalLog;
  readonly #legs = new Set<VoiceLeg>();
  readonly #calls = new Set<IncomingCall>();
  #onCall: ((call: IncomingCall) => void) | undefined;

  constructor(options: TelephonyOptions) {
    const { clock, ids, log, realm, nonceKey, devices, eventSocket } = options;
    this.#options = options;
    this.#refusals = new RefusalLog(clock, log);
    this.#location = new Location(options.registrations, clock, log);
    const guard = new DigestGuard({ realm, key: nonceKey, secretOf: (name) => devices.secretOf(name), clock, ids });
    this.#authentication = new Authentication(guard, new FailureLimit(clock), log);
    this.#registrar = new Registrar({
      authentication: this.#authentication,
      location: this.#location,
      limits: { ...REGISTRAR_LIMITS, ...options.registrarLimits },
      clock,
      log,
    });
    const handlers = this.#handlers();
    this.#signalling = new Link<SipConnection>({
      name: 'SIP server',
      servers: options.drachtio,
      clock,
      log,
      open: (server, attempt) => openSipConnection(server, attempt, handlers, clock, log),
    });
    this.#media = new Media({
      servers: options.freeswitch,
      profile: options.profile,
      listenAddress: eventSocket.listenAddress,
      listenPort: eventSocket.listenPort ?? 0,
      ...(eventSocket.advertisedAddress === undefined ? {} : { advertisedAddress: eventSocket.advertisedAddress }),
      maxSetUps: options.maxSetUps ?? MAX_SET_UPS,
      clock,
      log,
      signalling: () => this.#signalling.value,
    });
    this.#dialler = new Dialler({
      signalling: () => this.#signalling.value,
      media: this.#media,
      contactsOf: (device) => this.#location.find(device),
      trunks: options.trunks,
      acceptPrompt: options.acceptPrompt,
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

  health(): { readonly signalling: boolean; readonly media: boolean } {
    return { signalling: this.#signalling.value !== undefined, media: this.#media.up };
  }

  /** Hangs up what is left and disconnects; safe to call twice. */
  async close(): Promise<void> {
    this.#onCall = undefined;
    this.#dialler.close();
    for (const call of this.#calls) call.reject(503, { retryAfterS: RETRY_AFTER_S });
    await Promise.all([...this.#legs].map((leg) => leg.hangUp({ by: 'hilo', reason: 'shutting-down' })));
    this.#location.close();
    this.#media.close();
    this.#signalling.close();
  }

  /** What is going on, for people who debug. */
  snapshot(): object {
    return {
      signalling: this.#signalling.snapshot(),
      media: this.#media.snapshot(),
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
      register: (_connection, req, res) => this.#registrar.handle(req, res),
      options: (_connection, req, res) => this.#onOptions(req, res),
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
        this.#offer(connection, req, res, admission);
        return;
      case 'device': {
        const device = this.#authentication.device(req, res, admission.device, true);
        if (device === undefined) return;
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
    if (handler === undefined || !this.#media.accepting) {
      this.#refusals.note('overloaded', req.source_address);
      res.send(503, { headers: { 'Retry-After': String(RETRY_AFTER_S) } });
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

  #onOptions(req: SrfRequest, res: SrfResponse): void {
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
