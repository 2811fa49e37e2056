// What the customer of a conversation is called.
import { useCallback } from 'react';
import type { WireConversation } from '../../contract/conversation/conversation.js';
import { useAddressText } from '../texts/address.js';
import { useTexts } from '../texts/language.js';
import { conversationTexts } from './texts.js';

const WITHHELD = 'anonymous';

export function useNameOf(): (conversation: Pick<WireConversation, 'customer'>) => string {
  const { somebody } = useTexts(conversationTexts);
  const addressText = useAddressText();
  return useCallback(
    ({ customer }) => {
      if (customer?.name !== undefined) return customer.name;
      const isKnown = customer !== undefined && customer.address.value !== WITHHELD;
      return isKnown ? addressText(customer.address.value) : somebody;
    },
    [somebody, addressText],
  );
}
