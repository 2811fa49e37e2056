// Customers' addresses as they may stand in a log.

const SHOWN = 3;

/** The last digits only: enough to find one's own call in a log, not enough to ring anybody. */
export function redacted(address: string): string {
  return `…${address.slice(-SHOWN)}`;
}
