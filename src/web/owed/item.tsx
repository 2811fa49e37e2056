// One thing that is owed: whom, since when, whose it is, what was said, and what can be done about it.
import { Badge, Button, Card, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { WireCallbackItem, WireLostItem, WireVoicemailItem } from '../../contract/owed/work-list.js';
import { InteractionLink } from '../history/interaction-link.js';
import { useLiveOne } from '../live/live.js';
import { personQuery } from '../session/session.js';
import { useAddressText } from '../texts/address.js';
import { useLanguage, useTexts } from '../texts/language.js';
import type { Acting } from './acting.js';
import { CallButton } from './call-button.js';
import { workPath } from './queries.js';
import { owedTexts } from './texts.js';

export type Item = WireCallbackItem | WireLostItem | WireVoicemailItem;

export interface ItemProps {
  readonly item: Item;
  readonly acting: Acting;
  /** When it is due, was lost or left, and its state. */
  readonly facts: ReactNode;
  /** What can be done about just this. */
  readonly acts: ReactNode;
  readonly children?: ReactNode;
}

export function ItemCard({ item, acting, facts, acts, children }: ItemProps) {
  const texts = useTexts(owedTexts);
  const number = useAddressText()(item.number);
  const whom = item.name ?? (number === '' ? texts.withheld : number);
  return (
    <Card withBorder padding="sm" component="article" aria-label={whom}>
      <Stack gap="xs">
        <Group justify="space-between" gap="xs">
          <Group gap="xs">
            <Text fw={600} className="owed-text">
              {whom}
            </Text>
            {item.name !== undefined && number !== '' && <Text size="sm">{number}</Text>}
            <InteractionLink id={item.interaction} size="sm">
              {item.reference}
            </InteractionLink>
          </Group>
          <Holder item={item} acting={acting} />
        </Group>
        <Group gap="xs">
          <QueueName queue={item.queue} />
          {facts}
        </Group>
        <WhatWasSaid item={item} />
        {children}
        <Group gap="xs">
          {item.number !== '' && <CallButton interaction={item.interaction} whom={whom} />}
          {acts}
        </Group>
        {acting.failure !== undefined && (
          <Text role="alert" size="sm" c="var(--mantine-color-error)">
            {acting.failure}
          </Text>
        )}
      </Stack>
    </Card>
  );
}

function Holder({ item, acting: { act, isBusy } }: Pick<ItemProps, 'item' | 'acting'>) {
  const texts = useTexts(owedTexts);
  const { data: person } = useQuery(personQuery);
  const agent = useLiveOne('agent', person?.name ?? '');
  const isMine = item.holder === person?.name;
  const path = `${workPath(item.interaction)}/take`;
  return (
    <Group gap="xs">
      <Badge variant="default" tt="none">
        {item.holder === undefined ? texts.free : texts.holder(item.holder)}
      </Badge>
      {item.holder === undefined && agent !== undefined && (
        <Button
          size="compact-sm"
          variant="default"
          loading={isBusy}
          onClick={() => void act(path, { method: 'POST', body: {} })}
        >
          {texts.take}
        </Button>
      )}
      {isMine && (
        <Button
          size="compact-sm"
          variant="default"
          loading={isBusy}
          onClick={() => void act(path, { method: 'DELETE' })}
        >
          {texts.release}
        </Button>
      )}
    </Group>
  );
}

function QueueName({ queue }: { readonly queue: string | undefined }) {
  const { language } = useLanguage();
  const live = useLiveOne('queue', queue ?? '');
  if (queue === undefined) return null;
  return (
    <Badge variant="outline" color="gray" tt="none">
      {live?.title[language] ?? queue}
    </Badge>
  );
}

function WhatWasSaid({ item: { said } }: Pick<ItemProps, 'item'>) {
  const texts = useTexts(owedTexts);
  if (said.length === 0) return null;
  return (
    <Stack component="ul" gap={2} className="owed-said" aria-label={texts.said}>
      {said.map(({ source, text, at }) => (
        <Text component="li" size="sm" className="owed-text" key={`${at} ${text}`}>
          {source === undefined ? '' : `${source}: `}«{text}»
        </Text>
      ))}
    </Stack>
  );
}
