// A prompt in one language: its recording beside its text, and how both were before.
import { Alert, Button, Card, FileButton, Group, NativeSelect, Stack, Text, Textarea, Title } from '@mantine/core';
import { IconMicrophone, IconTrash, IconUpload, IconVolume } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { WirePromptUse, WirePromptVersion, WireSoundReport } from '../../contract/prompt/prompt.js';
import { useLanguage, useTexts } from '../texts/language.js';
import { asWav, FILE_BYTES_MAX } from './browser-sound.js';
import { HeardBadge, languageName } from './heard.js';
import { History } from './history.js';
import { type Place, soundOf, speechOf, useRemove, useSetSound, useSetText } from './queries.js';
import { RecordDialog } from './record-dialog.js';
import { SoundPlayer } from './sound-player.js';
import { SpeechPlayer } from './speech-player.js';
import { promptTexts } from './texts.js';
import { Told } from './told.js';

const TEXT_MAX = 2_000;

export interface VersionProps {
  readonly name: string;
  readonly version: WirePromptVersion;
  readonly uses: readonly WirePromptUse[];
}

export function Version({ name, version, uses }: VersionProps) {
  const texts = useTexts(promptTexts);
  const { language: shown } = useLanguage();
  const { language, heard, sound, revision } = version;
  const title = languageName(language, shown);
  const place = { name, language, revision };
  const said = uses.map((use) => use.texts[language]).find((text) => text !== undefined);
  return (
    <Card withBorder component="section" aria-label={title}>
      <Stack gap="md">
        <Group justify="space-between">
          <Title order={2} size="h3">
            {title}
          </Title>
          <HeardBadge heard={heard} durationMs={sound?.durationMs} />
        </Group>
        <Text size="sm">{texts.heardAbout[heard]}</Text>
        <SoundPart place={place} title={title} version={version} words={version.text?.text ?? said ?? ''} />
        {/* Begun anew when somebody else changed it. */}
        <TextPart key={`${version.text?.text} ${version.text?.voice}`} place={place} version={version} />
        <History place={place} />
      </Stack>
    </Card>
  );
}

interface SoundPartProps {
  readonly place: Place;
  readonly title: string;
  readonly version: WirePromptVersion;
  /** To be read out. */
  readonly words: string;
}

function SoundPart({ place, title, version: { sound }, words }: SoundPartProps) {
  const texts = useTexts(promptTexts);
  const [isRecording, setRecording] = useState(false);
  const set = useSetSound(place);
  const remove = useRemove(place, 'sound');
  const upload = useMutation({
    mutationFn: async (file: File) => {
      if (file.size > FILE_BYTES_MAX) throw new Error(texts.tooLarge);
      const wav = await asWav(file).catch(() => Promise.reject(new Error(texts.notReadable)));
      return set.mutateAsync(wav);
    },
  });
  const keep = (wav: Blob): void => set.mutate(wav, { onSuccess: () => setRecording(false) });
  return (
    <Stack gap="xs" component="section" aria-label={`${texts.sound}: ${title}`}>
      <Text fw={600}>{texts.sound}</Text>
      {sound === undefined ? (
        <Text size="sm">{texts.noSound}</Text>
      ) : (
        <SoundPlayer
          key={sound.hash}
          label={title}
          load={() => soundOf(place)}
          durationMs={sound.durationMs}
          peaks={sound.peaks}
        />
      )}
      <SoundButtons
        hasSound={sound !== undefined}
        isUploading={upload.isPending}
        isRemoving={remove.isPending}
        onRecord={() => setRecording(true)}
        onFile={(file) => upload.mutate(file)}
        onRemove={() => remove.mutate(undefined)}
      />
      <Text size="xs">{texts.uploadHint}</Text>
      <Told error={upload.error ?? set.error ?? remove.error} />
      {set.data !== undefined && set.error === null && <Report report={set.data} />}
      {isRecording && (
        <RecordDialog
          {...{ words, title }}
          name={place.name}
          isKeeping={set.isPending}
          error={set.error}
          onKeep={keep}
          onClose={() => setRecording(false)}
        />
      )}
    </Stack>
  );
}

interface SoundButtonsProps {
  readonly hasSound: boolean;
  readonly isUploading: boolean;
  readonly isRemoving: boolean;
  readonly onRecord: () => void;
  readonly onFile: (file: File) => void;
  readonly onRemove: () => void;
}

function SoundButtons({ hasSound, isUploading, isRemoving, onRecord, onFile, onRemove }: SoundButtonsProps) {
  const texts = useTexts(promptTexts);
  return (
    <Group gap="xs">
      <Button size="xs" variant="light" leftSection={<IconMicrophone size={16} aria-hidden />} onClick={onRecord}>
        {texts.record}
      </Button>
      <FileButton accept="audio/*,.wav" onChange={(file) => file !== null && onFile(file)}>
        {(props) => (
          <Button
            {...props}
            size="xs"
            variant="light"
            title={texts.uploadHint}
            loading={isUploading}
            leftSection={<IconUpload size={16} aria-hidden />}
          >
            {texts.upload}
          </Button>
        )}
      </FileButton>
      {hasSound && (
        <Button
          size="xs"
          variant="subtle"
          color="red"
          loading={isRemoving}
          leftSection={<IconTrash size={16} aria-hidden />}
          onClick={onRemove}
        >
          {texts.removeSound}
        </Button>
      )}
    </Group>
  );
}

function Report({ report: { loudnessDb, gainDb, sound, warnings } }: { readonly report: WireSoundReport }) {
  const texts = useTexts(promptTexts);
  const gain = `${gainDb > 0 ? '+' : ''}${gainDb.toFixed(1)}`;
  return (
    <Alert color={warnings.length === 0 ? 'green' : 'orange'} role="status">
      {texts.report(loudnessDb.toFixed(1), sound.loudnessDb.toFixed(1), gain)}
      {warnings.map((one) => (
        <div key={one}>{texts.warnings[one]}</div>
      ))}
    </Alert>
  );
}

/** `es-419+f2`: a language as the synthesiser knows it, and who speaks it. */
function voiceName(voice: string, shown: string, woman: string): string {
  const [language = '', variant] = voice.split('+');
  return `${languageName(language, shown)}${variant === undefined ? '' : `, ${woman}`}`;
}

interface TextPartProps {
  readonly place: Place;
  readonly version: WirePromptVersion;
}

function TextPart({ place, version: { text: kept, voices } }: TextPartProps) {
  const texts = useTexts(promptTexts);
  const { language: shown } = useLanguage();
  const [text, setText] = useState(kept?.text ?? '');
  const [voice, setVoice] = useState(kept?.voice ?? '');
  const set = useSetText(place);
  const remove = useRemove(place, 'text');
  const isChanged = text.trim() !== (kept?.text ?? '') || voice !== (kept?.voice ?? '');
  const isEmpty = text.trim() === '';
  return (
    <Stack gap="xs">
      <Textarea
        label={texts.text}
        description={texts.textHint}
        lang={place.language}
        autosize
        minRows={2}
        maxLength={TEXT_MAX}
        value={text}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
      />
      <Group align="end" gap="xs">
        <NativeSelect
          label={texts.voice}
          value={voice}
          data={[
            { value: '', label: texts.usualVoice(voiceName(voices[0] ?? '', shown, texts.woman)) },
            ...voices.slice(1).map((one) => ({ value: one, label: voiceName(one, shown, texts.woman) })),
          ]}
          onChange={({ currentTarget }) => setVoice(currentTarget.value)}
        />
        <SpeechPlayer isDisabled={isEmpty} load={() => speechOf(place.language, { text, voice })}>
          <IconVolume size={16} aria-hidden />
        </SpeechPlayer>
        <Button disabled={!isChanged || isEmpty} loading={set.isPending} onClick={() => set.mutate({ text, voice })}>
          {texts.save}
        </Button>
        {kept !== undefined && (
          <Button variant="subtle" color="red" loading={remove.isPending} onClick={() => remove.mutate(undefined)}>
            {texts.removeText}
          </Button>
        )}
      </Group>
      <Told error={set.error ?? remove.error} />
    </Stack>
  );
}
