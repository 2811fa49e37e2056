// The work-list: call-backs that are promised, lost customers, voicemails; live, for me, my queues, or everything.
import '../history/history.css';
import './owed.css';
import { Alert, Checkbox, Group, Loader, SegmentedControl, Stack, Text, Title } from '@mantine/core';
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { useLive } from '../live/live.js';
import { mayUse, personQuery } from '../session/session.js';
import { PageTitle } from '../shell/page-title.js';
import { useTexts } from '../texts/language.js';
import { CallbackCard } from './callback-card.js';
import { LostCard } from './lost-card.js';
import { type Scope, workListQuery } from './queries.js';
import { owedTexts } from './texts.js';
import { VoicemailCard } from './voicemail-card.js';

export function WorkList() {
  const texts = useTexts(owedTexts);
  const { data: person } = useQuery(personQuery);
  const isAgent = useLive('agent').has(person?.name ?? '');
  const maySeeAll = person != null && mayUse(person, 'supervisor');
  const [chosen, setScope] = useState<Scope>();
  const scope = chosen ?? (maySeeAll && !isAgent ? 'all' : 'queues');
  const [withDone, setWithDone] = useState(false);
  const { data, error } = useQuery({ ...workListQuery(scope, false), placeholderData: keepPreviousData });
  const { data: over } = useQuery({ ...workListQuery(scope, true), enabled: withDone });
  useFresh();
  const scopes: readonly Scope[] = maySeeAll ? ['mine', 'queues', 'all'] : ['mine', 'queues'];
  return (
    <Stack>
      <Group justify="space-between">
        <PageTitle>{texts.title}</PageTitle>
        <SegmentedControl
          aria-label={texts.scope}
          value={scope}
          onChange={(value) => setScope(value as Scope)}
          data={scopes.map((value) => ({ value, label: texts.scopes[value] }))}
        />
      </Group>
      {error !== null && <Alert color="red">{error.message}</Alert>}
      {data === undefined && error === null && <Loader aria-label={texts.title} />}
      {data !== undefined && (
        <div className="owed-lists">
          <List title={texts.callbacks} none={texts.nothing.callbacks}>
            {data.callbacks.map((item) => (
              <CallbackCard key={item.id} item={item} />
            ))}
          </List>
          <List title={texts.lost} none={texts.nothing.lost}>
            {data.lost.map((item) => (
              <LostCard key={item.interaction} item={item} />
            ))}
          </List>
          <List
            title={texts.voicemails}
            none={texts.nothing.voicemails}
            after={
              <>
                <Checkbox
                  label={texts.showDone}
                  checked={withDone}
                  onChange={({ currentTarget }) => setWithDone(currentTarget.checked)}
                />
                {withDone && over?.voicemails.length === 0 && <Text>{texts.nothingDone}</Text>}
                {withDone && over?.voicemails.map((item) => <VoicemailCard key={item.recording} item={item} />)}
              </>
            }
          >
            {data.voicemails.map((item) => (
              <VoicemailCard key={item.recording} item={item} />
            ))}
          </List>
        </div>
      )}
    </Stack>
  );
}

interface ListProps {
  readonly title: string;
  readonly none: string;
  readonly children: readonly ReactNode[];
  readonly after?: ReactNode;
}

function List({ title, none, children, after }: ListProps) {
  return (
    <Stack component="section" aria-label={title} gap="sm">
      <Title order={2} size="h4">
        {title} ({children.length})
      </Title>
      {children.length === 0 && <Text>{none}</Text>}
      {children}
      {after}
    </Stack>
  );
}

/** What others do is seen: the lists are read again when the live count has another stamp. */
function useFresh(): void {
  const queries = useQueryClient();
  const live = useLive('work');
  const stamp = [...live.values()].map((one) => one.stamp).join(' ');
  useEffect(() => {
    if (stamp !== '') void queries.invalidateQueries({ queryKey: ['work-list'] });
  }, [queries, stamp]);
}
