// Markdown as elements of the page. No HTML of its author gets through, and no address but of pages, mail and telephones.
import { Anchor } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import { useRouter } from '@tanstack/react-router';
import type { MouseEvent, ReactNode } from 'react';
import ReactMarkdown, { type Components } from 'react-markdown';
import remarkGfm from 'remark-gfm';
import { useTexts } from '../texts/language.js';
import './guide.css';
import { guideTexts } from './texts.js';

const ALLOWED = /^(https?:|mailto:|tel:|#|\/(?!\/))/i;
const LEVELS = ['h1', 'h2', 'h3', 'h4', 'h5', 'h6'] as const;

export interface MarkdownProps {
  readonly text: string;
  /** Of the highest heading: that of the page is above it. */
  readonly level?: 2 | 3 | 4;
}

export function Markdown({ text, level = 2 }: MarkdownProps) {
  return (
    <div className="guide-text">
      <ReactMarkdown
        skipHtml
        remarkPlugins={PLUGINS}
        urlTransform={(url) => (ALLOWED.test(url) ? url : '')}
        components={COMPONENTS[level]}
      >
        {text}
      </ReactMarkdown>
    </div>
  );
}

const PLUGINS = [remarkGfm];

const COMPONENTS = { 2: componentsFrom(2), 3: componentsFrom(3), 4: componentsFrom(4) } as const;

function componentsFrom(level: number): Components {
  const headings = LEVELS.map((name, index) => [name, LEVELS[Math.min(level - 1 + index, LEVELS.length - 1)]]);
  return {
    ...Object.fromEntries(headings),
    a: ({ href, children }) => <MarkedLink href={href}>{children}</MarkedLink>,
    // The policy of the page lets no foreign picture in, and nobody is to learn who reads what when.
    img: ({ src, alt }) => <MarkedLink href={typeof src === 'string' ? src : undefined}>{alt}</MarkedLink>,
    table: ({ children }) => (
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
      <div className="guide-table" tabIndex={0}>
        <table>{children}</table>
      </div>
    ),
    pre: ({ children }) => (
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
      <pre tabIndex={0}>{children}</pre>
    ),
  };
}

function MarkedLink({ href, children }: { readonly href?: string | undefined; readonly children?: ReactNode }) {
  const texts = useTexts(guideTexts);
  const { history } = useRouter();
  if (href === undefined || href === '') return <>{children}</>;
  const shown = children ?? texts.picture;
  if (href.startsWith('/')) {
    // Inside the application: loading it anew would end a call in the browser.
    const go = (event: MouseEvent): void => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      history.push(href);
    };
    return (
      <Anchor href={href} onClick={go} underline="always">
        {shown}
      </Anchor>
    );
  }
  return (
    <Anchor href={href} target="_blank" rel="noopener noreferrer" underline="always">
      {shown} <IconExternalLink size={14} aria-hidden />
      <span className="heard-only"> ({texts.newTab})</span>
    </Anchor>
  );
}
