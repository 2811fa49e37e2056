// The call that goes on, and all that can be done with it.
import { Badge, Button, Group, Paper, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import {
  IconArrowForwardUp,
  IconDialpad,
  IconMicrophone,
  IconMicrophoneOff,
  IconPhoneOff,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlayerRecord,
} from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import type { DeskTalk } from '../../contract/live/desk.js';
import { KeyPad } from '../phone/key-pad.js';
import { usePhone } from '../phone/phone-provider.js';
import { Since } from '../texts/duration.js';
import { useLanguage, useTexts } from '../texts/language.js';
import type { Acting, CallProps } from './acting.js';
import { Colleagues } from './colleagues.js';
import { CustomerHead } from './customer.js';
import { NoteBox } from './note-box.js';
import { Passing } from './passing.js';
import { deskTexts } from './texts.js';
import { Written } from './written.js';

/** States in which a conversation is here and can be changed. */
const CHANGEABLE: ReadonlySet<DeskTalk['state']> = new Set(['talking', 'on-hold', 'calling', 'consulting', 'together']);

export function CallCard({ talk, agent, acting }: CallProps) {
  const texts = useTexts(deskTexts);
  const { language } = useLanguage();
  const { state, queue, queueTitle, handover } = talk;
  return (
    <Paper component="section" withBorder p="md" aria-label={texts.call}>
      <Stack>
        <Group justify="space-between">
          <Title order={2} size="h4">
            {texts.call}
          </Title>
          <Group gap="xs">
            {queue !== undefined && <Badge variant="default">{queueTitle?.[language] ?? queue}</Badge>}
            <RecordingBadge recording={talk.recording} />
          </Group>
        </Group>
        <CustomerHead customer={talk.customer} />
        <Group gap="xs">
          <Badge size="lg" color={state === 'on-hold' ? 'orange' : 'cyan'}>
            {texts.talk[state]}
          </Badge>
          <Text fw={600}>
            <Since time={talk.since} />
          </Text>
          {talk.muted && <Badge color="red">{texts.muted}</Badge>}
        </Group>
        {handover !== undefined && (
          <Text className="long-text">
            {texts.handover(handover.by)}
            {handover.note === undefined ? '' : `: “${handover.note}”`}
          </Text>
        )}
        <span className="heard-only" role="status">
          {`${texts.talk[state]}. ${talk.muted ? texts.muted : ''} ${texts.recording[talk.recording]}`}
        </span>
        {CHANGEABLE.has(state) ? <Doings talk={talk} agent={agent} acting={acting} /> : <HangUpHere />}
        {talk.canWrite && <Written talk={talk} acting={acting} />}
        <NoteBox interaction={talk.interaction} />
      </Stack>
    </Paper>
  );
}

/** Calls that are no conversation of a queue, at the phone in this page. */
function HangUpHere() {
  const texts = useTexts(deskTexts);
  const { call, hangUp } = usePhone();
  if (call === undefined || call.state === 'ended') return null;
  return (
    <Button color="red" leftSection={<IconPhoneOff size={18} />} onClick={hangUp}>
      {texts.hangUp}
    </Button>
  );
}

function RecordingBadge({ recording }: Pick<DeskTalk, 'recording'>) {
  const texts = useTexts(deskTexts);
  if (recording === 'off') return null;
  const paused = recording === 'paused';
  const icon = paused ? <IconPlayerPause size={14} /> : <IconPlayerRecord size={14} />;
  return (
    <Badge color={paused ? 'orange' : 'red'} leftSection={icon}>
      {texts.recording[recording]}
    </Badge>
  );
}

function Doings({ talk, agent, acting }: CallProps) {
  const texts = useTexts(deskTexts);
  const [shows, setShows] = useState<'nothing' | 'keypad' | 'passing'>('nothing');
  const toggle = (what: 'keypad' | 'passing'): void => setShows((now) => (now === what ? 'nothing' : what));
  const mayPass = talk.leads && ['talking', 'on-hold', 'together'].includes(talk.state);
  return (
    <Stack>
      <Colleagues talk={talk} agent={agent} acting={acting} />
      <SimpleGrid cols={{ base: 2, xl: 3 }} spacing="xs">
        <Basics talk={talk} acting={acting} />
        <Button
          variant={shows === 'keypad' ? 'filled' : 'default'}
          aria-expanded={shows === 'keypad'}
          leftSection={<IconDialpad size={18} />}
          onClick={() => toggle('keypad')}
        >
          {texts.keypad}
        </Button>
        {mayPass && (
          <Button
            variant={shows === 'passing' ? 'filled' : 'default'}
            aria-expanded={shows === 'passing'}
            leftSection={<IconArrowForwardUp size={18} />}
            onClick={() => toggle('passing')}
          >
            {texts.transfer}
          </Button>
        )}
        <Button
          color="red"
          leftSection={<IconPhoneOff size={18} />}
          loading={acting.busy === 'hangup'}
          onClick={() => void acting.act('hangup', `/api/calls/${talk.interaction}/hangup`)}
        >
          {talk.state === 'together' || !talk.leads ? texts.leave : texts.hangUp}
        </Button>
      </SimpleGrid>
      {shows === 'keypad' && (
        <KeyPad onKey={(digits) => void acting.act('digits', `/api/calls/${talk.interaction}/digits`, { digits })} />
      )}
      {shows === 'passing' && mayPass && (
        <Passing talk={talk} agent={agent} acting={acting} done={() => setShows('nothing')} />
      )}
    </Stack>
  );
}

/** Microphone, hold, recording. */
function Basics({ talk, acting }: Pick<CallProps, 'talk' | 'acting'>) {
  const texts = useTexts(deskTexts);
  const { interaction, muted, state, recording, leads } = talk;
  const held = state === 'on-hold';
  const paused = recording === 'paused';
  return (
    <>
      <Switch
        name={muted ? 'unmute' : 'mute'}
        path={`/api/calls/${interaction}/${muted ? 'unmute' : 'mute'}`}
        icon={muted ? <IconMicrophone size={18} /> : <IconMicrophoneOff size={18} />}
        isOn={muted}
        acting={acting}
      >
        {muted ? texts.unmute : texts.mute}
      </Switch>
      {leads && (state === 'talking' || held) && (
        <Switch
          name={held ? 'unhold' : 'hold'}
          path={`/api/calls/${interaction}/${held ? 'unhold' : 'hold'}`}
          icon={held ? <IconPlayerPlay size={18} /> : <IconPlayerPause size={18} />}
          isOn={held}
          acting={acting}
        >
          {held ? texts.unhold : texts.hold}
        </Switch>
      )}
      {recording !== 'off' && (
        <Switch
          name="recording"
          path={`/api/calls/${interaction}/recording`}
          body={{ action: paused ? 'resume' : 'pause' }}
          icon={<IconPlayerRecord size={18} />}
          isOn={paused}
          acting={acting}
        >
          {paused ? texts.resumeRecording : texts.pauseRecording}
        </Switch>
      )}
    </>
  );
}

interface SwitchProps {
  readonly name: string;
  readonly path: string;
  readonly body?: object;
  readonly icon: ReactNode;
  readonly isOn: boolean;
  readonly acting: Acting;
  readonly children: ReactNode;
}

function Switch({ name, path, body = {}, icon, isOn, acting, children }: SwitchProps) {
  return (
    <Button
      variant={isOn ? 'filled' : 'default'}
      leftSection={icon}
      loading={acting.busy === name}
      onClick={() => void acting.act(name, path, body)}
    >
      {children}
    </Button>
  );
}
