// The queues: who waits, how well they are served today, and who serves them.
import { Badge, Card, Group, Table, Text } from '@mantine/core';
import { memo } from 'react';
import type { WireAgent } from '../../contract/agent.js';
import { Since } from '../texts/duration.js';
import { useLanguage, useTexts } from '../texts/language.js';
import { useActing } from './acts/act.js';
import { AlarmForm } from './acts/floor-forms.js';
import { ActMenu } from './acts/menu.js';
import { percentText, type ShownQueue } from './figures.js';
import { COLOURS } from './states.js';
import { supervisorTexts } from './texts.js';

export function Queues({ queues }: { readonly queues: readonly ShownQueue[] }) {
  const texts = useTexts(supervisorTexts);
  return (
    <Card withBorder padding="sm">
      <Table.ScrollContainer minWidth={760}>
        <Table captionSide="top" highlightOnHover verticalSpacing="xs">
          <Table.Caption>{texts.queues}</Table.Caption>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{texts.queue}</Table.Th>
              <Table.Th ta="right">{texts.waiting}</Table.Th>
              <Table.Th ta="right">{texts.longest}</Table.Th>
              <Table.Th ta="right">{texts.level}</Table.Th>
              <Table.Th ta="right">{texts.levelNow}</Table.Th>
              <Table.Th ta="right">{texts.answered}</Table.Th>
              <Table.Th ta="right">{texts.abandoned}</Table.Th>
              <Table.Th ta="right">{texts.recovered}</Table.Th>
              <Table.Th>{texts.agents}</Table.Th>
              <Table.Td />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {queues.map((shown) => (
              <QueueRow key={shown.queue.id} {...shown} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Card>
  );
}

function QueueRow({ queue, figures, alarms }: ShownQueue) {
  const texts = useTexts(supervisorTexts);
  const { language } = useLanguage();
  const { title, id, waiting, longestSince, agents } = queue;
  const alarmed = (...kinds: readonly string[]) =>
    alarms.some((kind) => kinds.includes(kind)) ? { className: 'figure alarmed' } : { className: 'figure' };
  return (
    <Table.Tr>
      <Table.Th scope="row">{title[language] ?? id}</Table.Th>
      <Table.Td ta="right" {...alarmed('waiting', 'nobody')}>
        {waiting}
      </Table.Td>
      <Table.Td ta="right" {...alarmed('longest-wait')}>
        {longestSince === undefined ? texts.nobody : <Since time={longestSince} />}
      </Table.Td>
      <Table.Td ta="right" {...alarmed('service-level')}>
        {percentText(figures?.serviceLevel) ?? texts.nobody}
      </Table.Td>
      <Table.Td ta="right" className="figure">
        {percentText(figures?.serviceLevelNow) ?? texts.nobody}
      </Table.Td>
      <Table.Td ta="right" className="figure">
        {figures?.answered ?? 0}
      </Table.Td>
      <Table.Td ta="right" className="figure">
        {figures?.abandoned ?? 0}
      </Table.Td>
      <Table.Td ta="right" className="figure">
        {figures?.recovered ?? 0}
      </Table.Td>
      <Table.Td>
        <AgentStates agents={agents} />
      </Table.Td>
      <Table.Td ta="right">
        <QueueMenu id={id} title={title[language] ?? id} />
      </Table.Td>
    </Table.Tr>
  );
}

/** On its own: the figures of a row change often, what can be done there never. */
const QueueMenu = memo(function QueueMenu({ id, title }: { readonly id: string; readonly title: string }) {
  const texts = useTexts(supervisorTexts);
  const { open } = useActing();
  return <ActMenu who={title} choices={[{ label: texts.limits, run: () => open(<AlarmForm id={id} />) }]} />;
});

/** How many of those who serve the queue are in which state; those who are offline are left out. */
export function AgentStates({ agents }: { readonly agents: Readonly<Record<string, number>> }) {
  const texts = useTexts(supervisorTexts);
  const states = (Object.keys(texts.states) as WireAgent['state'][]).filter(
    (state) => state !== 'offline' && (agents[state] ?? 0) > 0,
  );
  if (states.length === 0) return <Text size="sm">{texts.nobody}</Text>;
  return (
    <Group gap={4}>
      {states.map((state) => (
        <Badge key={state} {...COLOURS[state]} tt="none" fw={500}>
          {agents[state]} {texts.states[state]}
        </Badge>
      ))}
    </Group>
  );
}
