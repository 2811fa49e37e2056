// Who writes: new ones to be taken first, then those that one has, with what is unread and how long somebody waits.
import { Badge, Button, Group, Progress, Stack, Text, UnstyledButton } from '@mantine/core';
import { IconBrandWhatsapp, IconFlask, IconMessage, IconPhone, IconWorld } from '@tabler/icons-react';
import type { WireConversation } from '../../contract/conversation/conversation.js';
import type { Acting } from '../agent/acting.js';
import { clockText, Since, useNow } from '../texts/duration.js';
import { useLanguage, useTexts } from '../texts/language.js';
import { useNameOf } from './names.js';
import { conversationTexts } from './texts.js';

export interface ListProps {
  readonly conversations: readonly WireConversation[];
  readonly chosen: string | undefined;
  readonly choose: (id: string) => void;
  readonly acting: Acting;
}

export function ConversationList({ conversations, chosen, choose, acting }: ListProps) {
  const texts = useTexts(conversationTexts);
  return (
    <ul className="conversation-list" aria-label={texts.conversations}>
      {conversations.map((one) => (
        <li key={one.entry} data-offer={one.state === 'offered' || undefined}>
          {one.state === 'offered' ? (
            <Offer offer={one} acting={acting} taken={() => choose(one.id)} />
          ) : (
            <Item conversation={one} isChosen={one.id === chosen} choose={() => choose(one.id)} />
          )}
        </li>
      ))}
    </ul>
  );
}

export function ChannelSign({ channel }: { readonly channel: string }) {
  const texts = useTexts(conversationTexts);
  const title = texts.channels[channel] ?? channel;
  const Icon = ICONS[channel] ?? IconMessage;
  return <Icon size={18} role="img" aria-label={title} title={title} />;
}

const ICONS: Readonly<Record<string, typeof IconMessage>> = {
  whatsapp: IconBrandWhatsapp,
  chat: IconWorld,
  sandbox: IconFlask,
  voice: IconPhone,
};

function Item(props: { readonly conversation: WireConversation; readonly isChosen: boolean; choose(): void }) {
  const { conversation, isChosen, choose } = props;
  const texts = useTexts(conversationTexts);
  const nameOf = useNameOf();
  const { channel, unread, waitingSince } = conversation;
  return (
    <UnstyledButton className="conversation-item" aria-current={isChosen} onClick={choose}>
      <Group gap={6} wrap="nowrap">
        <ChannelSign channel={channel} />
        <Text fw={unread > 0 ? 700 : 500} size="sm" className="conversation-name" flex={1}>
          {nameOf(conversation)}
        </Text>
        {unread > 0 && (
          <Badge size="sm" circle={unread < 10}>
            <span aria-hidden>{unread}</span>
            <span className="heard-only">{texts.unread(unread)}</span>
          </Badge>
        )}
      </Group>
      <LastWords conversation={conversation} />
      {waitingSince !== undefined && (
        <Text size="xs" className="quiet">
          {texts.waits} <Since time={waitingSince} />
        </Text>
      )}
    </UnstyledButton>
  );
}

function LastWords({ conversation: { last } }: { readonly conversation: WireConversation }) {
  const texts = useTexts(conversationTexts);
  if (last === undefined) return null;
  const files = last.attachments > 0 ? texts.files(last.attachments) : texts.noText;
  return (
    <Text size="sm" className="conversation-name quiet">
      {last.direction === 'out' && `${texts.you}: `}
      {last.text === '' ? files : last.text}
    </Text>
  );
}

interface OfferProps {
  readonly offer: Extract<WireConversation, { state: 'offered' }>;
  readonly acting: Acting;
  readonly taken: () => void;
}

function Offer({ offer, acting, taken }: OfferProps) {
  const texts = useTexts(conversationTexts);
  const nameOf = useNameOf();
  const { language } = useLanguage();
  const { offer: id, channel, queue, queueTitle, offeredAt, expiresAt, handover } = offer;
  const name = nameOf(offer);
  const leftMs = Math.max(0, Date.parse(expiresAt) - useNow());
  const share = (100 * leftMs) / Math.max(1, Date.parse(expiresAt) - Date.parse(offeredAt));
  const act = async (what: 'accept' | 'refuse'): Promise<void> => {
    const isDone = await acting.act(`${what} ${id}`, `/api/offers/${encodeURIComponent(id)}/${what}`);
    if (isDone && what === 'accept') taken();
  };
  return (
    <Stack className="conversation-item" gap={4}>
      <Text size="xs" fw={700}>
        {texts.offered} · {queueTitle[language] ?? queue}
      </Text>
      <Group gap={6} wrap="nowrap">
        <ChannelSign channel={channel} />
        <Text fw={700} size="sm" className="conversation-name">
          {name}
        </Text>
      </Group>
      <LastWords conversation={offer} />
      {handover !== undefined && (
        <Text size="xs" className="conversation-text">
          {texts.handover(handover.by)}
          {handover.note === undefined ? '' : `: «${handover.note}»`}
        </Text>
      )}
      <Progress size="xs" value={Math.min(100, share)} aria-label={`${texts.left} ${clockText(leftMs / 1_000)}`} />
      <Group gap={6}>
        <Button
          size="compact-xs"
          aria-label={texts.acceptOf(name)}
          loading={acting.busy === `accept ${id}`}
          onClick={() => void act('accept')}
        >
          {texts.accept}
        </Button>
        <Button
          size="compact-xs"
          variant="default"
          aria-label={texts.refuseOf(name)}
          loading={acting.busy === `refuse ${id}`}
          onClick={() => void act('refuse')}
        >
          {texts.refuse}
        </Button>
      </Group>
    </Stack>
  );
}
