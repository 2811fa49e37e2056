// Today beside yesterday at a glance: figures with their formulas, drawings by quarter of an hour, tables.
import './figures.css';
import {
  Alert,
  Button,
  Group,
  Loader,
  NativeSelect,
  Paper,
  SegmentedControl,
  Stack,
  Switch,
  Text,
  Title,
} from '@mantine/core';
import { IconChartBar, IconDownload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { WireFigures } from '../../contract/figures/figures.js';
import { useLive } from '../live/live.js';
import { PageTitle } from '../shell/page-title.js';
import { useLanguage, useTexts } from '../texts/language.js';
import { Charts } from './charts.js';
import { type Day, dayOf, isNothing } from './day.js';
import { csvAddress, figuresQuery, UNCOUNTED_TOLD } from './queries.js';
import { QuarterTable, QueueTable } from './tables.js';
import { figureTexts } from './texts.js';
import { Tiles } from './tiles.js';

export function Figures() {
  const texts = useTexts(figureTexts);
  const today = useQuery(figuresQuery('today'));
  const yesterday = useQuery(figuresQuery('yesterday'));
  return (
    <Stack className="figures">
      <div>
        <PageTitle>{texts.title}</PageTitle>
        <Text className="figures-quiet">{texts.intro}</Text>
      </div>
      {(today.isError || yesterday.isError) && (
        <Alert color="red" role="alert">
          {texts.failed}
        </Alert>
      )}
      {today.data !== undefined && yesterday.data !== undefined ? (
        <Days today={today.data} yesterday={yesterday.data} />
      ) : (
        !today.isError && !yesterday.isError && <Loader />
      )}
    </Stack>
  );
}

interface DaysProps {
  readonly today: WireFigures;
  readonly yesterday: WireFigures;
}

function Days({ today, yesterday }: DaysProps) {
  const texts = useTexts(figureTexts);
  const [queue, setQueue] = useState<string>();
  const [how, setHow] = useState(false);
  const [view, setView] = useState<'charts' | 'table'>('charts');
  const { names, titleOf } = useQueues(today, yesterday);
  const days = useMemo(
    () => ({ today: dayOf(today, queue), yesterday: dayOf(yesterday, queue) }),
    [today, yesterday, queue],
  );
  const nothing = [days.today.total, days.yesterday.total].every(isNothing);
  return (
    <>
      <Group align="end" gap="md">
        <NativeSelect
          label={texts.queue}
          value={queue ?? ''}
          data={[
            { value: '', label: texts.allQueues },
            ...names.map((name) => ({ value: name, label: titleOf(name) })),
          ]}
          onChange={({ currentTarget }) => setQueue(currentTarget.value === '' ? undefined : currentTarget.value)}
        />
        <SegmentedControl
          aria-label={texts.show}
          value={view}
          data={[
            { value: 'charts', label: texts.charts },
            { value: 'table', label: texts.table },
          ]}
          onChange={(value) => setView(value === 'table' ? 'table' : 'charts')}
        />
        <Button
          component="a"
          variant="default"
          leftSection={<IconDownload size={16} />}
          href={csvAddress({ from: yesterday.from, to: today.to }, queue)}
          download
        >
          {texts.csv}
        </Button>
        <Switch
          label={texts.how}
          checked={how}
          onChange={({ currentTarget }) => setHow(currentTarget.checked)}
          mb={8}
        />
      </Group>
      <div aria-live="polite">
        {today.uncounted > UNCOUNTED_TOLD && <Alert color="yellow">{texts.counting(today.uncounted)}</Alert>}
      </div>
      {nothing ? (
        <Nothing />
      ) : (
        <>
          <Tiles today={days.today.total} yesterday={days.yesterday.total} how={how} />
          <View {...{ today, yesterday, days, view, how }} isAll={queue === undefined} titleOf={titleOf} />
        </>
      )}
      <Text size="sm" className="figures-quiet">
        {texts.zone(today.timeZone)}
      </Text>
    </>
  );
}

interface ViewProps extends DaysProps {
  readonly days: { readonly today: Day; readonly yesterday: Day };
  readonly view: 'charts' | 'table';
  readonly how: boolean;
  /** Not of one queue only. */
  readonly isAll: boolean;
  readonly titleOf: (queue: string) => string;
}

function View({ today, yesterday, days, view, how, isAll, titleOf }: ViewProps) {
  const texts = useTexts(figureTexts);
  return (
    <>
      {view === 'charts' ? (
        <Charts {...days} how={how} />
      ) : (
        <>
          <QuarterTable name={texts.today} day={days.today} />
          <QuarterTable name={texts.yesterday} day={days.yesterday} />
        </>
      )}
      {isAll && (
        <>
          <QueueTable name={texts.today} queues={today.queues} titleOf={titleOf} />
          <QueueTable name={texts.yesterday} queues={yesterday.queues} titleOf={titleOf} />
        </>
      )}
    </>
  );
}

function Nothing() {
  const texts = useTexts(figureTexts);
  return (
    <Paper withBorder p="xl">
      <Group wrap="nowrap" align="start">
        <IconChartBar size={40} aria-hidden="true" />
        <div>
          <Title order={2} size="h3">
            {texts.empty}
          </Title>
          <Text maw={640}>{texts.emptyWhy}</Text>
        </div>
      </Group>
    </Paper>
  );
}

/** Those of the centre, and those that only the figures still know. */
function useQueues(today: WireFigures, yesterday: WireFigures) {
  const { language } = useLanguage();
  const live = useLive('queue');
  const names = [
    ...new Set([...live.keys(), ...[today, yesterday].flatMap(({ queues }) => queues.map(({ queue }) => queue))]),
  ];
  return { names, titleOf: (queue: string): string => live.get(queue)?.title[language] ?? queue };
}
