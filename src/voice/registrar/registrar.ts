// Answers REGISTER requests of the agents' devices (RFC 3261 §10).
import type { SrfRequest, SrfResponse } from 'drachtio-srf';
import type { Registration } from '../../app/ports.js';
import type { Clock } from '../../lib/clock.js';
import type { Log } from '../../lib/log.js';
import { headerValue } from '../drachtio/plain-text.js';
import type { Authentication } from './authentication.js';
import { type RegistrarLimits, register } from './bindings.js';
import { parseContacts } from './contact.js';
import type { Location } from './location.js';

export interface RegistrarParts {
  readonly authentication: Authentication;
  readonly location: Location;
  readonly limits: RegistrarLimits;
  readonly clock: Clock;
  readonly log: Log;
}

export class Registrar {
  readonly #parts: RegistrarParts;

  constructor(parts: RegistrarParts) {
    this.#parts = parts;
  }

  /** `server`: the SIP server it came in by. */
  handle(req: SrfRequest, res: SrfResponse, server: string): void {
    const { authentication, location, limits, clock, log } = this.#parts;
    const claimed = addressUser(req.get('To'));
    const cseq = Number.parseInt(req.get('CSeq') ?? '', 10);
    if (claimed === undefined || !Number.isInteger(cseq)) {
      res.send(400, {});
      return;
    }
    // The SIP server says it itself: no phone can, whatever it writes.
    if (req.source === 'application') {
      this.#flowFailed(claimed, req);
      return;
    }
    const source = sourceOf(req);
    const device = authentication.device(req, res, claimed, this.knows(claimed, source));
    if (device === undefined) return;
    const nowMs = clock.nowMs();
    const result = register(
      location.of(device),
      {
        device,
        contact: req.get('Contact'),
        expires: req.get('Expires'),
        callId: req.get('Call-ID') ?? '',
        cseq,
        source,
        via: req.get('Via'),
        server,
        userAgent: headerValue(req.get('User-Agent') ?? ''),
      },
      nowMs,
      limits,
    );
    if (result.status !== 200) {
      log.info({ device, status: result.status, reason: result.reason }, 'registration refused');
      res.send(result.status, result.status === 423 ? { headers: { 'Min-Expires': String(limits.minExpiresS) } } : {});
      return;
    }
    location.update(device, result);
    res.send(200, { headers: contactHeaders(result.bindings, nowMs) });
  }

  /** The only way to those contacts is gone (RFC 5626 §4.2.1). */
  #flowFailed(device: string, req: SrfRequest): void {
    const { location, log } = this.#parts;
    const contacts = parseContacts(req.get('Contact'));
    if (contacts.kind !== 'list') return;
    const lost = contacts.contacts.map(({ uri }) => uri);
    const removed = location.of(device).filter(({ contact }) => lost.includes(contact));
    const bindings = location.of(device).filter(({ contact }) => !lost.includes(contact));
    if (removed.length === 0) return;
    log.info({ device, contacts: removed.length }, 'the connection of a registered phone is gone');
    location.update(device, { bindings, put: [], removed: removed.map(({ contact }) => contact) });
  }

  /** Whether the device is registered from this very address and port. */
  knows(device: string, source: Registration['source']): boolean {
    return this.#parts.location
      .of(device)
      .some((known) => known.source.address === source.address && known.source.port === source.port);
  }
}

export function sourceOf(req: SrfRequest): Registration['source'] {
  return { address: req.source_address, port: req.source_port, transport: req.protocol };
}

/** User part of the URI in a To or From header, if it is one a device can have. */
export function addressUser(header: string | undefined): string | undefined {
  return /sips?:([A-Za-z0-9_.+~-]{1,64})@/i.exec(header ?? '')?.[1];
}

/** The contacts of this request come first: drachtio takes the life of its TCP connection from there (compatibility A13). */
function contactHeaders(bindings: readonly Registration[], nowMs: number): Record<string, string> {
  if (bindings.length === 0) return {};
  const left = (binding: Registration): number => Math.max(0, Math.round((binding.expiresAtMs - nowMs) / 1000));
  return {
    Contact: bindings.map((binding) => `<${binding.contact}>;expires=${left(binding)}${flowOf(binding)}`).join(', '),
  };
}

/** By it the phone knows its own among those of others (RFC 5626 §6). */
function flowOf({ flow }: Registration): string {
  return flow === undefined ? '' : `;+sip.instance=${flow}`;
}
