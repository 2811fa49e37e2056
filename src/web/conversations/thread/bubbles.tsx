// What was written, oldest first: the customer on the left, we on the right, with how far each of ours has come.
import { Button, Group, Text } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconChecks, IconClock } from '@tabler/icons-react';
import { type ReactNode, useEffect, useRef } from 'react';
import type { WireMessage, WireMessageStatus } from '../../../contract/conversation/conversation.js';
import { useTexts } from '../../texts/language.js';
import { Moment } from '../../texts/moment.js';
import { conversationTexts } from '../texts.js';
import type { Outgoing } from '../writing/drafts.js';
import { FileView } from './file-view.js';
import { LinkedText } from './linked-text.js';

export interface BubblesProps {
  readonly messages: readonly WireMessage[];
  readonly outgoing: readonly Outgoing[];
  /** Called with the one that did not go. */
  readonly again: (one: Outgoing) => void;
  readonly discard: (one: Outgoing) => void;
}

export function Bubbles({ messages, outgoing, again, discard }: BubblesProps) {
  const texts = useTexts(conversationTexts);
  const list = useRef<HTMLElement>(null);
  const newest = messages.at(-1)?.id;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the newest one is to be seen
  useEffect(() => {
    // No value: newer browsers answer with a promise, which is no clean-up.
    void list.current?.scrollTo({ top: list.current.scrollHeight });
  }, [newest, outgoing.length]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
    <section ref={list} className="conversation-messages" aria-label={texts.messages} tabIndex={0}>
      {messages.length + outgoing.length === 0 && (
        <Text size="sm" className="quiet">
          {texts.nothingYet}
        </Text>
      )}
      <ol className="conversation-bubbles">
        {messages.map((message) => (
          <Bubble key={message.id} message={message} />
        ))}
        {outgoing.map((one) => (
          <li key={one.id} className="conversation-bubble conversation-ours">
            <Said text={one.text} />
            {one.file !== undefined && <Text size="sm">{one.file.name}</Text>}
            {one.fault === undefined ? (
              <Status status="queued" />
            ) : (
              <Text size="xs" component="div" role="alert">
                <IconAlertTriangle size={14} aria-hidden /> {texts.notSent}: {one.fault}
                <Group gap="xs" mt={4}>
                  <Button size="compact-xs" variant="default" onClick={() => again(one)}>
                    {texts.again}
                  </Button>
                  <Button size="compact-xs" variant="default" onClick={() => discard(one)}>
                    {texts.discard}
                  </Button>
                </Group>
              </Text>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}

function Bubble({ message }: { readonly message: WireMessage }) {
  const texts = useTexts(conversationTexts);
  const { at, direction, by, agent, text, template, attachments, status, reason } = message;
  const who = by === 'customer' ? texts.somebody : by === 'hilo' ? texts.hilo : (agent ?? texts.you);
  const isOurs = direction === 'out';
  return (
    <li className={`conversation-bubble ${isOurs ? 'conversation-ours' : ''}`}>
      <Said text={text} />
      {attachments.map((file) => (
        <FileView key={file.id} file={file} />
      ))}
      <Text size="xs" component="div" className="conversation-about">
        {who} · <Moment time={at} />
        {template === undefined ? '' : ` · ${texts.template}`}
        {isOurs && (
          <>
            {' · '}
            <Status status={status} reason={reason} />
          </>
        )}
      </Text>
    </li>
  );
}

function Said({ text }: { readonly text: string }) {
  if (text === '') return null;
  return (
    <Text size="sm" className="conversation-text">
      <LinkedText text={text} />
    </Text>
  );
}

const ICONS: Readonly<Record<WireMessageStatus, ReactNode>> = {
  received: null,
  queued: <IconClock size={14} aria-hidden />,
  sent: <IconCheck size={14} aria-hidden />,
  delivered: <IconChecks size={14} aria-hidden />,
  read: <IconChecks size={14} stroke={3} aria-hidden />,
  failed: <IconAlertTriangle size={14} aria-hidden />,
};

interface StatusProps {
  readonly status: WireMessageStatus;
  readonly reason?: string | undefined;
}

function Status({ status, reason }: StatusProps) {
  const texts = useTexts(conversationTexts);
  return (
    <span className="conversation-status">
      {ICONS[status]} {texts.statuses[status]}
      {reason === undefined ? '' : `: ${reason}`}
    </span>
  );
}
