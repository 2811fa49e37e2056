// The agent's telephone on a page of its own: on and off, where it rings, how it sounds, and the call.
import { Alert, Badge, Button, Card, Container, Group, SimpleGrid, Stack, TextInput } from '@mantine/core';
import { IconMicrophone, IconMicrophoneOff, IconPhone, IconPhoneOff } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { PageTitle } from '../shell/page-title.js';
import { useTexts } from '../texts/language.js';
import { AudioSettings } from './audio-settings.js';
import { DeviceChoice } from './device-choice.js';
import { KeyPad } from './key-pad.js';
import { usePhone } from './phone-provider.js';
import type { PhoneCall, PhoneState } from './phone-view.js';
import { phoneTexts } from './texts.js';

export function PhonePage() {
  const texts = useTexts(phoneTexts);
  return (
    <Container size="lg" px={0}>
      <Stack>
        <PageTitle>{texts.phone}</PageTitle>
        <SimpleGrid cols={{ base: 1, md: 2 }}>
          <Stack>
            <Card withBorder>
              <OnAndOff />
            </Card>
            <Card withBorder>
              <DeviceChoice />
            </Card>
          </Stack>
          <Card withBorder>
            <AudioSettings />
          </Card>
        </SimpleGrid>
      </Stack>
    </Container>
  );
}

function OnAndOff() {
  const texts = useTexts(phoneTexts);
  const { phone, call, start, stop } = usePhone();
  const isOn = phone.state === 'ready' || phone.state === 'connecting';
  return (
    <Stack>
      <Group justify="space-between">
        <PhoneBadge phone={phone} />
        <Button variant={isOn ? 'default' : 'filled'} onClick={() => (isOn ? stop() : void start())}>
          {isOn ? texts.turnOff : texts.turnOn}
        </Button>
      </Group>
      {phone.state === 'failed' && <Alert color="red">{texts.failures[phone.reason]}</Alert>}
      {call === undefined ? phone.state === 'ready' && <Dial /> : <CallPanel call={call} />}
    </Stack>
  );
}

const COLOURS = { off: 'gray', connecting: 'yellow', ready: 'green', failed: 'red' } as const;

export function PhoneBadge({ phone }: { readonly phone: PhoneState }) {
  const texts = useTexts(phoneTexts);
  return (
    <Badge size="lg" variant="dot" color={COLOURS[phone.state]} role="status">
      {texts.states[phone.state]}
    </Badge>
  );
}

function Dial() {
  const texts = useTexts(phoneTexts);
  const { dial } = usePhone();
  const [number, setNumber] = useState('');
  const [isRefused, setRefused] = useState(false);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    dial(number)
      .then((isDialled) => setRefused(!isDialled))
      .catch(() => setRefused(true));
  };
  return (
    <form onSubmit={submit}>
      <Group align="end" wrap="nowrap">
        <TextInput
          label={texts.number}
          type="tel"
          flex={1}
          value={number}
          error={isRefused ? texts.notDialled : undefined}
          onChange={({ currentTarget }) => setNumber(currentTarget.value)}
        />
        <Button type="submit" leftSection={<IconPhone size={18} />}>
          {texts.dial}
        </Button>
      </Group>
    </form>
  );
}

function CallPanel({ call }: { readonly call: PhoneCall }) {
  const texts = useTexts(phoneTexts);
  const { answer, refuse, hangUp, mute, press } = usePhone();
  const isIncoming = call.state === 'ringing' && call.direction === 'in';
  return (
    <Stack role="region" aria-label={texts.call}>
      <div aria-live="assertive">
        <strong>{call.fromName === '' ? call.from : call.fromName}</strong> · {texts.callStates[call.state]}
        {call.link === 'lost' && <Alert color="yellow">{texts.mending}</Alert>}
      </div>
      <Group>
        {isIncoming && (
          <Button
            color="green"
            leftSection={<IconPhone size={18} />}
            onClick={() => void answer().catch(() => undefined)}
          >
            {texts.answer}
          </Button>
        )}
        {isIncoming && (
          <Button color="red" leftSection={<IconPhoneOff size={18} />} onClick={refuse}>
            {texts.refuse}
          </Button>
        )}
        {call.state === 'talking' && (
          <Button
            variant="default"
            aria-pressed={call.muted}
            leftSection={call.muted ? <IconMicrophoneOff size={18} /> : <IconMicrophone size={18} />}
            onClick={() => mute(!call.muted)}
          >
            {call.muted ? texts.unmute : texts.mute}
          </Button>
        )}
        {!isIncoming && call.state !== 'ended' && (
          <Button color="red" leftSection={<IconPhoneOff size={18} />} onClick={hangUp}>
            {texts.hangUp}
          </Button>
        )}
      </Group>
      {call.state === 'talking' && <KeyPad onKey={press} />}
    </Stack>
  );
}
