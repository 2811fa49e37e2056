// The floor as it is at this moment: queues, agents, conversations, those who wait; and what a supervisor does about it.
import { Alert, Button, Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { IconDeviceTv, IconSpeakerphone, IconUrgent } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useLive, useLiveOne } from '../live/live.js';
import { useTexts } from '../texts/language.js';
import { ActingFrame, useActing } from './acts/act.js';
import { EmergencyForm, NoticeForm } from './acts/forms.js';
import { AlarmBell, Alarms } from './alarms.js';
import { Callbacks } from './callbacks.js';
import { useShownQueues } from './figures.js';
import { Queues } from './queues.js';
import { Agents } from './tables/agents.js';
import { Talks } from './tables/talks.js';
import { Waiting } from './tables/waiting.js';
import { supervisorTexts } from './texts.js';
import { Unaccounted } from './unaccounted.js';
import { Written } from './written.js';
import './supervisor.css';
import { PageTitle } from '../shell/page-title.js';

export function Floor() {
  return (
    <ActingFrame>
      <Stack>
        <Head />
        <Emergency />
        <Notices />
        <QueuesNow />
        <SimpleGrid cols={{ base: 1, lg: 2 }}>
          <Agents />
          <Talks />
        </SimpleGrid>
        <Written />
        <Callbacks />
        <Waiting />
      </Stack>
    </ActingFrame>
  );
}

function Head() {
  const texts = useTexts(supervisorTexts);
  const { open } = useActing();
  const emergency = useLiveOne('emergency', 'emergency');
  return (
    <Group justify="space-between">
      <Group>
        <PageTitle>{texts.floor}</PageTitle>
        <Unaccounted />
      </Group>
      <Group gap="xs">
        <Button variant="default" leftSection={<IconSpeakerphone size={18} />} onClick={() => open(<NoticeForm />)}>
          {texts.notice}
        </Button>
        {emergency === undefined && (
          <Button variant="default" leftSection={<IconUrgent size={18} />} onClick={() => open(<EmergencyForm />)}>
            {texts.emergency}
          </Button>
        )}
        <Button variant="default" component={Link} to="/supervisor/wall" leftSection={<IconDeviceTv size={18} />}>
          {texts.wall}
        </Button>
        <AlarmBell />
      </Group>
    </Group>
  );
}

/** Looked at every second on its own: the rest of the page is not drawn anew for it. */
function QueuesNow() {
  const queues = useShownQueues();
  return (
    <>
      <Alarms queues={queues} />
      <Queues queues={queues} />
    </>
  );
}

function Emergency() {
  const texts = useTexts(supervisorTexts);
  const { confirm } = useActing();
  const emergency = useLiveOne('emergency', 'emergency');
  if (emergency === undefined) return null;
  const act = { path: '/api/emergency', method: 'DELETE' } as const;
  return (
    <Alert variant="default" className="trouble" title={texts.emergencyOn} role="alert">
      <Group justify="space-between">
        <Text size="sm">
          {Object.values(emergency.texts).join(' · ')} ({emergency.by})
        </Text>
        <Button
          color="red.9"
          size="xs"
          onClick={() => confirm({ title: texts.emergencyOff, text: texts.sureEmergencyOff, act })}
        >
          {texts.emergencyOff}
        </Button>
      </Group>
    </Alert>
  );
}

/** Those that are shown to everybody, here with a way to take them back. */
function Notices() {
  const texts = useTexts(supervisorTexts);
  const { act } = useActing();
  return [...useLive('notice')].map(([id, { text }]) => (
    <Group key={id} gap="xs">
      <Text size="sm">“{text}”</Text>
      <Button size="compact-xs" variant="default" onClick={() => act({ path: `/api/notices/${id}`, method: 'DELETE' })}>
        {texts.takeBack}
      </Button>
    </Group>
  ));
}
