// What stands in the headers of a call, and how a number becomes the address that is called.
import type { AboutCall } from './phone-session.js';

/** What of an INVITE (JsSIP's) is looked at. */
export interface CallHeaders {
  readonly from: { readonly uri: { readonly user: string }; readonly display_name: string };
  getHeader(name: string): string | undefined;
}

export function aboutIncoming(request: CallHeaders): AboutCall {
  return {
    direction: 'in',
    from: request.from.uri.user,
    fromName: request.from.display_name ?? '',
    ...present('reference', request.getHeader('X-Hilo-Reference')),
    ...present('interaction', request.getHeader('X-Hilo-Interaction')),
    ...present('queue', request.getHeader('X-Hilo-Queue')),
    ...present('note', request.getHeader('X-Hilo-Note')),
    ...present('transferredBy', request.getHeader('X-Hilo-Transferred-By')),
    ...(request.getHeader('X-Hilo-Again') === 'true' ? { again: true } : {}),
    ...(request.getHeader('X-Hilo-Placed') === 'true' ? { placed: true } : {}),
  };
}

/** undefined: nothing in it can be dialled. Spaces, dots and brackets, as people write numbers, are left out. */
export function targetOf(number: string, host: string): string | undefined {
  const dialled = number.replace(/[\s().-]/g, '');
  // A `#` would begin something else in a URI (RFC 3986 §2.1).
  return /^\+?[0-9*#]{1,32}$/.test(dialled) ? `sip:${dialled.replaceAll('#', '%23')}@${host}` : undefined;
}

/** `sip:ana-web@127.0.0.1` → `127.0.0.1` */
export function hostOf(uri: string): string {
  return /@([^;>]+)/.exec(uri)?.[1] ?? 'hilo.invalid';
}

function present<K extends string>(key: K, value: string | undefined): { readonly [P in K]?: string } {
  return value === undefined || value === '' ? {} : ({ [key]: value } as { readonly [P in K]: string });
}
