// What the agent is doing, since when, what comes next, and the wish for another state.
import { Badge, Button, Group, Menu, Paper, Stack, Text } from '@mantine/core';
import { IconCheck, IconChevronDown, IconCoffee, IconLogout2 } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { WireAgent } from '../../contract/agent.js';
import type { WireBreaks } from '../../contract/talk/desk.js';
import { GoneDevices } from '../phone/audio/gone.js';
import { usePhone } from '../phone/phone-provider.js';
import { phoneTexts } from '../phone/texts.js';
import { ask } from '../session/http.js';
import { Since, useNow } from '../texts/duration.js';
import { useLanguage, useTexts } from '../texts/language.js';
import type { Acting } from './acting.js';
import { nextText, reasonText } from './next.js';
import { deskTexts } from './texts.js';

const COLOURS: Readonly<Record<WireAgent['state'], string>> = {
  offline: 'gray',
  available: 'green',
  break: 'orange',
  ringing: 'yellow',
  busy: 'cyan',
  'wrap-up': 'violet',
};

export function StateBar({ agent, acting }: { readonly agent: WireAgent; readonly acting: Acting }) {
  const texts = useTexts(deskTexts);
  const { language } = useLanguage();
  const breaks = useBreaks();
  const { state, reason } = agent;
  return (
    <Paper component="section" withBorder p="md" aria-label={texts.state}>
      <Group justify="space-between" gap="md">
        <Stack gap={4}>
          <Group gap="xs">
            <Badge size="lg" color={COLOURS[state]}>
              {texts.states[state]}
            </Badge>
            {reason !== undefined && <Text>{reasonText(reason, breaks, language, texts)}</Text>}
            <Text fw={600}>
              <Since time={agent.since} />
            </Text>
          </Group>
          <Next agent={agent} />
        </Stack>
        <Group gap="lg">
          <PhoneSwitch acting={acting} />
          <Wishes agent={agent} acting={acting} breaks={breaks} />
        </Group>
      </Group>
      <span className="heard-only" role="status">
        {texts.states[state]}
      </span>
    </Paper>
  );
}

/** The telephone in this page: for those who have none on the table. */
function PhoneSwitch({ acting }: { readonly acting: Acting }) {
  const texts = useTexts(phoneTexts);
  const { phone, start, stop } = usePhone();
  const isOn = phone.state === 'ready' || phone.state === 'connecting';
  return (
    <Group gap="xs">
      <Badge variant="default" color="gray">
        {texts.phone}: {texts.states[phone.state]}
      </Badge>
      <Button size="xs" variant="default" onClick={() => (isOn ? stop() : acting.attempt(start))}>
        {isOn ? texts.turnOff : texts.turnOn}
      </Button>
      {phone.state === 'failed' && <Text size="sm">{texts.failures[phone.reason]}</Text>}
      {isOn && <GoneDevices />}
    </Group>
  );
}

function Next({ agent }: { readonly agent: WireAgent }) {
  const texts = useTexts(deskTexts);
  return (
    <Text size="sm" className="quiet figure">
      {nextText(agent, useNow(), texts)}
    </Text>
  );
}

interface WishesProps {
  readonly agent: WireAgent;
  readonly acting: Acting;
  readonly breaks: WireBreaks['breaks'];
}

function Wishes({ agent, acting, breaks }: WishesProps) {
  const texts = useTexts(deskTexts);
  const wished = agent.afterwards?.state ?? agent.state;
  const wish = (state: string, reason?: string): void => {
    const body = reason === undefined ? { state } : { state, reason };
    void acting.act(`wish ${state}`, `/api/agents/${agent.id}/state`, body);
  };
  return (
    <Group gap="xs">
      <Button
        variant={wished === 'available' ? 'filled' : 'default'}
        aria-pressed={wished === 'available'}
        leftSection={<IconCheck size={18} />}
        loading={acting.busy === 'wish available'}
        onClick={() => wish('available')}
      >
        {texts.beAvailable}
      </Button>
      <BreakMenu breaks={breaks} isWished={wished === 'break'} take={(reason) => wish('break', reason)} />
      <Button
        variant={wished === 'offline' ? 'filled' : 'default'}
        aria-pressed={wished === 'offline'}
        leftSection={<IconLogout2 size={18} />}
        loading={acting.busy === 'wish offline'}
        onClick={() => wish('offline')}
      >
        {texts.beOffline}
      </Button>
    </Group>
  );
}

interface BreakMenuProps {
  readonly breaks: WireBreaks['breaks'];
  readonly isWished: boolean;
  readonly take: (reason: string | undefined) => void;
}

/** Where the centre lists no breaks, there is only one. */
function BreakMenu({ breaks, isWished, take }: BreakMenuProps) {
  const texts = useTexts(deskTexts);
  const { language } = useLanguage();
  const variant = isWished ? 'filled' : 'default';
  const icon = <IconCoffee size={18} />;
  if (breaks.length === 0) {
    return (
      <Button variant={variant} aria-pressed={isWished} leftSection={icon} onClick={() => take(undefined)}>
        {texts.takeBreak}
      </Button>
    );
  }
  return (
    <Menu>
      <Menu.Target>
        <Button variant={variant} leftSection={icon} rightSection={<IconChevronDown size={16} />}>
          {texts.takeBreak}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {breaks.map(({ name, title, paid }) => (
          <Menu.Item key={name} onClick={() => take(name)} rightSection={paid ? texts.paid : undefined}>
            {title[language] ?? name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function useBreaks(): WireBreaks['breaks'] {
  const { data } = useQuery({ queryKey: ['breaks'], queryFn: () => ask<WireBreaks>('/api/breaks'), staleTime: 60_000 });
  return data?.breaks ?? [];
}
