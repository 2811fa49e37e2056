// Articles that were removed, for those who may bring them back.
import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { WireGuideRemoved } from '../../contract/guide/guide.js';
import { ask } from '../session/http.js';
import { useLanguage, useTexts } from '../texts/language.js';
import { Moment } from '../texts/moment.js';
import { Folded } from './folded.js';
import { articlePath, removedQuery } from './queries.js';
import { guideTexts } from './texts.js';

export function Removed() {
  const texts = useTexts(guideTexts);
  return (
    <Folded title={texts.removed}>
      <RemovedList />
    </Folded>
  );
}

function RemovedList() {
  const texts = useTexts(guideTexts);
  const { language } = useLanguage();
  const queries = useQueryClient();
  const { data, error } = useQuery(removedQuery(language));
  const back = useMutation({
    mutationFn: ({ id, version }: WireGuideRemoved) =>
      ask(`${articlePath(id)}/restore`, { method: 'POST', body: { version, of: version } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['guide'] }),
  });
  const fault = error ?? back.error;
  return (
    <Stack gap="xs">
      {fault !== null && <Alert color="red">{fault.message}</Alert>}
      {data?.length === 0 && <Text size="sm">{texts.noneRemoved}</Text>}
      {data?.map((article) => (
        <Group key={article.id} justify="space-between">
          <Text size="sm" className="long-text">
            <b>{article.title}</b> · {texts.removedBy(article.removedBy)} <Moment time={article.removedAt} />
          </Text>
          <Button
            size="compact-sm"
            variant="default"
            aria-label={`${texts.bringBack}: ${article.title}`}
            loading={back.isPending && back.variables.id === article.id}
            onClick={() => back.mutate(article)}
          >
            {texts.bringBack}
          </Button>
        </Group>
      ))}
    </Stack>
  );
}
