// Dialling that always has an outcome: a fault of the telephony is one more phone that cannot be reached.
import type { Log } from '../../lib/log.js';
import type { DialOutcome, DialRequest, Telephony } from '../ports.js';

export async function dial(telephony: Telephony, request: DialRequest, log: Log): Promise<DialOutcome> {
  try {
    return await telephony.dial(request);
  } catch (error) {
    log.error({ err: error }, 'phones could not be rung');
    return { kind: 'failed', reason: 'unreachable' };
  }
}
