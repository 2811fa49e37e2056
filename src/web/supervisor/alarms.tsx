// Alarms of the queues: shown and heard while they last, announced once when they begin, silent once somebody has seen them.
import { ActionIcon, Alert, Button, Group, Text } from '@mantine/core';
import { IconAlertTriangle, IconBell, IconBellOff } from '@tabler/icons-react';
import { memo } from 'react';
import type { LiveAlarm } from '../../contract/live/changes.js';
import type { AlarmKind } from '../../core/acd/wait/alarms.js';
import { useLive } from '../live/live.js';
import { timeText } from '../texts/clock.js';
import { useLanguage, useTexts } from '../texts/language.js';
import { useActing } from './acts/act.js';
import { type ShownQueue, useShownQueues } from './figures.js';
import { useAlarmSound } from './sound.js';
import { supervisorTexts } from './texts.js';

interface Line {
  readonly queue: string;
  readonly kind: AlarmKind;
  readonly title: string;
  /** Somebody has seen it. */
  readonly seen?: LiveAlarm['acknowledged'][number];
}

export function linesOf(
  queues: readonly ShownQueue[],
  seen: ReadonlyMap<string, LiveAlarm>,
  titleOf: (queue: ShownQueue['queue']) => string,
): readonly Line[] {
  return queues.flatMap(({ queue, alarms }) =>
    alarms.map((kind) => {
      const found = seen.get(queue.id)?.acknowledged.find((one) => one.kind === kind);
      return { queue: queue.id, kind, title: titleOf(queue), ...(found === undefined ? {} : { seen: found }) };
    }),
  );
}

function useLines(queues: readonly ShownQueue[]): readonly Line[] {
  const { language } = useLanguage();
  return linesOf(queues, useLive('alarm'), ({ id, title }) => title[language] ?? id);
}

/** Switches the sound on and off, and sounds; looks for itself every second, so that nothing around it is drawn anew. */
export function AlarmBell() {
  const texts = useTexts(supervisorTexts);
  const loud = useLines(useShownQueues()).filter(({ seen }) => seen === undefined);
  const sound = useAlarmSound(loud.map(({ queue, kind }) => `${queue} ${kind}`));
  const Bell = sound.isOn ? IconBell : IconBellOff;
  return (
    <ActionIcon
      variant="default"
      size="lg"
      aria-pressed={sound.isOn}
      aria-label={texts.alarmSound}
      title={texts.alarmSound}
      onClick={sound.toggle}
    >
      <Bell size="1.1rem" />
    </ActionIcon>
  );
}

/** A screen reader says what is added to the region, and nothing while it stays the same. */
export function Alarms({
  queues,
  onWall = false,
}: {
  readonly queues: readonly ShownQueue[];
  readonly onWall?: boolean;
}) {
  const texts = useTexts(supervisorTexts);
  const lines = useLines(queues);
  const isLoud = lines.some(({ seen }) => seen === undefined);
  return (
    <section aria-label={texts.alarms} className={lines.length === 0 ? 'no-alarms' : ''}>
      <div aria-live="assertive" aria-relevant="additions" className="alarms">
        {lines.length > 0 && (
          <Alert
            variant="default"
            className={isLoud ? 'trouble' : ''}
            icon={<IconAlertTriangle size="1.25rem" aria-hidden />}
            py="xs"
          >
            <Group gap="lg">
              {lines.map((line) => (
                <AlarmLine
                  key={`${line.queue} ${line.kind}`}
                  {...{ queue: line.queue, kind: line.kind, title: line.title, canAct: !onWall }}
                  {...(line.seen && { by: line.seen.by, until: line.seen.until })}
                />
              ))}
            </Group>
          </Alert>
        )}
      </div>
    </section>
  );
}

interface AlarmLineProps extends Pick<Line, 'queue' | 'kind' | 'title'> {
  readonly canAct: boolean;
  /** Who has seen it, and until when it is silent. */
  readonly by?: string;
  readonly until?: string;
}

/** Drawn again only when something of it changes: the waits beside it grow every second. */
const AlarmLine = memo(function AlarmLine({ queue, kind, title, canAct, by, until }: AlarmLineProps) {
  const texts = useTexts(supervisorTexts);
  const { language } = useLanguage();
  const { act } = useActing();
  const text = texts.alarm[kind](title);
  const path = `/api/queues/${queue}/alarms/${kind}/acknowledge`;
  return (
    <Group gap="xs">
      <Text size="sm" fw={by === undefined ? 600 : 400}>
        {text}
      </Text>
      {by !== undefined && until !== undefined && (
        <Text size="sm">({texts.seenBy(by, timeText(until, language))})</Text>
      )}
      {by === undefined && canAct && (
        <Button
          size="compact-xs"
          variant="default"
          aria-label={texts.seenOf(text)}
          onClick={() => act({ path, method: 'POST', body: {} })}
        >
          {texts.seen}
        </Button>
      )}
    </Group>
  );
});
