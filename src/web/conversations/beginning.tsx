// Writing to somebody who has not written: a number, and the channel where there are several.
import { Alert, Button, Group, NativeSelect, Paper, Stack, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { refusalText } from '../owed/acting.js';
import { owedTexts } from '../owed/texts.js';
import { useTexts } from '../texts/language.js';
import { begin, channelsQuery } from './requests.js';
import { conversationTexts } from './texts.js';

export interface BeginningProps {
  /** With its interaction. */
  readonly begun: (id: string) => void;
  readonly cancel: () => void;
}

export function Beginning({ begun, cancel }: BeginningProps) {
  const texts = useTexts(conversationTexts);
  const refusals = useTexts(owedTexts);
  const { data } = useQuery(channelsQuery);
  const [number, setNumber] = useState('');
  const [chosen, setChosen] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string>();
  const channels = data?.channels ?? [];
  const channel = channels.find((one) => one === chosen) ?? channels[0];
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (channel === undefined) return;
    setBusy(true);
    setFailure(undefined);
    try {
      begun(await begin({ number: number.trim(), channel }));
    } catch (error) {
      setFailure(refusalText(error, refusals));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Paper component="form" withBorder p="sm" aria-label={texts.begin} onSubmit={(event) => void submit(event)}>
      <Stack gap="xs">
        {data !== undefined && channels.length === 0 && <Text size="sm">{texts.noChannels}</Text>}
        <TextInput
          label={texts.number}
          type="tel"
          autoComplete="off"
          maxLength={40}
          data-autofocus
          value={number}
          onChange={({ currentTarget }) => setNumber(currentTarget.value)}
        />
        {channels.length > 1 && (
          <NativeSelect
            label={texts.channel}
            value={channel}
            data={channels.map((one) => ({ value: one, label: texts.channels[one] ?? one }))}
            onChange={({ currentTarget }) => setChosen(currentTarget.value)}
          />
        )}
        {failure !== undefined && (
          <Alert color="red" p="xs" role="alert">
            {failure}
          </Alert>
        )}
        <Group gap="xs">
          <Button type="submit" size="xs" loading={isBusy} disabled={channel === undefined || number.trim().length < 2}>
            {texts.doBegin}
          </Button>
          <Button size="xs" variant="default" onClick={cancel}>
            {texts.cancel}
          </Button>
        </Group>
      </Stack>
    </Paper>
  );
}
