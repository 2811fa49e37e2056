// Addresses of customers as people read them.
import { useCallback } from 'react';
import { addressText } from '../../core/interaction/conversation/visitor-address.js';
import { useLanguage } from './language.js';

/** Numbers as they are; a visitor of a web page, whose address tells nobody anything, as such. */
export function useAddressText(): (value: string) => string {
  const { language } = useLanguage();
  return useCallback((value) => addressText(value, language), [language]);
}
