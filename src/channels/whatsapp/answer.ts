// What the answer of the Cloud API means for the message: taken, try again later, or never.
import { z } from 'zod';
import { HiloError } from '../../app/errors.js';

/** The customer has not written for 24 hours: only a template may be sent. */
const OUTSIDE_WINDOW = 131047;

/**
 * Nothing about these gets better by sending the same again
 * (developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes).
 */
const FINAL: ReadonlySet<number> = new Set([
  100, // wrong parameter
  131005, // access denied
  131008, // parameter missing
  131009, // parameter value not valid
  131021, // recipient is the sender
  131026, // undeliverable: no WhatsApp, or terms not accepted
  131030, // recipient not on the list of a test number
  131031, // account locked
  OUTSIDE_WINDOW,
  131049, // not delivered, for the sake of the ecosystem
  131050, // customer stopped messages of this kind
  131051, // unsupported message type
  132000, // number of template parameters
  132001, // template does not exist in this language
  132005, // template text too long
  132007, // template policy violated
  132012, // template parameter format
  132015, // template paused
  132016, // template disabled
  133010, // phone number not registered
]);

const accepted = z.object({ messages: z.array(z.object({ id: z.string().min(1).max(256) })).min(1) });
const failed = z.object({ error: z.object({ code: z.number(), message: z.string().optional() }) });

export type Answer =
  | { readonly kind: 'accepted'; readonly providerId: string }
  | { readonly kind: 'outside-window' }
  | { readonly kind: 'failed'; readonly error: HiloError };

/** An error body counts whatever the status says, also 200. Texts of Meta may name the customer and are not passed on. */
export function answerOf(status: number, body: string): Answer {
  const json = parsed(body);
  const error = failed.safeParse(json).data?.error;
  const ok = status >= 200 && status < 300;
  const id = ok && error === undefined ? accepted.safeParse(json).data?.messages[0]?.id : undefined;
  if (id !== undefined) return { kind: 'accepted', providerId: id };
  if (error?.code === OUTSIDE_WINDOW) return { kind: 'outside-window' };
  const told = error === undefined ? `status ${status}` : `status ${status}, code ${error.code}`;
  const later = status === 429 || status >= 500;
  const final = !later && error !== undefined && FINAL.has(error.code);
  return {
    kind: 'failed',
    error: final
      ? new HiloError('message-refused', `WhatsApp refused it (${told})`)
      : new HiloError('message-not-sent', `WhatsApp cannot take it now (${told})`),
  };
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
