// A staged roll-out: begun with the draft for a share of the callers, watched on the figures of both sides, ended.
import { Alert, Badge, Button, Checkbox, Group, NumberInput, Stack, Table, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { WireRollout } from '../../../contract/revision.js';
import { useTexts } from '../../texts/language.js';
import type { Draft } from '../draft.js';
import { rolloutQuery, useBeginRollout, useEndRollout } from '../published.js';
import { studioTexts } from '../texts.js';
import { Refusal } from './refusal.js';

export interface RolloutProps {
  readonly name: string;
  readonly draft: Draft;
}

export function Rollout({ name, draft }: RolloutProps) {
  const texts = useTexts(studioTexts);
  const { data: rollout } = useQuery(rolloutQuery(name));
  if (rollout === undefined) return <Text>{texts.checking}</Text>;
  if (rollout?.state === 'running') return <Running name={name} rollout={rollout} />;
  return (
    <Stack>
      <Begin name={name} draft={draft} />
      {rollout !== null && (
        <Stack gap="xs">
          <Text fw={600} component="div">
            {texts.lastRollout}: {rollout.candidate} <Badge color="gray">{texts.rolloutStates[rollout.state]}</Badge>
          </Text>
          {rollout.reason !== undefined && <Text size="sm">{rollout.reason}</Text>}
          <Figures comparison={rollout.stoppedBy ?? rollout.comparison} />
        </Stack>
      )}
    </Stack>
  );
}

const FIRST_PERCENT = 10;
const FIRST_MIN_CALLS = 100;

function Begin({ name, draft }: RolloutProps) {
  const texts = useTexts(studioTexts);
  const begin = useBeginRollout(name);
  const [percent, setPercent] = useState<number | string>(FIRST_PERCENT);
  const [minCalls, setMinCalls] = useState<number | string>(FIRST_MIN_CALLS);
  const [note, setNote] = useState('');
  const [force, setForce] = useState(false);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const watch = { minCalls: Number(minCalls) };
    begin.mutate({ text: draft.text, percent: Number(percent), note, force, watch });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text size="sm">{texts.rolloutAbout}</Text>
        <Group grow>
          <NumberInput label={texts.percent} min={0.01} max={100} value={percent} onChange={setPercent} hideControls />
          <NumberInput
            label={texts.minCalls}
            min={10}
            max={5_000}
            value={minCalls}
            onChange={setMinCalls}
            hideControls
          />
        </Group>
        <TextInput
          label={texts.note}
          value={note}
          required={force}
          onChange={({ currentTarget }) => setNote(currentTarget.value)}
        />
        <Checkbox
          label={texts.rolloutForce}
          checked={force}
          onChange={({ currentTarget }) => setForce(currentTarget.checked)}
        />
        <Refusal error={begin.error} />
        {!draft.isChanged && <Text size="sm">{texts.unchanged}</Text>}
        <Button type="submit" loading={begin.isPending} disabled={!draft.isChanged}>
          {texts.begin}
        </Button>
      </Stack>
    </form>
  );
}

function Running({ name, rollout }: { readonly name: string; readonly rollout: WireRollout }) {
  const texts = useTexts(studioTexts);
  const end = useEndRollout(name);
  return (
    <Stack>
      <Alert color="cyan" role="status" title={texts.running(rollout.percent)}>
        {rollout.baseline} → {rollout.candidate} · {rollout.author} · {rollout.note}
      </Alert>
      <Figures comparison={rollout.comparison} />
      <Refusal error={end.error} />
      <Group>
        <Button loading={end.isPending} onClick={() => end.mutate('promote')}>
          {texts.promote}
        </Button>
        <Button variant="default" disabled={end.isPending} onClick={() => end.mutate('abort')}>
          {texts.abort}
        </Button>
      </Group>
    </Stack>
  );
}

const COUNTED = ['calls', 'over', 'contained', 'abandoned', 'persons'] as const;
const COLOURS = { 'too-few': 'gray', 'no-worse': 'green', worse: 'red' } as const;

function Figures({ comparison }: { readonly comparison: WireRollout['comparison'] }) {
  const texts = useTexts(studioTexts);
  const { candidate, baseline, verdict } = comparison;
  const seconds = (ms: number | undefined): string => (ms === undefined ? '–' : (ms / 1_000).toFixed(0));
  return (
    <Stack gap="xs">
      <Badge color={COLOURS[verdict]}>{texts.verdicts[verdict]}</Badge>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{texts.figure}</Table.Th>
            <Table.Th>{texts.candidate}</Table.Th>
            <Table.Th>{texts.baseline}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {COUNTED.map((key) => (
            <Table.Tr key={key}>
              <Table.Th scope="row">{texts.figures[key]}</Table.Th>
              <Table.Td className="figure">{candidate[key]}</Table.Td>
              <Table.Td className="figure">{baseline[key]}</Table.Td>
            </Table.Tr>
          ))}
          <Table.Tr>
            <Table.Th scope="row">{texts.seconds}</Table.Th>
            <Table.Td className="figure">{seconds(candidate.medianToPersonMs)}</Table.Td>
            <Table.Td className="figure">{seconds(baseline.medianToPersonMs)}</Table.Td>
          </Table.Tr>
        </Table.Tbody>
      </Table>
    </Stack>
  );
}
