// Parts of the page of an interaction: messages as bubbles, its story, how it sounded, why it went so.
import { Button, Card, List, Loader, Stack, Table, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { WireInteraction, WireSegment } from '../../contract/interaction.js';
import { useLanguage, useTexts } from '../texts/language.js';
import { whyQuery } from './queries.js';
import { historyTexts } from './texts.js';
import { ChannelIcon, dotted, When } from './words.js';

type Message = Extract<WireSegment, { kind: 'message' }>;

export function Bubbles({ messages }: { readonly messages: readonly Message[] }) {
  const texts = useTexts(historyTexts);
  return (
    <section aria-label={texts.messages}>
      <Title order={2} size="h3" mb="xs">
        {texts.messages}
      </Title>
      <ul className="bubbles">
        {messages.map(({ id, channel, direction, text, status, reason, startedAt }) => (
          <li key={id} className={direction === 'out' ? 'bubble bubble-out' : 'bubble'}>
            <Text className="history-text" dir="auto">
              {text}
            </Text>
            <Text size="xs">
              <ChannelIcon channel={channel} />{' '}
              {dotted(<When key="when" time={startedAt} />, texts.statuses[status] ?? status, reason)}
            </Text>
          </li>
        ))}
      </ul>
    </section>
  );
}

interface StoryProps {
  readonly lines: WireInteraction['timeline'];
  /** With the names of the steps as they stand in the files of the flows. */
  readonly withSteps: boolean;
}

export function Story({ lines, withSteps }: StoryProps) {
  const texts = useTexts(historyTexts);
  return (
    <section aria-label={texts.timeline}>
      <Title order={2} size="h3" mb="xs">
        {texts.timeline}
      </Title>
      <ol className="story">
        {lines.map(({ version, at, text, step }, index) => (
          <li key={version}>
            <Text size="xs">
              <When time={at} exact={!isNewDay(lines[index - 1]?.at, at)} />
            </Text>
            <Text size="sm" className="history-text" dir="auto">
              {text} {withSteps && step !== undefined && <code className="story-step">{step}</code>}
            </Text>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** The day is told when it is another one. */
function isNewDay(before: string | undefined, at: string): boolean {
  return before !== undefined && new Date(before).toDateString() !== new Date(at).toDateString();
}

export function Quality({ segments }: { readonly segments: readonly WireSegment[] }) {
  const texts = useTexts(historyTexts);
  const { language } = useLanguage();
  const one = new Intl.NumberFormat(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const lines = segments.flatMap((segment) =>
    segment.kind === 'call' ? (segment.quality ?? []).map((line) => ({ ...line, segment: segment.id })) : [],
  );
  if (lines.length === 0) return null;
  return (
    <section aria-label={texts.quality}>
      <Title order={2} size="h3" mb="xs">
        {texts.quality}
      </Title>
      <Table>
        <Table.Tbody>
          {lines.map(({ segment, party, opinion, lossPercent }) => (
            <Table.Tr key={`${segment}${party}`}>
              <Table.Th scope="row">{texts.party[party]}</Table.Th>
              <Table.Td className="figure">{texts.opinion(one.format(opinion))}</Table.Td>
              <Table.Td className="figure">{texts.loss(one.format(lossPercent))}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </section>
  );
}

/** Asked for only when somebody wants to know. */
export function Why({ id }: { readonly id: string }) {
  const texts = useTexts(historyTexts);
  const { language } = useLanguage();
  const [open, setOpen] = useState(false);
  const { data, isLoading } = useQuery({ ...whyQuery(id, language), enabled: open });
  return (
    <section aria-label={texts.why}>
      <Button variant="default" aria-expanded={open} onClick={() => setOpen(!open)}>
        {texts.why}
      </Button>
      {open && (
        <Stack gap="xs" mt="sm" aria-live="polite">
          {isLoading && <Loader aria-label={texts.why} />}
          {data?.decisions.length === 0 && <Text>{texts.whyNothing}</Text>}
          {data?.decisions.map(({ version, at, sentences }) => (
            <Card key={version} withBorder padding="sm">
              <Text size="xs">
                <When time={at} />
              </Text>
              <List size="sm">
                {sentences.map((sentence) => (
                  <List.Item key={sentence}>{sentence}</List.Item>
                ))}
              </List>
            </Card>
          ))}
        </Stack>
      )}
    </section>
  );
}
