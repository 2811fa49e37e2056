// Written conversations of an agent: the list, the one that is open, and what is heard of the others.
import '../agent/agent.css';
import './conversations.css';
import { Badge, Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { IconPencilPlus } from '@tabler/icons-react';
import { type RefObject, useEffect, useRef, useState } from 'react';
import type { LiveConversations, WireConversation } from '../../contract/conversation/conversation.js';
import { useActing } from '../agent/acting.js';
import { useLiveOne } from '../live/live.js';
import { useKeptFocus } from '../shell/kept-focus.js';
import { NotDone } from '../shell/not-done.js';
import { useLanguage, useTexts } from '../texts/language.js';
import { Beginning } from './beginning.js';
import { choose, useWanted } from './chosen.js';
import { ConversationList } from './list.js';
import { useNameOf } from './names.js';
import { conversationTexts } from './texts.js';
import { ShownFilesOfAll, useShownFiles } from './thread/shown-files.js';
import { ThreadView } from './thread/thread-view.js';
import { useDrafts } from './writing/sending.js';

export interface ConversationsProps {
  readonly agent: string;
}

export function Conversations({ agent }: ConversationsProps) {
  const live = useLiveOne('conversations', agent);
  // A new connection begins with nothing: what was opened, and what is being written, outlives that.
  const [last, setLast] = useState(live);
  if (live !== undefined && live !== last) setLast(live);
  const shown = live ?? last;
  return shown === undefined ? null : <ConversationsOf live={shown} />;
}

function ConversationsOf({ live }: { readonly live: LiveConversations }) {
  const texts = useTexts(conversationTexts);
  const acting = useActing();
  const [part, heading] = [useRef<HTMLElement>(null), useRef<HTMLHeadingElement>(null)];
  useKeptFocus(part, heading);
  const drafts = useDrafts();
  const shownFiles = useShownFiles();
  const { agent, conversations, most } = live;
  const open = conversations.filter(({ state }) => state === 'open');
  const wanted = useWanted();
  // Where nobody writes one has come to write.
  const [isBeginning, setBeginning] = useState(conversations.length === 0);
  // Who has but one need not choose; where it is narrow the list is what one goes back to.
  const [isList, setList] = useState(false);
  const chosen = open.find(({ id }) => id === wanted) ?? (isList ? undefined : open[0]);
  const look = (id: string | undefined): void => {
    setList(id === undefined);
    setBeginning(false);
    choose(id);
  };
  return (
    <Paper
      ref={part}
      component="section"
      withBorder
      p="md"
      aria-label={texts.conversations}
      className="conversation-parts"
    >
      <Stack gap="sm">
        <Head
          heading={heading}
          count={texts.count(open.length, most)}
          isBeginning={isBeginning}
          toggle={() => setBeginning(!isBeginning)}
        />
        {isBeginning && <Beginning begun={look} cancel={() => setBeginning(false)} />}
        <Heard conversations={conversations} />
        <NotDone failure={acting.failure} forget={acting.forget} />
        {conversations.length === 0 ? (
          <Text className="quiet">{texts.none}</Text>
        ) : (
          <div className="conversation-split" data-chosen={chosen !== undefined}>
            <ConversationList {...{ conversations, acting }} choose={look} chosen={chosen?.id} />
            <div className="conversation-thread">
              {chosen === undefined ? (
                <Text className="quiet">{texts.choose}</Text>
              ) : (
                <ShownFilesOfAll value={shownFiles}>
                  <ThreadView
                    key={chosen.id}
                    conversation={chosen}
                    agent={agent}
                    acting={acting}
                    draft={drafts.of(chosen.id)}
                    change={(draft) => drafts.change(chosen.id, draft)}
                    sending={drafts.sending}
                    back={() => look(undefined)}
                  />
                </ShownFilesOfAll>
              )}
            </div>
          </div>
        )}
      </Stack>
    </Paper>
  );
}

interface HeadProps {
  readonly heading: RefObject<HTMLHeadingElement | null>;
  readonly count: string;
  readonly isBeginning: boolean;
  readonly toggle: () => void;
}

function Head({ heading, count, isBeginning, toggle }: HeadProps) {
  const texts = useTexts(conversationTexts);
  return (
    <Group justify="space-between">
      <Title order={2} size="h4" ref={heading} tabIndex={-1}>
        {texts.conversations}
      </Title>
      <Group gap="xs">
        <Badge variant="default" tt="none">
          {count}
        </Badge>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconPencilPlus size={16} aria-hidden />}
          aria-expanded={isBeginning}
          onClick={toggle}
        >
          {texts.begin}
        </Button>
      </Group>
    </Group>
  );
}

/** New messages are told politely, one at a time; an offer at once, because it does not wait long. */
function Heard({ conversations }: { readonly conversations: readonly WireConversation[] }) {
  const texts = useTexts(conversationTexts);
  const nameOf = useNameOf();
  const { language } = useLanguage();
  const known = useRef<ReadonlyMap<string, string | undefined>>(undefined);
  const [news, setNews] = useState('');
  useEffect(() => {
    const before = known.current;
    known.current = new Map(conversations.map(({ id, last }) => [id, last?.direction === 'in' ? last.id : undefined]));
    if (before === undefined) return;
    const fresh = conversations.find(
      ({ id, state, last }) =>
        state === 'open' && last?.direction === 'in' && before.has(id) && before.get(id) !== last.id,
    );
    if (fresh?.last !== undefined) setNews(texts.newMessage(nameOf(fresh), fresh.last.text));
  }, [conversations, texts, nameOf]);
  const offer = conversations.find(({ state }) => state === 'offered');
  return (
    <>
      <span className="heard-only" role="status">
        {news}
      </span>
      <span className="heard-only" role="alert">
        {offer === undefined ? '' : texts.offeredBy(nameOf(offer), offer.queueTitle[language] ?? offer.queue)}
      </span>
    </>
  );
}
