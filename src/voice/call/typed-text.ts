// Real-time text of a leg: what is typed is told to who listens, and a digit typed alone counts as a key.
import type { LegText } from '../../app/ports.js';
import type { MediaEndpoint } from '../drachtio/media-endpoint.js';

const KEY = /^[0-9*#]$/;
const LINE_END = /[\u2028\r\n]$/;

export interface TypedTextOptions {
  readonly endpoint: Pick<MediaEndpoint, 'hasText' | 'onTyped' | 'write'>;
  /** False when digits are for the partner of a conversation. */
  readonly takesKeys: () => boolean;
  readonly onKey: (key: string) => void;
  readonly write: (text: string) => Promise<boolean>;
}

/** Undefined when the leg has no text. */
export function typedText({ endpoint, takesKeys, onKey, write }: TypedTextOptions): LegText | undefined {
  if (!endpoint.hasText) return undefined;
  const listeners: ((text: string) => void)[] = [];
  let before = '';
  endpoint.onTyped((text) => {
    // At the start of a line one digit answers a menu like a key: who cannot hear may not find the keys either.
    if (KEY.test(text) && (before === '' || LINE_END.test(before)) && takesKeys()) {
      onKey(text);
      return;
    }
    before = text;
    for (const listener of listeners) listener(text);
  });
  return { onTyped: (listener) => void listeners.push(listener), write };
}
