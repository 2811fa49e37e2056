// How far the call has come that the agent has placed, on every page; and what became of it, until it is put away.
import { Alert, Button, Group } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { WirePlacedCall } from '../../contract/owed/placed-call.js';
import { InteractionLink } from '../history/interaction-link.js';
import { useLiveOne } from '../live/live.js';
import { personQuery } from '../session/session.js';
import { useTexts } from '../texts/language.js';
import { useActing } from './acting.js';
import { type OwedTexts, owedTexts } from './texts.js';

/** What is over for longer is history. */
const SHOWN_AFTER_MS = 10 * 60_000;

export function PlacedCall() {
  const texts = useTexts(owedTexts);
  const { data: person } = useQuery(personQuery);
  const call = useLiveOne('placed-call', person?.name ?? '');
  const [putAway, setPutAway] = useState('');
  const { act, isBusy } = useActing();
  if (call === undefined || call.id === putAway || isHistory(call)) return null;
  const rings = call.state === 'ringing-agent' || call.state === 'ringing-customer';
  const color = call.state !== 'over' ? 'blue' : call.result === 'talked' ? 'green' : 'yellow';
  return (
    <Alert
      color={color}
      role="status"
      mb="md"
      {...(call.state === 'over'
        ? { withCloseButton: true, closeButtonLabel: texts.close, onClose: () => setPutAway(call.id) }
        : {})}
    >
      <Group>
        <span>{stateText(call, texts)}</span>
        <InteractionLink id={call.interaction} c="inherit">
          {call.reference}
        </InteractionLink>
        {rings && (
          <Button
            size="compact-sm"
            variant="default"
            loading={isBusy}
            onClick={() => void act(`/api/placed-calls/${call.id}`, { method: 'DELETE' })}
          >
            {texts.giveUp}
          </Button>
        )}
      </Group>
    </Alert>
  );
}

function isHistory({ state, placedAt }: WirePlacedCall): boolean {
  return state === 'over' && Date.now() - Date.parse(placedAt) > SHOWN_AFTER_MS;
}

function stateText({ state, result = 'talked', reason, number }: WirePlacedCall, texts: OwedTexts): string {
  if (state !== 'over') return `${texts.placed[state]} ${number}`;
  if (reason === undefined || result === 'talked') return `${texts.over[result]} ${number}`;
  const cause = Object.hasOwn(texts.causes, reason) ? texts.causes[reason as keyof OwedTexts['causes']] : reason;
  return `${texts.over[result]} ${number} (${cause})`;
}
