// A customer's text as text: addresses of pages in it become links that say where they lead, nothing else is read out of it.
import { Anchor } from '@mantine/core';

/** Ends where something begins that is not seen or turns the direction of what follows: it would look like another address. */
const ADDRESS = /\bhttps?:\/\/[^\s\p{Cf}<>"']{1,500}[^\s\p{Cf}<>"'.,;:!?)\]]/gu;

export function LinkedText({ text }: { readonly text: string }) {
  return (
    <>
      {partsOf(text).map(({ text: part, href }, at) =>
        href === undefined ? (
          part
        ) : (
          <Anchor
            // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text do not move
            key={at}
            href={href}
            target="_blank"
            rel="noopener noreferrer nofollow"
            underline="always"
            c="inherit"
          >
            {part}
          </Anchor>
        ),
      )}
    </>
  );
}

interface Part {
  readonly text: string;
  readonly href?: string;
}

export function partsOf(text: string): readonly Part[] {
  const parts: Part[] = [];
  let at = 0;
  for (const match of text.matchAll(ADDRESS)) {
    if (match.index > at) parts.push({ text: text.slice(at, match.index) });
    parts.push({ text: match[0], href: match[0] });
    at = match.index + match[0].length;
  }
  if (at < text.length) parts.push({ text: text.slice(at) });
  return parts;
}
