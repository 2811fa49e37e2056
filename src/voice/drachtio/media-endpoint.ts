// One leg on the media server: what it is told to do is answered, fails, or times out; it is always freed.
import { EventEmitter } from 'node:events';
import type { FsmrfEndpoint } from 'drachtio-fsmrf/lib/mediaserver.js';
import type { EslEvent } from 'drachtio-modesl';
import type { LegFigures } from '../../app/ports.js';
import type { Clock } from '../../lib/clock.js';
import { CrowdSignal, type EndSignal } from '../../lib/crowd-signal.js';
import type { Log } from '../../lib/log.js';
import { TimedOut } from '../../lib/time-out.js';
import { answered, asError, mediaError } from './deadline.js';
import { FIGURES_EVENT, FIGURES_WANTED, figuresIn, readFigures } from './leg-figures.js';
import type { MediaPlace } from './media-place.js';
import { commandText } from './plain-text.js';
import type { SipDialog } from './sip-dialog.js';

const COMMAND_LIMIT_MS = 5000;
const CLOSE_LIMIT_MS = 5000;
/** fsmrf subscribes to them on every leg, though how an application ends tells all: half of all events, 1.2 kB each. */
const UNHEARD_EVENTS = 'CHANNEL_EXECUTE PLAYBACK_START PLAYBACK_STOP';

/** `add-member`: is in the conference. */
export type Milestone = 'CHANNEL_BRIDGE' | 'CHANNEL_PARK' | 'add-member';

export interface EndpointEnd {
  readonly reason: 'closed' | 'media-lost' | 'media-time-out';
}

/** The dialog as fsmrf wants to see it: its `destroy` may neither reject nor hang (compatibility G2.12). */
export class FsmrfDialog extends EventEmitter {
  readonly #dialog: SipDialog;

  constructor(dialog: SipDialog) {
    super();
    this.#dialog = dialog;
    dialog.ended.addEventListener('abort', () => this.emit('destroy'), { once: true });
  }

  /** fsmrf reads the media server's answer here. */
  get remote(): { readonly sdp: string } {
    return { sdp: this.#dialog.remoteSdp };
  }

  destroy(): Promise<void> {
    return this.#dialog.bye();
  }
}

export interface EndpointParts {
  readonly endpoint: FsmrfEndpoint;
  readonly dialog: SipDialog;
  /** The media server it is on. */
  readonly place: MediaPlace;
  readonly clock: Clock;
  readonly log: Log;
}

export class MediaEndpoint {
  readonly ended: EndSignal;
  readonly place: MediaPlace;
  readonly #endpoint: FsmrfEndpoint;
  readonly #dialog: SipDialog;
  readonly #dead: EndSignal;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #end = new CrowdSignal();
  /** Aborted when fsmrf says that the leg or its connection is gone. */
  readonly #gone = new CrowdSignal();
  #modifying: Promise<unknown> = Promise.resolve();
  readonly #toldOf = new Set<Milestone>(['add-member']); // which fsmrf subscribes to
  readonly #figures = pending<LegFigures | undefined>();

  constructor({ endpoint, dialog, place, clock, log }: EndpointParts) {
    this.place = place;
    this.#dead = place.dead;
    this.#endpoint = endpoint;
    this.#dialog = dialog;
    this.#clock = clock;
    this.#log = log;
    this.ended = this.#end;
    endpoint.on('destroy', (detail) => {
      const end: EndpointEnd = { reason: detail?.reason === 'MEDIA_TIMEOUT' ? 'media-time-out' : 'media-lost' };
      this.#gone.abort(end);
      this.#finish(end);
    });
    // A media server that hangs closes nothing by itself.
    this.#dead.addEventListener('abort', this.#onDead, { once: true });
    endpoint.addListener(FIGURES_EVENT, (_body, event) => this.#figures.resolve(figuresIn(event)));
    dialog.handle({
      // The media server makes no offers of its own; if it does, nothing changes.
      offer: () => Promise.reject(new Error('the media server made an offer')),
      key: () => undefined,
      late: () => undefined,
      refer: () => {
        throw new Error('the media server transfers nobody');
      },
    });
    if (dialog.ended.aborted) this.#finish({ reason: 'media-lost' });
  }

  get uuid(): string {
    return this.#endpoint.uuid;
  }

  /** Of its dialog with the media server. */
  get dialogId(): string {
    return this.#dialog.id;
  }

  /** The SDP to give to the other side. */
  get sdp(): string {
    return this.#endpoint.local.sdp;
  }

  onKey(listener: (key: string) => void): void {
    this.#endpoint.on('dtmf', ({ dtmf }) => listener(dtmf));
  }

  /** The media server has a line of text on this leg: an extension of the embedded one, FreeSWITCH never has. */
  get hasText(): boolean {
    return /^m=text [1-9]/m.test(this.sdp);
  }

  /** Characters that the remote party types. */
  onTyped(listener: (text: string) => void): void {
    this.#endpoint.addCustomEventListener('hilo::text', (_body, event) => listener(event.getHeader('Hilo-Text') ?? ''));
  }

  /** False when the remote party does not read text after all. */
  async write(text: string): Promise<boolean> {
    const reply = await this.api('uuid_send_text', this.uuid, encodeURIComponent(Buffer.from(text).toString()));
    return reply.startsWith('+OK');
  }

  /**
   * Runs an application until it is over. Rejects with HiloError `media-time-out`, or with the {@link EndpointEnd}: fsmrf's
   * own promise would never settle then (compatibility G2.1).
   */
  execute(application: string, argument: string, limitMs = COMMAND_LIMIT_MS): Promise<EslEvent> {
    const text = commandText(argument);
    return this.#ask<EslEvent>(application, limitMs, (callback) => this.#endpoint.execute(application, text, callback));
  }

  /** Reply text of an `api` command on this leg's own connection. */
  async api(command: string, ...args: readonly string[]): Promise<string> {
    const response = await this.#ask<EslEvent>(command, COMMAND_LIMIT_MS, (callback) =>
      this.#endpoint.api(command, args.map(commandText), callback),
    );
    return (response.getBody() ?? '').trim();
  }

  /**
   * Whether the media server tells within `limitMs` that it is so; to be called before what makes it so. Rejects with the
   * {@link EndpointEnd}.
   */
  async reaches(milestone: Milestone, limitMs: number): Promise<boolean> {
    const { conn } = this.#endpoint;
    if (!this.#toldOf.has(milestone)) conn?.sendRecv(`event plain ${milestone}`);
    this.#toldOf.add(milestone);
    const name = `esl::event::${milestone === 'add-member' ? 'CUSTOM' : milestone}::${this.uuid}`;
    let reached = (): void => undefined;
    const listen = (told: EslEvent): void => {
      if (milestone !== 'add-member' || told.getHeader('Action') === milestone) reached();
    };
    conn?.on(name, listen);
    try {
      const wait = { what: milestone, limitMs, until: this.ended };
      await answered<void>(this.#clock, wait, (callback) => {
        reached = () => callback(undefined);
      });
      return true;
    } catch (error) {
      if (error instanceof TimedOut) return false;
      throw error;
    } finally {
      conn?.off(name, listen);
    }
  }

  /** To be called with the first commands, which it travels with. */
  ignoreProgress(): void {
    this.#endpoint.conn?.sendRecv(`nixevent ${UNHEARD_EVENTS}`);
  }

  /**
   * Channel variables, set before whatever is executed next; not waited for. Values are without `;`. A command, not the
   * application multiset: that would be told of in two events more, and events carry all variables.
   */
  set(variables: Readonly<Record<string, string>>): void {
    const pairs = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
    const failed = (reason: string): void => {
      if (!this.ended.aborted) this.#log.warn({ uuid: this.uuid, reason }, 'variables not set');
    };
    this.api('uuid_setvar_multi', this.uuid, pairs.join(';')).then(
      (reply) => (reply.startsWith('+OK') ? undefined : failed(reply)),
      (error: unknown) => failed(asError(error).message),
    );
  }

  /** A new offer or answer of the other side; resolves with ours. One at a time. */
  modify(sdp: string): Promise<string> {
    const turn = this.#modifying.then(() => this.#dialog.reinvite(sdp));
    this.#modifying = turn.catch(() => undefined);
    return turn.catch((error: unknown) => {
      throw mediaError('changing the media', error);
    });
  }

  /**
   * How it sounded; resolves once {@link close} has asked, or the media server has told at an end of its own making; with
   * undefined when it cannot tell any more.
   */
  get figures(): Promise<LegFigures | undefined> {
    return this.#figures.promise;
  }

  /** Frees the leg on the media server. Settles in any case within 5 s; safe to call twice. */
  async close(): Promise<void> {
    if (this.#end.aborted) {
      this.#figures.resolve(undefined);
      await this.#dialog.bye();
      return;
    }
    this.#askFigures();
    this.#finish({ reason: 'closed' });
    try {
      await answered<void>(this.#clock, { what: 'hang-up', limitMs: CLOSE_LIMIT_MS, until: this.#gone }, (callback) => {
        // Without a dialog there is no BYE that fsmrf could wait for.
        if (this.#dialog.ended.aborted) this.#endpoint.execute('hangup', '', (error) => callback(error));
        else this.#endpoint.destroy((error) => callback(error));
      });
    } catch (error) {
      if (this.#gone.aborted) return;
      this.#log.warn({ uuid: this.uuid, reason: asError(error).message }, 'media leg did not confirm its end');
      await this.#dialog.bye();
    }
  }

  readonly #onDead = (): void => this.#finish({ reason: 'media-lost' });

  #finish(end: EndpointEnd): void {
    if (this.#end.aborted) return;
    this.#dead.removeEventListener('abort', this.#onDead);
    this.#end.abort(end);
  }

  /** Asked right before the hang-up on the same connection: answered in this order, and waited for by nobody. */
  #askFigures(): void {
    const { uuid } = this;
    const wait = { what: 'the figures of a leg', limitMs: COMMAND_LIMIT_MS, until: this.#gone };
    const api = (command: string, argument: readonly string[]): Promise<EslEvent> =>
      answered<EslEvent>(this.#clock, wait, (callback) => this.#endpoint.api(command, argument, callback));
    const counted = api('uuid_set_media_stats', [uuid]);
    const told = api('eval', [`uuid:${uuid}`, FIGURES_WANTED]);
    Promise.all([told, counted]).then(
      ([response]) => this.#figures.resolve(readFigures(response.getBody() ?? '')),
      () => this.#figures.resolve(undefined), // gone before it could answer: then nobody knows
    );
  }

  #ask<T>(what: string, limitMs: number, start: (callback: (error: unknown, value?: T) => void) => void): Promise<T> {
    return answered<T>(this.#clock, { what, limitMs, until: this.ended }, start).catch((error: unknown) => {
      throw this.ended.aborted ? error : mediaError(what, error);
    });
  }
}

function pending<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
