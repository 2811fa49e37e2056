// Plays a sound that is fetched when somebody wants to hear it, with its wave and a position that keys can move.
import '../history/history.css';
import { ActionIcon, Alert, Group, Slider, Stack, Text } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { WavePicture } from '../history/wave-picture.js';
import { clockText } from '../texts/duration.js';
import { useTexts } from '../texts/language.js';
import { promptTexts } from './texts.js';

const STEP_S = 0.05;

export interface SoundPlayerProps {
  /** Of whose sound, for those who do not see it. */
  readonly label: string;
  readonly load: () => Promise<Blob>;
  readonly durationMs: number;
  readonly peaks: readonly number[];
}

/** To be given a new `key` when the sound is another one. */
export function SoundPlayer({ label, load, durationMs, peaks }: SoundPlayerProps) {
  const texts = useTexts(promptTexts);
  const { audio, url, toggle, isPlaying, isFailed, atS, seek, on } = useSound(load);
  const durationS = durationMs / 1_000;
  return (
    <Stack gap={4}>
      <audio ref={audio} {...(url === undefined ? {} : { src: url })} {...on} />
      <Group wrap="nowrap" gap="sm">
        <ActionIcon
          size="xl"
          radius="xl"
          aria-label={`${isPlaying ? texts.pause : texts.play}: ${label}`}
          onClick={toggle}
        >
          {isPlaying ? <IconPlayerPause aria-hidden /> : <IconPlayerPlay aria-hidden />}
        </ActionIcon>
        <Stack gap={2} flex={1} miw={0}>
          <WavePicture wave={{ durationMs, peaks: [...peaks] }} pauses={[]} atMs={atS * 1_000} onSeek={seek} />
          <Slider
            thumbLabel={`${texts.position}: ${label}`}
            size="xs"
            min={0}
            max={Math.max(STEP_S, durationS)}
            step={STEP_S}
            value={Math.min(atS, durationS)}
            label={(value) => `${value.toFixed(1)} s`}
            onChange={seek}
          />
        </Stack>
        <Text size="sm" className="figure">
          {durationS < 10 ? `${durationS.toFixed(1)} s` : clockText(durationS)}
        </Text>
      </Group>
      {isFailed && (
        <Alert color="red" role="alert">
          {texts.soundFailed}
        </Alert>
      )}
    </Stack>
  );
}

function useSound(load: () => Promise<Blob>) {
  const audio = useRef<HTMLAudioElement>(null);
  const [url, setUrl] = useState<string>();
  const [is, setIs] = useState<'still' | 'playing' | 'failed'>('still');
  const [atS, setAtS] = useState(0);
  useEffect(() => () => (url === undefined ? undefined : URL.revokeObjectURL(url)), [url]);
  // As soon as what was fetched is there.
  useEffect(() => {
    if (url !== undefined) audio.current?.play().catch(() => setIs('failed'));
  }, [url]);
  const toggle = (): void => {
    const player = audio.current;
    if (player === null) return;
    if (url === undefined) {
      load().then(
        (blob) => setUrl(URL.createObjectURL(blob)),
        () => setIs('failed'),
      );
    } else if (player.paused) player.play().catch(() => setIs('failed'));
    else player.pause();
  };
  const seek = (toS: number): void => {
    if (audio.current !== null && url !== undefined) audio.current.currentTime = toS;
    setAtS(toS);
  };
  const on = {
    onPlay: () => setIs('playing'),
    onPause: () => setIs('still'),
    onEnded: () => setIs('still'),
    onError: () => setIs('failed'),
    onTimeUpdate: ({ currentTarget }: { readonly currentTarget: HTMLAudioElement }) =>
      setAtS(currentTarget.currentTime),
  };
  return { audio, url, toggle, isPlaying: is === 'playing', isFailed: is === 'failed', atS, seek, on };
}
