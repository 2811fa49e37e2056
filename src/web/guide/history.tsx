// What was done to an article, what it said each time, and the way back.
import { Alert, Badge, Button, Group, Paper, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { WireGuideRevision } from '../../contract/guide/guide.js';
import { type GuideLanguage, readIn } from '../../core/guide/article.js';
import { ask } from '../session/http.js';
import { useLanguage, useTexts } from '../texts/language.js';
import { Moment } from '../texts/moment.js';
import { Folded } from './folded.js';
import { Markdown } from './markdown.js';
import { articlePath, revisionsQuery } from './queries.js';
import { guideTexts } from './texts.js';

export interface HistoryProps {
  readonly id: string;
  /** In force. */
  readonly version: number;
}

export function History({ id, version }: HistoryProps) {
  const texts = useTexts(guideTexts);
  return (
    <Folded title={texts.history}>
      <Revisions id={id} version={version} />
    </Folded>
  );
}

function Revisions({ id, version }: HistoryProps) {
  const queries = useQueryClient();
  const { data, error } = useQuery(revisionsQuery(id));
  const restoring = useMutation({
    mutationFn: (of: number) => ask(`${articlePath(id)}/restore`, { method: 'POST', body: { version, of } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['guide'] }),
  });
  const fault = error ?? restoring.error;
  return (
    <Stack gap="xs">
      {fault !== null && <Alert color="red">{fault.message}</Alert>}
      {data?.map((revision) => (
        <Revision
          key={revision.version}
          revision={revision}
          isNow={revision.version === version}
          isBusy={restoring.isPending}
          restore={() => restoring.mutate(revision.version)}
        />
      ))}
    </Stack>
  );
}

interface RevisionProps {
  readonly revision: WireGuideRevision;
  readonly isNow: boolean;
  readonly isBusy: boolean;
  readonly restore: () => void;
}

function Revision({ revision, isNow, isBusy, restore }: RevisionProps) {
  const texts = useTexts(guideTexts);
  const { language } = useLanguage();
  const [isShown, setShown] = useState(false);
  const { version, act, by, at, note } = revision;
  const why = act === 'restored' ? texts.version(note) : note;
  return (
    <Paper withBorder p="sm">
      <Group justify="space-between">
        <Text size="sm" className="long-text">
          <b>{texts.acts[act]}</b> {texts.by(by)} · <Moment time={at} /> · {texts.version(version)}
          {why !== '' && ` · ${why}`}
        </Text>
        <Group gap="xs">
          {isNow && <Badge variant="light">{texts.now}</Badge>}
          {!isNow && (
            <>
              <Button
                size="compact-sm"
                variant="subtle"
                aria-expanded={isShown}
                aria-label={texts.showVersion(version)}
                onClick={() => setShown(!isShown)}
              >
                {texts.show}
              </Button>
              <Button size="compact-sm" variant="default" loading={isBusy} onClick={restore}>
                {texts.restoreVersion(version)}
              </Button>
            </>
          )}
        </Group>
      </Group>
      {isShown && <Said texts={revision.texts} language={language} />}
    </Paper>
  );
}

function Said({ texts, language }: { readonly texts: WireGuideRevision['texts']; readonly language: GuideLanguage }) {
  const shown = readIn({ texts }, language);
  return (
    <Stack gap="xs" pt="sm" lang={shown}>
      <Text fw={600}>{texts[shown]?.title}</Text>
      <Markdown text={texts[shown]?.body ?? ''} level={3} />
    </Stack>
  );
}
