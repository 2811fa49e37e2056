// The guide: looking for articles by words and tags, and the way to writing one.
import { Alert, Anchor, Badge, Button, Group, Loader, Paper, Stack, Text, TextInput, Title } from '@mantine/core';
import { IconPencilPlus, IconSearch } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import type { WireGuideHit } from '../../contract/guide/guide.js';
import { mayUse, personQuery } from '../session/session.js';
import { useLanguage, useTexts } from '../texts/language.js';
import { Moment } from '../texts/moment.js';
import './guide.css';
import { PageTitle } from '../shell/page-title.js';
import { Marked } from './marked.js';
import { searchQuery } from './queries.js';
import { Removed } from './removed.js';
import { type GuideSearch, guideSearchOf } from './search-of.js';
import { guideTexts } from './texts.js';

export function GuidePage() {
  const texts = useTexts(guideTexts);
  const { language } = useLanguage();
  const search: GuideSearch = useSearch({ strict: false });
  const { data: person } = useQuery(personQuery);
  const { data, error, isFetching, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    ...searchQuery(search, language),
    placeholderData: (before) => before,
  });
  const hits = data?.pages.flatMap(({ articles }) => articles) ?? [];
  const isWriter = person != null && mayUse(person, 'supervisor');
  return (
    <Stack maw={900} mx="auto">
      <Group justify="space-between">
        <PageTitle>{texts.guide}</PageTitle>
        {isWriter && (
          <Button component={Link} to="/supervisor/guide" leftSection={<IconPencilPlus size={18} aria-hidden />}>
            {texts.write}
          </Button>
        )}
      </Group>
      <Question key={search.text ?? ''} search={search} />
      {search.tag !== undefined && (
        <Group gap="xs">
          <Text>{texts.withTag(search.tag)}</Text>
          <Anchor component={Link} to="/agent/guide" size="sm">
            {texts.allArticles}
          </Anchor>
        </Group>
      )}
      {error !== null && <Alert color="red">{error.message}</Alert>}
      <Text size="sm" className="quiet" role="status">
        {data === undefined ? '' : countText(texts, search, hits.length, hasNextPage)}
      </Text>
      {data === undefined && isFetching && <Loader aria-label={texts.loading} />}
      <ul className="guide-hits">
        {hits.map((hit) => (
          <Hit key={hit.id} hit={hit} />
        ))}
      </ul>
      {hasNextPage && (
        <Group>
          <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {texts.more}
          </Button>
        </Group>
      )}
      {isWriter && <Removed />}
    </Stack>
  );
}

type Words = (typeof guideTexts)['es'];

function countText(texts: Words, search: GuideSearch, count: number, isMore: boolean): string {
  if (count === 0) return search.text === undefined && search.tag === undefined ? texts.empty : texts.nothing;
  return isMore ? '' : texts.found(count);
}

function Question({ search }: { readonly search: GuideSearch }) {
  const texts = useTexts(guideTexts);
  const navigate = useNavigate();
  const [text, setText] = useState(search.text ?? '');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    void navigate({ to: '/agent/guide', search: guideSearchOf({ ...search, text }) });
  };
  return (
    <search>
      <form onSubmit={submit}>
        <Group align="flex-end" gap="sm">
          <TextInput
            className="guide-search"
            type="search"
            label={texts.looking}
            description={texts.searchHint}
            value={text}
            maxLength={200}
            onChange={({ currentTarget }) => setText(currentTarget.value)}
          />
          <Button type="submit" leftSection={<IconSearch size={18} aria-hidden />}>
            {texts.search}
          </Button>
        </Group>
      </form>
    </search>
  );
}

function Hit({ hit }: { readonly hit: WireGuideHit }) {
  const texts = useTexts(guideTexts);
  const { language } = useLanguage();
  const { id, title, excerpt, tags, changedAt, changedBy } = hit;
  return (
    <Paper component="li" withBorder p="md">
      <Stack gap={6}>
        <Title order={2} size="h4" lang={hit.language} className="long-text">
          <Anchor inherit component={Link} to={`/agent/guide/${id}`}>
            <Marked parts={title} />
          </Anchor>
        </Title>
        <Text size="sm" lang={hit.language} className="long-text">
          <Marked parts={excerpt} />
        </Text>
        <Group gap={6}>
          {hit.language !== language && <Badge variant="outline">{texts.languages[hit.language]}</Badge>}
          {tags.map((tag) => (
            <TagLink key={tag} tag={tag} />
          ))}
          <Text size="xs" className="quiet">
            {texts.changed} <Moment time={changedAt} /> {texts.by(changedBy)}
          </Text>
        </Group>
      </Stack>
    </Paper>
  );
}

/** All articles with that tag. */
export function TagLink({ tag }: { readonly tag: string }) {
  return (
    <Badge
      variant="default"
      tt="none"
      renderRoot={(props) => <Link to="/agent/guide" search={{ tag }} {...props} />}
      className="guide-tag"
    >
      {tag}
    </Badge>
  );
}
