// What callers hear, as a badge, and languages as people call them.
import './prompts.css';
import { Badge } from '@mantine/core';
import type { WireHeard } from '../../contract/prompt/prompt.js';
import { useTexts } from '../texts/language.js';
import { promptTexts } from './texts.js';

const HEARD_COLOURS: Readonly<Record<WireHeard, string>> = {
  sound: 'green',
  file: 'teal',
  text: 'blue',
  'said-there': 'gray',
  missing: 'red',
  unused: 'gray',
};

interface HeardBadgeProps {
  readonly heard: WireHeard;
  readonly durationMs?: number | undefined;
}

export function HeardBadge({ heard, durationMs }: HeardBadgeProps) {
  const texts = useTexts(promptTexts);
  const length = durationMs === undefined ? '' : ` · ${(durationMs / 1_000).toFixed(1)} s`;
  const variant = heard === 'missing' ? 'filled' : heard === 'unused' ? 'outline' : 'light';
  return (
    <Badge className="prompt-badge" color={HEARD_COLOURS[heard]} variant={variant} title={texts.heardAbout[heard]}>
      {texts.heard[heard]}
      {length}
    </Badge>
  );
}

/** As people of the page's language call it. */
export function languageName(language: string, shown: string): string {
  const name = new Intl.DisplayNames([shown], { type: 'language' }).of(language) ?? language;
  return name.charAt(0).toUpperCase() + name.slice(1);
}
