// Small things that every page of the history says: when, by which channel, in which state, how long.

import { Badge } from '@mantine/core';
import {
  IconArrowDownLeft,
  IconArrowUpRight,
  IconBrandWhatsapp,
  IconFlask,
  IconMessage,
  IconPhone,
  IconWorld,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { localeOf } from '../texts/clock.js';
import { clockText } from '../texts/duration.js';
import { type Language, useLanguage, useTexts } from '../texts/language.js';
import { historyTexts } from './texts.js';

const ICONS = {
  voice: IconPhone,
  sms: IconMessage,
  whatsapp: IconBrandWhatsapp,
  chat: IconWorld,
  sandbox: IconFlask,
} as const;
const COLOURS: Readonly<Record<string, string>> = {
  active: 'green',
  'callback-due': 'orange',
  'waiting-for-customer': 'yellow',
};

export function dateText(time: string, language: Language): string {
  return new Intl.DateTimeFormat(localeOf(language), { dateStyle: 'medium', timeStyle: 'short' }).format(
    new Date(time),
  );
}

/** `exact`: only the time of day, to the second. */
export function When({ time, exact = false }: { readonly time: string; readonly exact?: boolean }) {
  const { language } = useLanguage();
  const clock = new Intl.DateTimeFormat(localeOf(language), { timeStyle: 'medium' });
  return (
    <time className="figure" dateTime={time}>
      {exact ? clock.format(new Date(time)) : dateText(time, language)}
    </time>
  );
}

/** `3:07` of milliseconds. */
export function lengthText(ms: number): string {
  return clockText(ms / 1_000);
}

export function ChannelIcon({ channel }: { readonly channel: string }) {
  const { channelNames } = useTexts(historyTexts);
  const Icon = ICONS[channel as keyof typeof ICONS] ?? IconMessage;
  const name = channelNames[channel] ?? channel;
  return (
    <span role="img" aria-label={name} title={name} className="history-icon">
      <Icon size={18} aria-hidden />
    </span>
  );
}

export function DirectionIcon({ direction }: { readonly direction: 'in' | 'out' }) {
  const Icon = direction === 'in' ? IconArrowDownLeft : IconArrowUpRight;
  return <Icon size={16} aria-hidden className="history-icon" />;
}

export function StateBadge({ state }: { readonly state: string }) {
  const { states } = useTexts(historyTexts);
  return <Badge color={COLOURS[state] ?? 'gray'}>{states[state] ?? state}</Badge>;
}

/** `a · b · c`, without what is missing. */
export function dotted(...parts: readonly (ReactNode | undefined | false)[]): ReactNode[] {
  const there = parts.filter((part) => part !== undefined && part !== false && part !== '');
  return there.flatMap((part, index) => (index === 0 ? [part] : [' · ', part]));
}
