// Articles for the matter in hand, beside the call or what is written: one click opens the text in place.
import { Alert, Anchor, Button, Group, Loader, Paper, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ComponentType, lazy, Suspense, useState } from 'react';
import type { WireGuideSuggestion } from '../../contract/guide/guide.js';
import { useLanguage, useTexts } from '../texts/language.js';
import './guide.css';
import { articleQuery, queuesQuery, suggestionsQuery } from './queries.js';
import { guideTexts } from './texts.js';

/** Its library is only needed once somebody reads. */
const Markdown = lazy<ComponentType<{ readonly text: string; readonly level: 4 }>>(() =>
  import('./markdown.js').then((module) => ({ default: module.Markdown })),
);

export interface SuggestedProps {
  readonly interaction: string;
  /** Where the matter is now. */
  readonly queue: string | undefined;
  /** Beside something else: nothing is said of it when no article fits. */
  readonly isBeside?: boolean;
}

export function Suggested({ interaction, queue, isBeside = false }: SuggestedProps) {
  const texts = useTexts(guideTexts);
  const { language } = useLanguage();
  const { data, error } = useQuery(suggestionsQuery(interaction, queue ?? '', language));
  const [open, setOpen] = useState<string>();
  if (isBeside && error === null && (data ?? []).length === 0) return null;
  return (
    <Paper component="section" withBorder p="md" aria-label={texts.suggested}>
      <Stack gap="xs">
        <Group justify="space-between">
          <Title order={2} size="h4">
            {texts.suggested}
          </Title>
          <Anchor component={Link} to="/agent/guide" size="sm">
            {texts.openGuide}
          </Anchor>
        </Group>
        {error !== null && <Alert color="red">{error.message}</Alert>}
        {data?.length === 0 && (
          <Text size="sm" className="quiet">
            {texts.suggestedNone}
          </Text>
        )}
        {data?.map((article) => (
          <Suggestion
            key={article.id}
            article={article}
            isOpen={open === article.id}
            toggle={() => setOpen(open === article.id ? undefined : article.id)}
          />
        ))}
      </Stack>
    </Paper>
  );
}

interface SuggestionProps {
  readonly article: WireGuideSuggestion;
  readonly isOpen: boolean;
  readonly toggle: () => void;
}

function Suggestion({ article, isOpen, toggle }: SuggestionProps) {
  const texts = useTexts(guideTexts);
  const { language: own } = useLanguage();
  const { data: all = [] } = useQuery(queuesQuery);
  const { id, title, language, queues, flows } = article;
  const titleOf = (queue: string): string => all.find((one) => one.id === queue)?.title[own] ?? queue;
  const places = [...queues.map((queue) => texts.queue(titleOf(queue))), ...flows.map(texts.flow)].join(', ');
  return (
    <Stack gap={4}>
      <Button
        variant="default"
        justify="flex-start"
        h="auto"
        py={6}
        aria-expanded={isOpen}
        onClick={toggle}
        classNames={{ label: 'guide-suggestion' }}
      >
        <span lang={language}>{title}</span>
        <Text component="span" size="xs" className="quiet">
          {texts.because(places)}
        </Text>
      </Button>
      {isOpen && <Opened id={id} language={language} />}
    </Stack>
  );
}

function Opened({ id, language }: Pick<WireGuideSuggestion, 'id' | 'language'>) {
  const texts = useTexts(guideTexts);
  const { data, error } = useQuery(articleQuery(id));
  if (error !== null) return <Alert color="red">{error.message}</Alert>;
  const loading = <Loader size="sm" aria-label={texts.loading} />;
  if (data === undefined) return loading;
  return (
    <Paper withBorder p="sm" lang={language}>
      <Suspense fallback={loading}>
        <Markdown text={data.texts[language]?.body ?? ''} level={4} />
      </Suspense>
    </Paper>
  );
}
