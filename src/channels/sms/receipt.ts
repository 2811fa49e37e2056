// What an SMSC says became of a short message: by TLVs where it knows them, else by the text of SMPP 3.4 appendix B.
import { type Delivery, ESM_TYPE } from './pdu.js';

export interface SegmentReceipt {
  /** The SMSC's id of the segment. */
  readonly id: string;
  /** Undefined: on its way, or nobody knows. */
  readonly status: 'delivered' | 'failed' | undefined;
  /** Kebab-case, e.g. `expired`, `undeliv-27`. */
  readonly reason: string;
}

const STATES: Readonly<Record<number, string>> = {
  2: 'DELIVRD',
  3: 'EXPIRED',
  4: 'DELETED',
  5: 'UNDELIV',
  8: 'REJECTD',
};
const FAILED: ReadonlySet<string> = new Set(['EXPIRED', 'DELETED', 'UNDELIV', 'REJECTD']);
/** esm_class types: delivery receipt, intermediate notification (SMPP 3.4 §5.2.12). */
const RECEIPT_TYPES: ReadonlySet<number> = new Set([0x04, 0x20]);
const MAX_TEXT = 1_000;

/**
 * By what the network says about it, never by its text alone: a customer may write "id:1 stat:DELIVRD".
 */
export function isReceipt({ esmClass, receiptedId, messageState }: Delivery): boolean {
  return RECEIPT_TYPES.has(esmClass & ESM_TYPE) || (receiptedId !== undefined && messageState !== undefined);
}

/** Undefined when it does not say which message it is about. */
export function parseReceipt({ content, receiptedId, messageState }: Delivery): SegmentReceipt | undefined {
  const text = content.toString('latin1', 0, MAX_TEXT);
  const id = receiptedId ?? /\bid:([\x21-\x7e]+)/i.exec(text)?.[1];
  if (id === undefined) return undefined;
  const stated = messageState === undefined ? undefined : STATES[messageState];
  const state = stated ?? /\bstat:([A-Z]+)/i.exec(text)?.[1]?.toUpperCase() ?? 'UNKNOWN';
  const error = /\berr:([0-9A-Z]{1,8})/i.exec(text)?.[1];
  const reason = error === undefined || /^0+$/.test(error) ? state : `${state}-${error}`;
  const status = state === 'DELIVRD' ? 'delivered' : FAILED.has(state) ? 'failed' : undefined;
  return { id, status, reason: reason.toLowerCase() };
}
