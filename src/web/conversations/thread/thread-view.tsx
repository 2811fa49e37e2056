// One conversation: who, the window, what was written, writing, and what else can be done with it.
import { Alert, Badge, Button, Collapse, Group, Loader, Stack, Text, Title } from '@mantine/core';
import { IconArrowLeft, IconPhone } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type ComponentType, lazy, Suspense, useEffect, useState } from 'react';
import type { WireConversation, WireThread } from '../../../contract/conversation/conversation.js';
import type { Acting } from '../../agent/acting.js';
import type { SuggestedProps } from '../../guide/suggested.js';
import { ask } from '../../session/http.js';
import { useLanguage, useTexts } from '../../texts/language.js';
import { ChannelSign } from '../list.js';
import { useNameOf } from '../names.js';
import { conversationPath, threadQuery } from '../requests.js';
import { conversationTexts } from '../texts.js';
import { Composer } from '../writing/composer.js';
import { type Draft, stillOut } from '../writing/drafts.js';
import type { Sending } from '../writing/sending.js';
import { Bubbles } from './bubbles.js';
import { Closing, PassingOn } from './ending.js';
import { WindowBar } from './window-bar.js';

/** Its history is long; the thread does not wait for it. */
const ScreenPop = lazy<ComponentType<{ readonly interaction: string }>>(() =>
  import('../../history/screen-pop.js').then((module) => ({ default: module.ScreenPop })),
);

/** What the guide says is not waited for either. */
const Suggested = lazy<ComponentType<SuggestedProps>>(() =>
  import('../../guide/suggested.js').then((module) => ({ default: module.Suggested })),
);

export interface ThreadViewProps {
  readonly conversation: WireConversation;
  readonly agent: string;
  readonly acting: Acting;
  readonly draft: Draft;
  readonly change: (draft: Pick<Draft, 'text' | 'file'>) => void;
  readonly sending: Sending;
  readonly back: () => void;
}

export function ThreadView(props: ThreadViewProps) {
  const { conversation, draft, change, sending } = props;
  const texts = useTexts(conversationTexts);
  const { id, version: told } = conversation;
  // What is known of a matter never becomes less: an earlier version is the list catching up.
  const [version, setVersion] = useState(told);
  if (told > version) setVersion(told);
  const { data: thread, error } = useQuery({
    ...threadQuery(id, version),
    // What was there stays until the newer one has come; of another conversation nothing does.
    placeholderData: (before) => (before?.id === id ? before : undefined),
  });
  useReading(conversation, thread);
  if (error !== null && thread === undefined) return <Alert color="red">{error.message}</Alert>;
  if (thread === undefined) return <Loader aria-label={texts.loading} />;
  return (
    <Stack gap="sm">
      <Head {...props} thread={thread} />
      {thread.window !== undefined && <WindowBar window={thread.window} />}
      <Bubbles
        messages={thread.messages}
        outgoing={stillOut(draft.outgoing, thread.messages)}
        again={(one) => sending.again(id, one)}
        discard={(one) => sending.discard(id, one)}
      />
      {thread.yours ? (
        <Composer
          thread={thread}
          draft={draft}
          change={change}
          send={(text, file) => sending.text(id, text, file)}
          sendTemplate={(...template) => sending.template(id, ...template)}
        />
      ) : (
        <Text role="status">{thread.state === 'over' ? texts.over : texts.notYours}</Text>
      )}
      <Suspense>
        <Suggested interaction={id} queue={conversation.queue} isBeside />
      </Suspense>
    </Stack>
  );
}

/** What is on the screen of a page that is looked at is read. */
function useReading({ id, unread }: WireConversation, thread: WireThread | undefined): void {
  const newest = thread?.id === id ? thread.messages.findLast(({ direction }) => direction === 'in')?.id : undefined;
  const isYours = thread?.yours === true;
  useEffect(() => {
    if (unread === 0 || newest === undefined || !isYours) return;
    const tell = (): void => {
      if (document.visibilityState !== 'visible') return;
      document.removeEventListener('visibilitychange', tell);
      // Should it fail, the mark stays, and the next message brings another try.
      ask(`${conversationPath(id)}/read`, { method: 'POST', body: { message: newest } }).catch((error: unknown) =>
        console.warn('not marked as read', error),
      );
    };
    document.addEventListener('visibilitychange', tell);
    tell();
    return () => document.removeEventListener('visibilitychange', tell);
  }, [id, unread, newest, isYours]);
}

type Panel = 'transfer' | 'close' | 'customer';

function Head({ conversation, thread, agent, acting, back }: ThreadViewProps & { readonly thread: WireThread }) {
  const texts = useTexts(conversationTexts);
  const nameOf = useNameOf();
  const { language } = useLanguage();
  const [panel, setPanel] = useState<Panel>();
  const { id, channel, queue, queueTitle, handover } = conversation;
  const call = conversation.call ?? thread.call;
  const toggle = (one: Panel): void => setPanel(panel === one ? undefined : one);
  const done = (): void => setPanel(undefined);
  const button = (one: Panel, title: string) => (
    <Button
      size="xs"
      variant={panel === one ? 'filled' : 'default'}
      aria-expanded={panel === one}
      onClick={() => toggle(one)}
    >
      {title}
    </Button>
  );
  return (
    <Stack gap="xs">
      <Group gap="xs" wrap="nowrap">
        <Button className="conversation-back" size="compact-sm" variant="subtle" aria-label={texts.back} onClick={back}>
          <IconArrowLeft size={18} aria-hidden />
        </Button>
        <ChannelSign channel={channel} />
        <Title order={3} size="h4" className="conversation-name" flex={1}>
          {nameOf(conversation)}
        </Title>
        <Badge variant="default" tt="none">
          {queueTitle[language] ?? queue}
        </Badge>
      </Group>
      {handover !== undefined && <Handover {...handover} />}
      <Group gap="xs">
        {call !== undefined && (
          <Badge variant="default" tt="none" size="lg" role="status">
            {texts.callStates[call]}
          </Badge>
        )}
        {call === undefined && thread.yours && thread.allowed.call && (
          <Button
            size="xs"
            leftSection={<IconPhone size={16} aria-hidden />}
            loading={acting.busy === `call ${id}`}
            onClick={() => void acting.act(`call ${id}`, `${conversationPath(id)}/call`)}
          >
            {texts.call}
          </Button>
        )}
        {button('customer', texts.customer)}
        {thread.yours && button('transfer', texts.transfer)}
        {thread.yours && button('close', texts.close)}
      </Group>
      {panel === 'transfer' && <PassingOn thread={thread} agent={agent} acting={acting} done={done} />}
      {panel === 'close' && <Closing thread={thread} acting={acting} done={done} />}
      <Collapse expanded={panel === 'customer'}>
        {panel === 'customer' && (
          <Suspense fallback={<Loader aria-label={texts.loading} />}>
            <ScreenPop interaction={id} />
          </Suspense>
        )}
      </Collapse>
    </Stack>
  );
}

function Handover({ by, note }: NonNullable<WireConversation['handover']>) {
  const texts = useTexts(conversationTexts);
  return (
    <Text size="sm" className="conversation-text">
      {texts.handover(by)}
      {note === undefined ? '' : `: «${note}»`}
    </Text>
  );
}
