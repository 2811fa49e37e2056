// A button that lets something be heard: a text before it is kept, an older recording.
import { Alert, Button, Stack } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef } from 'react';
import { useTexts } from '../texts/language.js';
import { promptTexts } from './texts.js';

export interface SpeechPlayerProps {
  /** In place of its words. */
  readonly label?: string;
  readonly isDisabled: boolean;
  readonly load: () => Promise<Blob>;
  /** Its picture. */
  readonly children: ReactNode;
}

export function SpeechPlayer({ label, isDisabled, load, children }: SpeechPlayerProps) {
  const texts = useTexts(promptTexts);
  const playing = useRef<HTMLAudioElement>(undefined);
  useEffect(() => () => playing.current?.pause(), []);
  const { mutate, isPending, error } = useMutation({
    mutationFn: async () => {
      playing.current?.pause();
      const url = URL.createObjectURL(await load());
      const audio = new Audio(url);
      audio.addEventListener('ended', () => URL.revokeObjectURL(url));
      playing.current = audio;
      await audio.play();
    },
  });
  return (
    <Stack gap={4}>
      <Button
        variant="default"
        size={label === undefined ? 'sm' : 'compact-xs'}
        leftSection={children}
        disabled={isDisabled}
        loading={isPending}
        onClick={() => mutate()}
        {...(label === undefined ? {} : { 'aria-label': label })}
      >
        {label === undefined ? texts.hear : texts.play}
      </Button>
      {error !== null && (
        <Alert color="red" role="alert">
          {error.message}
        </Alert>
      )}
    </Stack>
  );
}
