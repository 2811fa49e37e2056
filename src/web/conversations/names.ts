// What the customer of a conversation is called.
import type { WireConversation } from '../../contract/conversation/conversation.js';

const WITHHELD = 'anonymous';

export function nameOf({ customer }: Pick<WireConversation, 'customer'>, unknown: string): string {
  if (customer === undefined || customer.address.value === WITHHELD) return customer?.name ?? unknown;
  return customer.name ?? customer.address.value;
}
