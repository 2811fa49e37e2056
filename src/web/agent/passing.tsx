// To whom the call goes: an agent, a queue or a number; at once, after asking, or as one more in the conversation.
import { Button, Group, NativeSelect, Paper, SegmentedControl, Stack, TextInput, Title } from '@mantine/core';
import { useState } from 'react';
import { useLive } from '../live/live.js';
import { useLanguage, useTexts } from '../texts/language.js';
import type { CallProps } from './acting.js';
import { deskTexts } from './texts.js';

type Kind = 'agent' | 'queue' | 'number';
type Way = 'transfer' | 'consult' | 'conference';

export function Passing({ talk, agent, acting, done }: CallProps & { readonly done: () => void }) {
  const texts = useTexts(deskTexts);
  const [kind, setKind] = useState<Kind>('agent');
  const [to, setTo] = useState<Readonly<Record<Kind, string>>>({ agent: '', queue: '', number: '' });
  const [note, setNote] = useState('');
  const name = to[kind].replaceAll(/[\s().-]/g, '');
  const withNote = note.trim() === '' ? {} : { note: note.trim() };
  const isAdding = talk.state === 'together';
  const go = async (what: Way): Promise<void> => {
    const who = { [kind]: name };
    const body =
      what === 'transfer' ? { to: who, ...withNote } : { with: who, ...(what === 'consult' ? withNote : {}) };
    if (await acting.act(what, `/api/calls/${talk.interaction}/${what}`, body)) done();
  };
  const choose = (value: string): void => setTo((before) => ({ ...before, [kind]: value }));
  return (
    <Paper withBorder p="sm">
      <Stack gap="sm">
        <Title order={3} size="h5">
          {texts.passTo}
        </Title>
        <SegmentedControl
          aria-label={texts.passTo}
          value={kind}
          onChange={(value) => setKind(value as Kind)}
          data={[
            { value: 'agent', label: texts.toAgent },
            ...(isAdding ? [] : [{ value: 'queue', label: texts.toQueue }]),
            { value: 'number', label: texts.toNumber },
          ]}
        />
        <Target kind={kind} agent={agent} value={to[kind]} choose={choose} />
        {!isAdding && (
          <TextInput
            label={texts.note}
            value={note}
            maxLength={300}
            onChange={({ currentTarget }) => setNote(currentTarget.value)}
          />
        )}
        <Ways {...{ kind, isAdding, busy: acting.busy, isReady: name !== '', go: (what) => void go(what) }} />
      </Stack>
    </Paper>
  );
}

interface WaysProps {
  readonly kind: Kind;
  readonly isAdding: boolean;
  readonly isReady: boolean;
  readonly busy: string | undefined;
  readonly go: (way: Way) => void;
}

function Ways({ kind, isAdding, isReady, busy, go }: WaysProps) {
  const texts = useTexts(deskTexts);
  const button = (way: Way, title: string, variant: 'filled' | 'default') => (
    <Button variant={variant} disabled={!isReady} loading={busy === way} onClick={() => go(way)}>
      {title}
    </Button>
  );
  return (
    <Group gap="xs">
      {!isAdding && button('transfer', texts.blind, 'filled')}
      {!isAdding && kind !== 'queue' && button('consult', texts.consult, 'default')}
      {kind !== 'queue' && button('conference', texts.bringIn, 'default')}
    </Group>
  );
}

interface TargetProps {
  readonly kind: Kind;
  readonly agent: string;
  readonly value: string;
  readonly choose: (value: string) => void;
}

function Target({ kind, agent, value, choose }: TargetProps) {
  const texts = useTexts(deskTexts);
  const { language } = useLanguage();
  const agents = useLive('agent');
  const queues = useLive('queue');
  const nobody = { value: '', label: '—' };
  if (kind === 'number') {
    return (
      <TextInput
        label={texts.number}
        description={texts.numberHint}
        type="tel"
        value={value}
        onChange={({ currentTarget }) => choose(currentTarget.value)}
      />
    );
  }
  const people = [...agents.values()].filter(({ id }) => id !== agent);
  const data =
    kind === 'agent'
      ? people.map(({ id, title, state }) => ({ value: id, label: `${title} · ${texts.states[state]}` }))
      : [...queues.values()].map(({ id, title, waiting }) => ({
          value: id,
          label: `${title[language] ?? id} · ${texts.waiting}: ${waiting}`,
        }));
  return (
    <NativeSelect
      label={kind === 'agent' ? texts.agent : texts.queue}
      data={[nobody, ...data]}
      value={value}
      onChange={({ currentTarget }) => choose(currentTarget.value)}
    />
  );
}
