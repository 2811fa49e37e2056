// What the answer to a submit means for the message: try again later, or never.
import { HiloError } from '../../app/errors.js';

/** Too much at once: the SMSC wants a pause (ESME_RTHROTTLED, ESME_RMSGQFUL). */
const CONGESTED: ReadonlySet<number> = new Set([0x58, 0x14]);

/** Nothing about these gets better by sending the same again (SMPP 3.4 §5.1.3). */
const FINAL: ReadonlyMap<number, string> = new Map([
  [0x01, 'wrong length'],
  [0x06, 'wrong priority'],
  [0x07, 'receipts not allowed'],
  [0x0a, 'wrong sender'],
  [0x0b, 'wrong number'],
  [0x15, 'wrong service type'],
  [0x43, 'wrong message mode'],
  [0x48, 'wrong type of sender'],
  [0x49, 'wrong numbering plan of sender'],
  [0x50, 'wrong type of number'],
  [0x51, 'wrong numbering plan of number'],
  [0x61, 'wrong delivery time'],
  [0x62, 'wrong validity'],
  [0x65, 'permanent error'],
  [0x66, 'rejected'],
  [0xc4, 'wrong parameter'],
  [0x0100, 'service not authorised'],
  [0x0101, 'prohibited'],
  [0x0103, 'service denied'],
  [0x0104, 'wrong alphabet'],
]);

export function isCongested(status: number): boolean {
  return CONGESTED.has(status);
}

/** Of an answer other than ROK. What is not known to be final may be tried again; jobs do so a bounded number of times. */
export function submitError(status: number): HiloError {
  const code = `0x${status.toString(16).padStart(8, '0')}`;
  const final = FINAL.get(status);
  return final === undefined
    ? new HiloError('message-not-sent', `the SMSC cannot take it now (${code})`)
    : new HiloError('message-refused', `the SMSC refused it: ${final} (${code})`);
}
