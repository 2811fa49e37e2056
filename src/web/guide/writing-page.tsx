// Writing and changing an article: both languages, what they will look like, and for which calls they are suggested.
import { Alert, Button, Group, Loader, MultiSelect, Stack, Tabs, TagsInput, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useBlocker, useNavigate, useSearch } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import type { WireGuideArticle, WireGuideWish } from '../../contract/guide/guide.js';
import { GUIDE_LANGUAGES, NOTE_MAX_CHARS, readIn, TAG_MAX_CHARS, TAGS_MAX } from '../../core/guide/article.js';
import { ask, RequestFailed } from '../session/http.js';
import { useLanguage, useTexts } from '../texts/language.js';
import { BLANK, type Draft, draftOf, wishOf } from './draft.js';
import './guide.css';
import { PageTitle } from '../shell/page-title.js';
import { articlePath, articleQuery, flowsQuery, queuesQuery } from './queries.js';
import { TextFields } from './text-fields.js';
import { guideTexts } from './texts.js';

export function WritingPage() {
  const { article: id }: { readonly article?: string } = useSearch({ strict: false });
  return id === undefined ? <Writing /> : <Changing id={id} />;
}

function Changing({ id }: { readonly id: string }) {
  const texts = useTexts(guideTexts);
  // As it is now: what was kept from earlier may be an older version.
  const { data, error, isFetchedAfterMount } = useQuery({ ...articleQuery(id), staleTime: 0 });
  if (error !== null) return <Alert color="red">{error.message}</Alert>;
  if (data === undefined || !isFetchedAfterMount) return <Loader aria-label={texts.loading} />;
  return <Writing article={data} />;
}

function Writing({ article }: { readonly article?: WireGuideArticle }) {
  const texts = useTexts(guideTexts);
  const { language } = useLanguage();
  // Of the version that was read first: a newer one that comes in meanwhile must not be written over unseen.
  const [first] = useState(article);
  const before = first === undefined ? BLANK : draftOf(first);
  const [draft, setDraft] = useState(before);
  const saving = useSaving(first);
  const isChanged = JSON.stringify(draft) !== JSON.stringify(before);
  useBlocker({
    shouldBlockFn: () => isChanged && !saving.isSuccess && !window.confirm(texts.leave),
    enableBeforeUnload: () => isChanged && !saving.isSuccess,
  });
  const wish = wishOf(draft);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (wish !== undefined) saving.mutate(wish);
  };
  const title = first?.texts[readIn(first, language)]?.title;
  return (
    <form onSubmit={submit}>
      <Stack maw={1200} mx="auto">
        <PageTitle className="long-text">{title === undefined ? texts.newArticle : texts.changing(title)}</PageTitle>
        <Tabs defaultValue={language} keepMounted={false}>
          <Tabs.List>
            {GUIDE_LANGUAGES.map((one) => (
              <Tabs.Tab key={one} value={one}>
                {texts.textIn(one)}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          {GUIDE_LANGUAGES.map((one) => (
            <Tabs.Panel key={one} value={one} pt="md">
              <TextFields
                language={one}
                text={draft.texts[one]}
                change={(text) => setDraft({ ...draft, texts: { ...draft.texts, [one]: text } })}
              />
            </Tabs.Panel>
          ))}
        </Tabs>
        <Places draft={draft} change={setDraft} />
        {saving.error && (
          <Alert color="red" role="alert">
            {isConflict(saving.error) ? texts.somebodyElse : saving.error.message}
          </Alert>
        )}
        {wish === undefined && isChanged && <Alert role="status">{texts.oneLanguage}</Alert>}
        <Group>
          <Button type="submit" disabled={wish === undefined || !isChanged} loading={saving.isPending}>
            {texts.save}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function isConflict(error: Error): boolean {
  return error instanceof RequestFailed && error.code === 'version-conflict';
}

function useSaving(article: WireGuideArticle | undefined) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: (wish: WireGuideWish) =>
      article === undefined
        ? ask<WireGuideArticle>('/api/guide/articles', { method: 'POST', body: wish })
        : ask<WireGuideArticle>(articlePath(article.id), {
            method: 'PUT',
            body: { ...wish, version: article.version },
          }),
    onSuccess: async (saved) => {
      queries.removeQueries({ queryKey: ['guide'] });
      queries.setQueryData(articleQuery(saved.id).queryKey, saved);
      await navigate({ to: '/agent/guide/$id', params: { id: saved.id }, ignoreBlocker: true });
    },
  });
}

interface PlacesProps {
  readonly draft: Draft;
  readonly change: (draft: Draft) => void;
}

function Places({ draft, change }: PlacesProps) {
  const texts = useTexts(guideTexts);
  const { language } = useLanguage();
  const { data: queues = [] } = useQuery(queuesQuery);
  const { data: flows = [] } = useQuery(flowsQuery);
  // What is named but is not there any more stays until somebody takes it out.
  const titles = new Map(queues.map(({ id, title }) => [id, title[language] ?? id]));
  const allQueues = [...new Set([...titles.keys(), ...draft.queues])];
  const allFlows = [...new Set([...flows, ...draft.flows])];
  return (
    <Stack>
      <Group grow align="flex-start" preventGrowOverflow={false}>
        <MultiSelect
          label={texts.queues}
          searchable
          data={allQueues.map((value) => ({ value, label: titles.get(value) ?? value }))}
          value={[...draft.queues]}
          onChange={(chosen) => change({ ...draft, queues: chosen })}
        />
        <MultiSelect
          label={texts.flows}
          searchable
          data={allFlows}
          value={[...draft.flows]}
          onChange={(chosen) => change({ ...draft, flows: chosen })}
        />
      </Group>
      <Group grow align="flex-end" preventGrowOverflow={false}>
        <TagsInput
          label={texts.tags}
          description={texts.tagsHint}
          maxTags={TAGS_MAX}
          value={[...draft.tags]}
          onChange={(tags) => change({ ...draft, tags: tags.map((tag) => tag.trim().slice(0, TAG_MAX_CHARS)) })}
        />
        <TextInput
          label={texts.note}
          maxLength={NOTE_MAX_CHARS}
          value={draft.note}
          onChange={({ currentTarget }) => change({ ...draft, note: currentTarget.value })}
        />
      </Group>
    </Stack>
  );
}
