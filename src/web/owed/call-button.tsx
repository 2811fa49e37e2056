// Calls a customer by a click: the agent's own telephone rings first.
import { Button, Text } from '@mantine/core';
import { IconPhoneOutgoing } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useLiveOne } from '../live/live.js';
import { expectOwnRing } from '../phone/own-ring.js';
import { personQuery } from '../session/session.js';
import { useTexts } from '../texts/language.js';
import { useActing } from './acting.js';
import { owedTexts } from './texts.js';

export interface CallButtonProps {
  /** The matter in which the call is made; absent: where something is owed to the number, else a new one. */
  readonly interaction?: string;
  readonly number?: string;
  /** Whom it calls, for who does not see it. */
  readonly whom: string;
}

/** Only for agents of the centre: others have no telephone. */
export function CallButton({ interaction, number, whom }: CallButtonProps) {
  const texts = useTexts(owedTexts);
  const { data: person } = useQuery(personQuery);
  const agent = useLiveOne('agent', person?.name ?? '');
  const { act, isBusy, failure } = useActing();
  if (agent === undefined) return null;
  const body = { ...(interaction === undefined ? {} : { interaction }), ...(number === undefined ? {} : { number }) };
  return (
    <>
      <Button
        size="compact-sm"
        leftSection={<IconPhoneOutgoing size={16} aria-hidden />}
        aria-label={texts.callTo(whom)}
        loading={isBusy}
        disabled={agent.state === 'busy' || agent.state === 'ringing'}
        onClick={() => {
          expectOwnRing();
          void act('/api/placed-calls', { method: 'POST', body });
        }}
      >
        {texts.call}
      </Button>
      {failure !== undefined && (
        <Text role="alert" size="sm" c="var(--mantine-color-error)">
          {failure}
        </Text>
      )}
    </>
  );
}
