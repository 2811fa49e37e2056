// A voicemail: listened to here, answered by a click, marked as dealt with.
import { Badge, Button, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { WireVoicemailItem } from '../../contract/owed/work-list.js';
import { Player } from '../history/player.js';
import { recordingsQuery } from '../history/queries.js';
import { clockText } from '../texts/duration.js';
import { useTexts } from '../texts/language.js';
import { Moment } from '../texts/moment.js';
import { useActing } from './acting.js';
import { ItemCard } from './item.js';
import { workPath } from './queries.js';
import { ReasonForm } from './reason-form.js';
import { owedTexts } from './texts.js';

export function VoicemailCard({ item }: { readonly item: WireVoicemailItem }) {
  const texts = useTexts(owedTexts);
  const acting = useActing();
  const [isOpen, setOpen] = useState(false);
  const [isAsking, setAsking] = useState(false);
  const { state, by, at, note, durationMs, leftAt } = item;
  const path = `${workPath(item.interaction)}/voicemails/${encodeURIComponent(item.recording)}`;
  const mark = async (body: object): Promise<void> => {
    if (await acting.act(path, { method: 'POST', body })) setAsking(false);
  };
  return (
    <ItemCard
      item={item}
      acting={acting}
      facts={
        <>
          <Text size="sm">
            {texts.leftAt} <Moment time={leftAt} /> · {clockText(durationMs / 1_000)}
          </Text>
          <Badge variant={state === 'new' ? 'filled' : 'default'} color="orange.9" tt="none">
            {texts.voicemailStates[state]}
          </Badge>
          {by !== undefined && (
            <Text size="sm">
              {texts.by(by)} {at !== undefined && <Moment time={at} />}
            </Text>
          )}
          {note !== undefined && (
            <Text size="sm" className="owed-text">
              «{note}»
            </Text>
          )}
        </>
      }
      acts={
        <>
          <Button size="compact-sm" variant="default" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
            {texts.listen}
          </Button>
          {state === 'done' ? (
            <Button size="compact-sm" variant="default" onClick={() => void mark({ state: 'heard' })}>
              {texts.reopen}
            </Button>
          ) : (
            <Button size="compact-sm" variant="default" onClick={() => setAsking(true)}>
              {texts.done}
            </Button>
          )}
        </>
      }
    >
      {isOpen && <Message item={item} />}
      {isAsking && (
        <ReasonForm
          label={texts.note}
          isNeeded={false}
          isBusy={acting.isBusy}
          onSend={(said) => void mark(said === '' ? { state: 'done' } : { state: 'done', note: said })}
          onClose={() => setAsking(false)}
        />
      )}
    </ItemCard>
  );
}

function Message({ item: { interaction, recording } }: { readonly item: WireVoicemailItem }) {
  const { data } = useQuery(recordingsQuery(interaction));
  const one = data?.find(({ id }) => id === recording);
  return one === undefined ? null : <Player interaction={interaction} recording={one} />;
}
