// Real-time text: what the customer writes on the call, and what is written to them.
import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import type { DeskTalk } from '../../contract/live/desk.js';
import { useTexts } from '../texts/language.js';
import type { Acting } from './acting.js';
import { deskTexts } from './texts.js';

export function Written({ talk, acting }: { readonly talk: DeskTalk; readonly acting: Acting }) {
  const texts = useTexts(deskTexts);
  const [line, setLine] = useState('');
  const end = useRef<HTMLDivElement>(null);
  const { written, interaction } = talk;
  const newest = written.at(-1)?.at;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the newest line is what it follows
  useEffect(() => {
    // No value: newer browsers answer with a promise, which is no clean-up.
    void end.current?.scrollTo({ top: end.current.scrollHeight });
  }, [newest]);
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const text = line.trim();
    if (text === '') return;
    if (await acting.act('write', `/api/calls/${interaction}/text`, { text })) setLine('');
  };
  return (
    <Stack gap="xs">
      <Text fw={600} size="sm">
        {texts.text}
      </Text>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls has to be reached by keyboard */}
      <div ref={end} className="written-lines" role="log" aria-label={texts.text} tabIndex={0}>
        {written.map(({ at, by, name, text }) => (
          <Text key={`${at} ${text}`} size="sm" className="long-text">
            <b>{by === 'customer' ? texts.customer : (name ?? texts.you)}:</b> {text}
          </Text>
        ))}
      </div>
      <form onSubmit={(event) => void send(event)}>
        <Group gap="xs" align="end">
          <TextInput
            flex={1}
            label={texts.write}
            value={line}
            maxLength={1_000}
            onChange={({ currentTarget }) => setLine(currentTarget.value)}
          />
          <Button type="submit" loading={acting.busy === 'write'}>
            {texts.send}
          </Button>
        </Group>
      </form>
    </Stack>
  );
}
