// Where the person of this browser speaks, hears and is rung, with a look and an ear whether it works.
import { Alert, Button, Group, NativeSelect, Progress, Stack, Text } from '@mantine/core';
import { IconBell, IconVolume } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { useTexts } from '../texts/language.js';
import type { AudioRole } from './audio/choices.js';
import { type AudioDevice, sorted, useDeviceInfos, useVoice, type Voice } from './audio/devices.js';
import { GoneDevices } from './audio/gone.js';
import { RingTone } from './audio/ring-tone.js';
import { usePhone } from './phone-provider.js';
import { phoneTexts } from './texts.js';

/** A voice at a usual distance is above it. */
const HEARD_FROM = 0.25;
const TRY_MS = 1_500;

/** Inside of a PhoneProvider. The browser asks for the microphone as soon as it is shown. */
export function AudioSettings() {
  const texts = useTexts(phoneTexts);
  const { audio, call } = usePhone();
  const [round, setRound] = useState(0);
  const voice = useVoice(audio.microphone, round);
  const { microphones, speakers } = sorted(useDeviceInfos(voice.state));
  const canChoose = 'setSinkId' in HTMLMediaElement.prototype;
  return (
    <Stack component="section" aria-label={texts.settings} gap="sm">
      <Choice of="microphone" devices={microphones} />
      <VoiceLevel voice={voice} isMuted={call?.muted === true} onAgain={() => setRound(round + 1)} />
      {canChoose ? (
        <>
          <Group align="end">
            <Choice of="speaker" devices={speakers} />
            <TrySound of="speaker" />
          </Group>
          <Group align="end">
            <Choice of="ringer" devices={speakers} />
            <TrySound of="ringer" />
          </Group>
        </>
      ) : (
        <Text size="sm">{texts.notChosen}</Text>
      )}
      <GoneDevices />
    </Stack>
  );
}

function Choice({ of: role, devices }: { readonly of: AudioRole; readonly devices: readonly AudioDevice[] }) {
  const texts = useTexts(phoneTexts);
  const { audio, choose } = usePhone();
  const chosen = audio[role] ?? '';
  const isThere = devices.some(({ id }) => id === chosen);
  return (
    <NativeSelect
      label={texts.roles[role]}
      flex="1 1 12rem"
      // What was chosen and is not plugged in now is not used now either.
      value={isThere ? chosen : ''}
      data={[
        { value: '', label: texts.byDefault },
        ...devices.map(({ id, label }, at) => ({ value: id, label: label === '' ? texts.unnamed(at + 1) : label })),
      ]}
      onChange={({ currentTarget }) => choose(role, currentTarget.value)}
    />
  );
}

interface VoiceLevelProps {
  readonly voice: Voice;
  /** In the call: whatever is said, nobody hears it. */
  readonly isMuted: boolean;
  readonly onAgain: () => void;
}

function VoiceLevel({ voice, isMuted, onAgain }: VoiceLevelProps) {
  const texts = useTexts(phoneTexts);
  if (voice.state === 'asking') return <Text size="sm">{texts.allowWhy}</Text>;
  if (voice.state === 'failed') {
    return (
      <Alert color="red" role="alert">
        <Stack gap="xs" align="start">
          {texts[voice.reason]}
          <Button size="xs" onClick={onAgain}>
            {texts.again}
          </Button>
        </Stack>
      </Alert>
    );
  }
  return isMuted ? <Level level={0} isMuted /> : <Level level={voice.level} />;
}

function Level({ level, isMuted = false }: { readonly level: number; readonly isMuted?: boolean }) {
  const texts = useTexts(phoneTexts);
  const best = useRef(0);
  best.current = Math.max(best.current, level);
  const isHeard = best.current >= HEARD_FROM && !isMuted;
  return (
    <Stack gap={4}>
      <Progress.Root size="lg" transitionDuration={50}>
        <Progress.Section value={level * 100} color={isHeard ? 'green' : 'gray'} aria-label={texts.level} />
      </Progress.Root>
      <Text size="sm" role="status">
        {isMuted ? texts.muted : isHeard ? texts.heard : texts.silent}
      </Text>
    </Stack>
  );
}

function TrySound({ of: role }: { readonly of: 'speaker' | 'ringer' }) {
  const texts = useTexts(phoneTexts);
  const { audio } = usePhone();
  const [isPlaying, setPlaying] = useState(false);
  const play = (): void => {
    const tone = new RingTone();
    tone.start(audio[role]);
    setPlaying(true);
    setTimeout(() => {
      tone.stop();
      setPlaying(false);
    }, TRY_MS);
  };
  const Icon = role === 'ringer' ? IconBell : IconVolume;
  return (
    <Button variant="default" leftSection={<Icon size={18} />} disabled={isPlaying} onClick={play}>
      {role === 'ringer' ? texts.tryRing : texts.trySpeaker}
    </Button>
  );
}
