// One article as it is read: its text, where it is suggested, and for writers the way to changing it and its history.
import { Alert, Anchor, Badge, Button, Group, Loader, SegmentedControl, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import type { WireGuideArticle } from '../../contract/guide/guide.js';
import { type GuideLanguage, languagesOf, readIn } from '../../core/guide/article.js';
import { ask } from '../session/http.js';
import { mayUse, personQuery } from '../session/session.js';
import { useLanguage, useTexts } from '../texts/language.js';
import { Moment } from '../texts/moment.js';
import './guide.css';
import { PageTitle } from '../shell/page-title.js';
import { TagLink } from './guide-page.js';
import { History } from './history.js';
import { Markdown } from './markdown.js';
import { articlePath, articleQuery } from './queries.js';
import { guideTexts } from './texts.js';

export function ArticlePage() {
  const texts = useTexts(guideTexts);
  const { id } = useParams({ from: '/agent/guide/$id' });
  const { data: article, error } = useQuery(articleQuery(id));
  const { data: person } = useQuery(personQuery);
  return (
    <Stack maw={900} mx="auto">
      <Anchor component={Link} to="/agent/guide" size="sm">
        ← {texts.guide}
      </Anchor>
      {error !== null && (
        <Alert color="red" role="alert">
          {error.message}
        </Alert>
      )}
      {article === undefined && error === null && <Loader aria-label={texts.loading} />}
      {article !== undefined && <Article article={article} isWriter={person != null && mayUse(person, 'supervisor')} />}
    </Stack>
  );
}

function Article({ article, isWriter }: { readonly article: WireGuideArticle; readonly isWriter: boolean }) {
  const texts = useTexts(guideTexts);
  const { language } = useLanguage();
  const [chosen, setChosen] = useState<GuideLanguage>();
  const languages = languagesOf(article);
  const shown = readIn(article, chosen ?? language);
  const text = article.texts[shown];
  return (
    <Stack component="article" gap="sm">
      <Group justify="space-between" align="flex-start">
        <PageTitle className="long-text" lang={shown}>
          {text?.title ?? article.id}
        </PageTitle>
        {languages.length > 1 && (
          <SegmentedControl
            size="xs"
            aria-label={texts.languages[shown]}
            value={shown}
            data={languages.map((value) => ({ value, label: texts.languages[value] }))}
            onChange={(value) => setChosen(value === 'es' ? 'es' : 'en')}
          />
        )}
      </Group>
      {shown !== language && languages.length === 1 && <Text className="quiet">{texts.onlyIn(shown)}</Text>}
      <div lang={shown}>
        <Markdown text={text?.body ?? ''} />
      </div>
      <About article={article} />
      {isWriter && <Writers article={article} />}
    </Stack>
  );
}

function About({ article }: { readonly article: WireGuideArticle }) {
  const texts = useTexts(guideTexts);
  const { tags, queues, flows, changedAt, changedBy, version } = article;
  return (
    <Stack gap={6} component="footer">
      {tags.length > 0 && (
        <Group gap={6}>
          {tags.map((tag) => (
            <TagLink key={tag} tag={tag} />
          ))}
        </Group>
      )}
      <Places title={texts.queues} names={queues} />
      <Places title={texts.flows} names={flows} />
      <Text size="sm" className="quiet">
        {texts.changed} <Moment time={changedAt} /> {texts.by(changedBy)} · {texts.version(version)}
      </Text>
    </Stack>
  );
}

function Places({ title, names }: { readonly title: string; readonly names: readonly string[] }) {
  if (names.length === 0) return null;
  return (
    <Group gap={6}>
      <Text size="sm" className="quiet">
        {title}:
      </Text>
      {names.map((name) => (
        <Badge key={name} variant="default" tt="none">
          {name}
        </Badge>
      ))}
    </Group>
  );
}

function Writers({ article: { id, version } }: { readonly article: WireGuideArticle }) {
  const texts = useTexts(guideTexts);
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [isAsked, setAsked] = useState(false);
  const removal = useMutation({
    mutationFn: () => ask(`${articlePath(id)}?version=${version}`, { method: 'DELETE' }),
    onSuccess: async () => {
      await navigate({ to: '/agent/guide' });
      queries.removeQueries({ queryKey: ['guide', 'article', id] });
      await queries.invalidateQueries({ queryKey: ['guide'] });
    },
  });
  return (
    <Stack gap="sm">
      <Group>
        <Button renderRoot={(props) => <Link to="/supervisor/guide" search={{ article: id }} {...props} />}>
          {texts.edit}
        </Button>
        {!isAsked && (
          <Button variant="default" onClick={() => setAsked(true)}>
            {texts.remove}
          </Button>
        )}
      </Group>
      {isAsked && (
        <Alert color="red" role="alert" title={texts.removeSure}>
          <Group>
            <Button color="red" loading={removal.isPending} onClick={() => removal.mutate()}>
              {texts.remove}
            </Button>
            <Button variant="default" onClick={() => setAsked(false)}>
              {texts.cancel}
            </Button>
          </Group>
          {removal.error && <Text>{removal.error.message}</Text>}
        </Alert>
      )}
      <History id={id} version={version} />
    </Stack>
  );
}
