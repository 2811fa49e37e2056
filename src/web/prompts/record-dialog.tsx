// Recording in the browser: the text to read out, the level, then the take to listen to before it is kept.
import { Alert, Blockquote, Button, Checkbox, Group, Modal, Progress, Stack, Text } from '@mantine/core';
import { IconMicrophone, IconPlayerStop } from '@tabler/icons-react';
import { useState } from 'react';
import { durationMsOf, type Sound } from '../../core/sound/sound.js';
import { peaksOf } from '../../core/sound/wave.js';
import { clockText } from '../texts/duration.js';
import { useTexts } from '../texts/language.js';
import { wavOf } from './browser-sound.js';
import { SoundPlayer } from './sound-player.js';
import { type Take, useRecorder } from './take.js';
import { promptTexts } from './texts.js';
import { Told } from './told.js';

const PEAKS = 300;
/** Of the level meter, 0 to 1: a voice at a usual distance, and one that is too near. */
const [HEARD_FROM, LOUD_FROM] = [0.4, 0.93];

export interface RecordDialogProps {
  readonly name: string;
  /** The language. */
  readonly title: string;
  /** To be read out; '' when nobody wrote it down. */
  readonly words: string;
  readonly isKeeping: boolean;
  /** Of the last take that was to be kept. */
  readonly error: Error | null;
  readonly onKeep: (wav: Blob) => void;
  readonly onClose: () => void;
}

export function RecordDialog({ name, title, words, isKeeping, error, onKeep, onClose }: RecordDialogProps) {
  const texts = useTexts(promptTexts);
  const recorder = useRecorder();
  const { take, start, stop } = recorder;
  return (
    <Modal
      opened
      onClose={onClose}
      title={texts.recording(name, title)}
      closeButtonProps={{ 'aria-label': texts.close }}
      size="lg"
      centered
    >
      <Stack>
        {words !== '' && (
          <div>
            <Text size="sm">{texts.readOut}</Text>
            <Blockquote p="sm" mt={4} className="prompt-text">
              {words}
            </Blockquote>
          </div>
        )}
        {(take.state === 'ready' || take.state === 'asking' || take.state === 'failed') && (
          <Button
            leftSection={<IconMicrophone size={18} aria-hidden />}
            loading={take.state === 'asking'}
            data-autofocus
            onClick={start}
          >
            {texts.start}
          </Button>
        )}
        {take.state === 'running' && <Running take={take} onStop={stop} />}
        <Text size="sm" role="status">
          {take.state === 'asking' ? texts.asking : take.state === 'reading' ? texts.reading : ''}
        </Text>
        {take.state === 'failed' && (
          <Alert color="red" role="alert">
            {take.reason === 'denied' ? texts.denied : texts.noMicrophone}
          </Alert>
        )}
        {take.state === 'taken' && <Told error={error} />}
        {take.state === 'taken' && <Taken {...{ take, isKeeping, onKeep, title }} onAgain={recorder.drop} />}
      </Stack>
    </Modal>
  );
}

interface RunningProps {
  readonly take: Extract<Take, { state: 'running' }>;
  readonly onStop: () => void;
}

function Running({ take: { level, peak, sinceMs }, onStop }: RunningProps) {
  const texts = useTexts(promptTexts);
  const colour = level >= LOUD_FROM ? 'red' : level >= HEARD_FROM ? 'green' : 'yellow';
  return (
    <>
      <Group wrap="nowrap">
        <Progress.Root size="xl" flex={1} transitionDuration={50}>
          <Progress.Section value={level * 100} color={colour} aria-label={texts.level} />
        </Progress.Root>
        <Text className="figure">{clockText(sinceMs / 1_000)}</Text>
      </Group>
      <Text size="sm" role="status">
        {peak >= LOUD_FROM ? texts.tooLoud : peak >= HEARD_FROM ? texts.goodLevel : texts.tooQuiet}
      </Text>
      <Button color="red" leftSection={<IconPlayerStop size={18} aria-hidden />} data-autofocus onClick={onStop}>
        {texts.stop}
      </Button>
    </>
  );
}

interface TakenProps {
  readonly take: Extract<Take, { state: 'taken' }>;
  readonly title: string;
  readonly isKeeping: boolean;
  readonly onKeep: (wav: Blob) => void;
  readonly onAgain: () => void;
}

function Taken({ take: { whole, sound }, title, isKeeping, onKeep, onAgain }: TakenProps) {
  const texts = useTexts(promptTexts);
  const [isTrimmed, setTrimmed] = useState(true);
  const chosen: Sound = isTrimmed ? sound : whole;
  const cut = ((durationMsOf(whole) - durationMsOf(sound)) / 1_000).toFixed(1);
  return (
    <>
      <SoundPlayer
        key={String(isTrimmed)}
        label={title}
        load={async () => wavOf(chosen)}
        durationMs={durationMsOf(chosen)}
        peaks={peaksOf(chosen, PEAKS)}
      />
      <Checkbox
        label={texts.trim(cut)}
        checked={isTrimmed}
        onChange={({ currentTarget }) => setTrimmed(currentTarget.checked)}
      />
      <Group justify="flex-end">
        <Button variant="default" onClick={onAgain}>
          {texts.again}
        </Button>
        <Button loading={isKeeping} onClick={() => onKeep(wavOf(chosen))}>
          {texts.use}
        </Button>
      </Group>
    </>
  );
}
