// Writes to a customer by a click, wherever they are shown: the conversation is on the agent's desk then.
import { Button, Text } from '@mantine/core';
import { IconMessage } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useLiveOne } from '../live/live.js';
import { refusalText } from '../owed/acting.js';
import { owedTexts } from '../owed/texts.js';
import { personQuery } from '../session/session.js';
import { useTexts } from '../texts/language.js';
import { choose } from './chosen.js';
import { begin, channelsQuery } from './requests.js';

export interface WriteButtonProps {
  /** The matter in which it is written. */
  readonly interaction: string;
  /** To whom, for who does not see it. */
  readonly whom: string;
}

/** Only for agents of the centre, where customers can be written to. */
export function WriteButton({ interaction, whom }: WriteButtonProps) {
  const texts = useTexts(owedTexts);
  const navigate = useNavigate();
  const { data: person } = useQuery(personQuery);
  const agent = useLiveOne('agent', person?.name ?? '');
  const { data } = useQuery({ ...channelsQuery, enabled: agent !== undefined });
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string>();
  if (agent === undefined || data === undefined || data.channels.length === 0) return null;
  const write = async (): Promise<void> => {
    setBusy(true);
    setFailure(undefined);
    try {
      choose(await begin({ interaction }));
      await navigate({ to: '/agent' });
    } catch (error) {
      setFailure(refusalText(error, texts));
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Button
        size="compact-sm"
        variant="default"
        leftSection={<IconMessage size={16} aria-hidden />}
        aria-label={texts.writeTo(whom)}
        loading={isBusy}
        onClick={() => void write()}
      >
        {texts.write}
      </Button>
      {failure !== undefined && (
        <Text role="alert" size="sm" c="var(--mantine-color-error)">
          {failure}
        </Text>
      )}
    </>
  );
}
