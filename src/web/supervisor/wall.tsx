// The wall board: the same figures for a big screen, large, with nothing around them.
import { Anchor, Badge, Group, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useLiveOne } from '../live/live.js';
import { localeOf } from '../texts/clock.js';
import { Since, useNow } from '../texts/duration.js';
import { useLanguage, useTexts } from '../texts/language.js';
import { AlarmBell, Alarms } from './alarms.js';
import { percentText, type ShownQueue, useShownQueues } from './figures.js';
import { AgentStates } from './queues.js';
import { supervisorTexts } from './texts.js';
import { Unaccounted } from './unaccounted.js';
import './supervisor.css';
import { PageTitle } from '../shell/page-title.js';

export function Wall() {
  const texts = useTexts(supervisorTexts);
  const { language } = useLanguage();
  const queues = useShownQueues();
  const emergency = useLiveOne('emergency', 'emergency');
  const clock = new Date(useNow()).toLocaleTimeString(localeOf(language), { hour: '2-digit', minute: '2-digit' });
  return (
    <div className="wall">
      <Group justify="space-between">
        <PageTitle size="h3" className="figure">
          {texts.wallOf(clock)}
        </PageTitle>
        <Group>
          {emergency && (
            <Badge color="red.9" variant="filled" size="lg" tt="none">
              {texts.emergencyOn}
            </Badge>
          )}
          <Unaccounted />
          <AlarmBell />
          <Anchor component={Link} to="/supervisor" size="sm">
            {texts.back}
          </Anchor>
        </Group>
      </Group>
      <Alarms queues={queues} onWall />
      <div className="wall-queues">
        {queues.map((shown) => (
          <QueueBoard key={shown.queue.id} {...shown} />
        ))}
      </div>
    </div>
  );
}

function QueueBoard({ queue, figures, alarms }: ShownQueue) {
  const texts = useTexts(supervisorTexts);
  const { language } = useLanguage();
  const title = queue.title[language] ?? queue.id;
  return (
    <section aria-label={title} className={alarms.length > 0 ? 'wall-queue in-alarm' : 'wall-queue'}>
      <Title order={2} size="h2">
        {title}
      </Title>
      <dl className="wall-figures">
        <Figure label={texts.waiting} large>
          {queue.waiting}
        </Figure>
      </dl>
      <dl className="wall-figures">
        <Figure label={texts.longest}>
          {queue.longestSince === undefined ? texts.nobody : <Since time={queue.longestSince} />}
        </Figure>
        <Figure label={texts.level}>{percentText(figures?.serviceLevel) ?? texts.nobody}</Figure>
        <Figure label={texts.levelNow}>{percentText(figures?.serviceLevelNow) ?? texts.nobody}</Figure>
        <Figure label={texts.answered}>{figures?.answered ?? 0}</Figure>
        <Figure label={texts.abandoned}>{figures?.abandoned ?? 0}</Figure>
        <Figure label={texts.recovered}>{figures?.recovered ?? 0}</Figure>
      </dl>
      <AgentStates agents={queue.agents} />
    </section>
  );
}

interface FigureProps {
  readonly label: string;
  readonly large?: boolean;
  readonly children: ReactNode;
}

function Figure({ label, large = false, children }: FigureProps) {
  return (
    <div>
      <dt>{label}</dt>
      <dd className={large ? 'figure wall-large' : 'figure'}>{children}</dd>
    </div>
  );
}
