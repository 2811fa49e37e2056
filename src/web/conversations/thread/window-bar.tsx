// How long one may still write freely: 24 hours from the customer's last message, where the channel has that rule.
import { Alert, Group, Progress, Text } from '@mantine/core';
import { IconClock } from '@tabler/icons-react';
import type { WireReplyWindow, WireThread } from '../../../contract/conversation/conversation.js';
import { clockText, useNow } from '../../texts/duration.js';
import { useTexts } from '../../texts/language.js';
import { conversationTexts } from '../texts.js';

const WHOLE_MS = 24 * 3_600_000;
const SHORT_MS = 3_600_000;

/** Whether anything may be written now; the hour strikes while one looks. */
export function useIsFree({ window, allowed }: Pick<WireThread, 'window' | 'allowed'>): boolean {
  const now = useNow();
  return allowed.text && (window?.state !== 'open' || now < Date.parse(window.until));
}

export function WindowBar({ window }: { readonly window: WireReplyWindow }) {
  const texts = useTexts(conversationTexts);
  const now = useNow();
  const leftMs = window.state === 'open' ? Date.parse(window.until) - now : 0;
  if (window.state === 'closed' || leftMs <= 0) {
    return (
      <Alert color="orange" p="xs" icon={<IconClock size={18} aria-hidden />} className="conversation-window">
        {window.state === 'closed' && window.since === undefined ? texts.windowNever : texts.windowClosed}
      </Alert>
    );
  }
  return (
    <Group gap="xs" wrap="nowrap">
      <Text size="xs" className="quiet">
        {texts.windowOpen} <span className="figure">{clockText(leftMs / 1_000)}</span>
      </Text>
      <Progress
        flex={1}
        size="sm"
        color={leftMs < SHORT_MS ? 'orange' : 'teal'}
        value={Math.min(100, (100 * leftMs) / WHOLE_MS)}
        aria-label={`${texts.windowLeft}: ${clockText(leftMs / 1_000)}`}
      />
    </Group>
  );
}
