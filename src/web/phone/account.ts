// The account of the agent who is signed in: short-lived, so it is asked for again whenever it is needed.
import type { WirePhoneAccount } from '../../contract/talk/phone.js';
import { ask, RequestFailed } from '../session/http.js';
import type { PhoneAccount } from './phone-view.js';
import { NoAccount } from './soft-phone.js';

/** Rejects with {@link NoAccount}, or RequestFailed when Hilo is not reached. */
export async function ownAccount(): Promise<PhoneAccount> {
  try {
    const { server, uri, user, password } = await ask<WirePhoneAccount>('/api/phone/account', {
      method: 'POST',
      body: {},
    });
    return { server, uri, credentials: { user, password } };
  } catch (error) {
    if (!(error instanceof RequestFailed) || error.status === 0 || error.status >= 500) throw error;
    throw new NoAccount(error.code === 'not-found' ? 'no-device' : 'refused');
  }
}

/** Rings here again when there is a call to go on with. */
export function callAgain(): void {
  ask('/api/phone/call-again', { method: 'POST', body: {} }).catch((error: unknown) => {
    console.warn('the call could not be taken up', error);
  });
}
