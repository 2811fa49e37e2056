// One SIP dialog of drachtio-srf, made safe: it always ends with a reason, and no request inside it waits for ever.
import type { SrfDialog, SrfRequest, SrfResponse } from 'drachtio-srf';
import type { Clock } from '../../lib/clock.js';
import { CrowdSignal, type EndSignal } from '../../lib/crowd-signal.js';
import type { Log } from '../../lib/log.js';
import { answered, asError } from './deadline.js';

/** RFC 3515, 3891. */
export interface Refer {
  /** User part of Refer-To. */
  readonly to: string;
  /** Call-ID of another call of that phone. */
  readonly replaces?: string;
}

/** Why a dialog is over. `remote` is the other side of it. */
export interface DialogEnd {
  readonly by: 'remote' | 'hilo' | 'network';
  readonly reason: string;
}

export interface DialogHandlers {
  /** A new offer: resolves with our answer; a rejection is answered 488. */
  offer(sdp: string): Promise<string>;
  /** A key sent as SIP INFO. */
  key(key: string): void;
  /** Throws what cannot be done (603); returns what is done when the phone knows that it will be. */
  refer(refer: Refer): () => Promise<void>;
  /** The answer to our offer, in the ACK of a call that came without one. */
  late(sdp: string): void;
}

/** BYE answered or given up. */
const BYE_LIMIT_MS = 5000;
const REQUEST_LIMIT_MS = 5000;

/** Texts of the BYEs that drachtio makes itself (compatibility A13). */
const NETWORK_REASONS: Readonly<Record<string, DialogEnd>> = {
  'ACK timeout': { by: 'network', reason: 'ack-timeout' },
  'Session timer expired': { by: 'network', reason: 'session-expired' },
  // Of the embedded switch: a browser whose connection did not come back in time.
  'connection lost': { by: 'network', reason: 'connection-lost' },
  'CANCEL after 200 OK': { by: 'remote', reason: 'cancelled' },
  'ACK-BYE due to cancel race condition': { by: 'hilo', reason: 'cancelled' },
};

export class SipDialog {
  readonly callId: string;
  readonly ended: EndSignal;
  readonly #dialog: SrfDialog;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #lost: EndSignal;
  readonly #end = new CrowdSignal();
  #handlers: DialogHandlers | undefined;
  /** Offers that came in the same breath as the answer, before {@link handle}. */
  #early: { req: SrfRequest; res: SrfResponse }[] = [];

  /** To be called in the very callback that delivers `dialog`: a BYE may be the next frame (compatibility G1.14). */
  constructor(dialog: SrfDialog, options: { readonly clock: Clock; readonly log: Log; readonly lost: EndSignal }) {
    this.#dialog = dialog;
    this.#clock = options.clock;
    this.#log = options.log;
    this.#lost = options.lost;
    this.callId = dialog.sip.callId;
    this.ended = this.#end;
    dialog.on('destroy', (_req, reason) => {
      this.#finish(NETWORK_REASONS[reason ?? ''] ?? { by: 'remote', reason: 'hung-up' });
    });
    dialog.on('modify', (req, res) => this.#onOffer(req, res));
    dialog.on('update', (req, res) => {
      if (hasSdp(req)) this.#onOffer(req, res);
      else res.send(200, {});
    });
    dialog.on('info', (req, res) => this.#onInfo(req, res));
    dialog.on('refer', (req, res) => this.#onRefer(req, res));
    dialog.on('ack', (req) => {
      if (hasSdp(req)) this.#handlers?.late(req.body ?? '');
    });
    if (options.lost.aborted) this.#onLost();
    else options.lost.addEventListener('abort', this.#onLost, { once: true });
  }

  /** As the drachtio protocol names it. */
  get id(): string {
    return this.#dialog.id;
  }

  /** SDP of the other side, as given in the INVITE or its answer. */
  get remoteSdp(): string {
    return this.#dialog.remote.sdp ?? '';
  }

  handle(handlers: DialogHandlers): void {
    this.#handlers = handlers;
    for (const { req, res } of this.#early.splice(0)) this.#onOffer(req, res);
  }

  /** Ends the dialog; settles when the BYE is answered or given up. Never rejects. */
  async bye(reason = 'hung-up'): Promise<void> {
    if (this.ended.aborted) return;
    this.#finish({ by: 'hilo', reason });
    await this.#sendBye();
  }

  /** re-INVITE with an offer; resolves with the answer. Not `dialog.modify`: it hangs for ever after one refusal (G1.2). */
  async reinvite(sdp: string): Promise<string> {
    const response = await answered<SrfResponse>(
      this.#clock,
      { what: 're-INVITE', limitMs: REQUEST_LIMIT_MS, until: this.ended },
      (callback) => this.#dialog.request({ method: 'INVITE', body: sdp }, callback),
    );
    if (response.status !== 200) throw new Error(`re-INVITE refused with ${response.status}`);
    return response.body ?? '';
  }

  #sendBye(): Promise<void> {
    return answered(this.#clock, { what: 'BYE', limitMs: BYE_LIMIT_MS, until: this.#lost }, (callback) =>
      this.#dialog.destroy({}, callback),
    ).then(
      () => undefined,
      (error: unknown) => {
        this.#log.debug({ callId: this.callId, reason: asError(error).message }, 'BYE was not answered');
      },
    );
  }

  readonly #onLost = (): void => this.#finish({ by: 'network', reason: 'signalling-lost' });

  #finish(end: DialogEnd): void {
    if (this.ended.aborted) return;
    this.#lost.removeEventListener('abort', this.#onLost);
    this.#end.abort(end);
    for (const { res } of this.#early.splice(0)) res.send(481, {});
  }

  #onOffer(req: SrfRequest, res: SrfResponse): void {
    const handlers = this.#handlers;
    if (handlers === undefined) {
      this.#early.push({ req, res });
      return;
    }
    // Without a body the other side asks for our offer; its answer comes in the ACK.
    if (!hasSdp(req)) {
      res.send(200, { body: this.#dialog.local.sdp });
      return;
    }
    handlers.offer(req.body ?? '').then(
      (answer) => {
        this.#dialog.local.sdp = answer;
        res.send(200, { body: answer });
      },
      (error: unknown) => {
        this.#log.info({ callId: this.callId, reason: asError(error).message }, 'new offer refused');
        res.send(488, {});
      },
    );
  }

  /**
   * 200 in the NOTIFY says that Hilo has taken charge of the transfer (RFC 3515 §2.4.5 leaves to the agent what it tells):
   * from then on nothing depends on the phone that asked, which is hung up.
   */
  #onRefer(req: SrfRequest, res: SrfResponse): void {
    const refer = referOf(req.get('Refer-To') ?? '');
    let action: () => Promise<void>;
    try {
      if (refer === undefined || this.#handlers === undefined) throw new Error('unusable Refer-To');
      action = this.#handlers.refer(refer);
    } catch (error) {
      this.#log.info({ callId: this.callId, reason: asError(error).message }, 'REFER refused');
      res.send(603, {});
      return;
    }
    res.send(202, {});
    this.#referred()
      .then(action)
      .catch((error: unknown) => {
        this.#log.warn({ callId: this.callId, reason: asError(error).message }, 'a transfer by the phone failed');
      });
  }

  async #referred(): Promise<void> {
    const headers = {
      Event: 'refer',
      'Subscription-State': 'terminated;reason=noresource',
      'Content-Type': 'message/sipfrag;version=2.0',
    };
    try {
      await answered<SrfResponse>(
        this.#clock,
        { what: 'NOTIFY', limitMs: REQUEST_LIMIT_MS, until: this.ended },
        (callback) => this.#dialog.request({ method: 'NOTIFY', headers, body: 'SIP/2.0 200 OK\r\n' }, callback),
      );
    } catch (error) {
      this.#log.info({ callId: this.callId, reason: asError(error).message }, 'NOTIFY was not answered');
    }
  }

  #onInfo(req: SrfRequest, res: SrfResponse): void {
    res.send(200, {});
    const key = infoKey(req.get('Content-Type') ?? '', req.body ?? '');
    if (key !== undefined) this.#handlers?.key(key);
  }
}

function hasSdp(message: { readonly body: string | undefined }): boolean {
  return message.body !== undefined && message.body.trim() !== '';
}

/** `<sip:2001@host>`, `<sip:ana@host?Replaces=call%40id%3Bto-tag%3Da%3Bfrom-tag%3Db>`; undefined: no such thing. */
export function referOf(header: string): Refer | undefined {
  const uri = /sips?:([A-Za-z0-9+*#._~-]{1,64})(?:;[^@>?\s]*)?@[^>?\s]+(?:\?([^>\s]{1,1000}))?/i.exec(header);
  if (uri === null) return undefined;
  const [, to = '', headers = ''] = uri;
  const escaped = /(?:^|&)Replaces=([^&]+)/i.exec(headers)?.[1];
  if (escaped === undefined) return { to };
  try {
    const [replaces = ''] = decodeURIComponent(escaped).split(';');
    return { to, replaces };
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}

/** The key in an INFO: `application/dtmf-relay` (`Signal=5`) or `application/dtmf` (`5`); 10 and 11 are old forms of * and #. */
export function infoKey(contentType: string, body: string): string | undefined {
  const [type = ''] = contentType.toLowerCase().split(/[;\s]/);
  const relay = type === 'application/dtmf-relay' ? /^\s*Signal\s*=\s*(\S+)\s*$/im.exec(body)?.[1] : undefined;
  const signal = (relay ?? (type === 'application/dtmf' ? body.trim() : '')).toUpperCase();
  if (signal === '10') return '*';
  if (signal === '11') return '#';
  return /^[0-9A-D*#]$/.test(signal) ? signal : undefined;
}
