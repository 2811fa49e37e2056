// Plays a recording: its wave picture with the pauses marked, a position that keys can move, and the file.
import { ActionIcon, Alert, Anchor, Card, Group, NativeSelect, Slider, Stack, Text } from '@mantine/core';
import { IconDownload, IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import type { WireRecording } from '../../contract/history/recording.js';
import { useTexts } from '../texts/language.js';
import { recordingPath, waveQuery } from './queries.js';
import { historyTexts } from './texts.js';
import { WavePicture } from './wave-picture.js';
import { dotted, lengthText, When } from './words.js';

const SPEEDS = ['0.75', '1', '1.25', '1.5', '2'];
const STEP_S = 0.1;

export interface PlayerProps {
  readonly interaction: string;
  readonly recording: WireRecording;
}

export function Player({ interaction, recording }: PlayerProps) {
  const texts = useTexts(historyTexts);
  const { kind, startedAt, agents, queue, pauses, state } = recording;
  return (
    <Card withBorder padding="sm" component="article" aria-label={texts.kind[kind]}>
      <Text fw={600}>{dotted(texts.kind[kind], queue, agents.join(', '))}</Text>
      <Text size="sm">
        <When time={startedAt} />
      </Text>
      {state === 'ready' ? (
        <Sound interaction={interaction} recording={recording} />
      ) : (
        <Text size="sm">{texts.recordingStates[state]}</Text>
      )}
      {pauses.map(({ fromMs, toMs }) => (
        <Text key={fromMs} size="sm">
          {texts.paused}: {lengthText(fromMs)} – {toMs === undefined ? texts.toTheEnd : lengthText(toMs)}
        </Text>
      ))}
    </Card>
  );
}

function Sound({ interaction, recording }: PlayerProps) {
  const texts = useTexts(historyTexts);
  const audio = useRef<HTMLAudioElement>(null);
  const [atS, setAtS] = useState(0);
  const [is, setIs] = useState<'still' | 'playing' | 'failed'>('still');
  const { data: wave } = useQuery(waveQuery(interaction, recording.id));
  const durationS = (wave?.durationMs ?? recording.durationMs ?? 0) / 1_000;
  const path = `${recordingPath(interaction, recording.id)}/audio`;
  const toggle = (): void => {
    const player = audio.current;
    if (player === null) return;
    // A refusal is told by its `error` event.
    if (player.paused) player.play().catch(() => setIs((now) => (now === 'playing' ? 'still' : now)));
    else player.pause();
  };
  const seek = (toS: number): void => {
    if (audio.current !== null) audio.current.currentTime = toS;
    setAtS(toS);
  };
  const change = (speed: number): void => {
    if (audio.current !== null) audio.current.playbackRate = speed;
  };
  return (
    <Stack gap={6} mt={6}>
      {/* biome-ignore lint/a11y/useMediaCaption: nobody has written down what was said */}
      <audio
        ref={audio}
        src={path}
        preload="none"
        onPlay={() => setIs('playing')}
        onPause={() => setIs('still')}
        onError={() => setIs('failed')}
        onTimeUpdate={({ currentTarget }) => setAtS(currentTarget.currentTime)}
      />
      <Group wrap="nowrap" gap="sm">
        <ActionIcon
          size="xl"
          radius="xl"
          aria-label={is === 'playing' ? texts.pause : texts.play}
          title={texts.noted}
          onClick={toggle}
        >
          {is === 'playing' ? <IconPlayerPause aria-hidden /> : <IconPlayerPlay aria-hidden />}
        </ActionIcon>
        <Stack gap={2} flex={1} miw={0}>
          {wave && <WavePicture wave={wave} pauses={recording.pauses} atMs={atS * 1_000} onSeek={seek} />}
          <Slider
            thumbLabel={texts.position}
            size="xs"
            min={0}
            max={Math.max(STEP_S, durationS)}
            step={STEP_S}
            value={Math.min(atS, durationS)}
            label={(value) => lengthText(value * 1_000)}
            onChange={seek}
          />
        </Stack>
      </Group>
      <Below path={path} atS={atS} durationS={durationS} onSpeed={change} />
      {is === 'failed' && (
        <Alert color="red" role="alert">
          {texts.failed}
        </Alert>
      )}
    </Stack>
  );
}

interface BelowProps {
  readonly path: string;
  readonly atS: number;
  readonly durationS: number;
  readonly onSpeed: (speed: number) => void;
}

function Below({ path, atS, durationS, onSpeed }: BelowProps) {
  const texts = useTexts(historyTexts);
  const [speed, setSpeed] = useState('1');
  const change = (next: string): void => {
    setSpeed(next);
    onSpeed(Number(next));
  };
  return (
    <Group justify="space-between">
      <Text size="sm" className="figure">
        {lengthText(atS * 1_000)} / {lengthText(durationS * 1_000)}
      </Text>
      <Group gap="xs">
        <NativeSelect
          aria-label={texts.speed}
          size="xs"
          value={speed}
          data={SPEEDS.map((value) => ({ value, label: `${value}×` }))}
          onChange={({ currentTarget }) => change(currentTarget.value)}
        />
        <Anchor href={path} download size="sm">
          <IconDownload size={14} aria-hidden /> {texts.download}
        </Anchor>
      </Group>
    </Group>
  );
}
