// A text with the words that were looked for marked in it.
import type { WireGuideHit } from '../../contract/guide/guide.js';

export function Marked({ parts }: { readonly parts: WireGuideHit['title'] }) {
  return (
    <>
      {parts.map(({ text, marked }, at) =>
        marked ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text do not move
          <mark key={at} className="guide-mark">
            {text}
          </mark>
        ) : (
          text
        ),
      )}
    </>
  );
}
