// The floor as it is at this moment: queues, and the agents who serve them.
import { Badge, SimpleGrid, Stack, Table, Title } from '@mantine/core';
import type { WireAgent } from '../../contract/agent.js';
import type { LiveQueue } from '../../contract/live/live.js';
import { useLive } from '../live/live.js';
import { Since } from '../texts/duration.js';
import { useLanguage, useTexts } from '../texts/language.js';
import { supervisorTexts } from './texts.js';

export function Floor() {
  const texts = useTexts(supervisorTexts);
  const queues = useLive('queue');
  const agents = useLive('agent');
  return (
    <Stack>
      <Title>{texts.floor}</Title>
      <SimpleGrid cols={{ base: 1, lg: 2 }}>
        <Queues queues={[...queues.values()]} />
        <Agents agents={[...agents.values()]} />
      </SimpleGrid>
    </Stack>
  );
}

function Queues({ queues }: { readonly queues: readonly LiveQueue[] }) {
  const texts = useTexts(supervisorTexts);
  const { language } = useLanguage();
  return (
    <Table captionSide="top" highlightOnHover>
      <Table.Caption>{texts.queues}</Table.Caption>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{texts.queue}</Table.Th>
          <Table.Th>{texts.waiting}</Table.Th>
          <Table.Th>{texts.longest}</Table.Th>
          <Table.Th>{texts.callbacks}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {queues.map(({ id, title, waiting, longestSince, callbacks }) => (
          <Table.Tr key={id}>
            <Table.Th scope="row">{title[language] ?? id}</Table.Th>
            <Table.Td className="figure">{waiting}</Table.Td>
            <Table.Td>{longestSince === undefined ? texts.nobody : <Since time={longestSince} />}</Table.Td>
            <Table.Td className="figure">{callbacks}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

const COLOURS: Readonly<Record<WireAgent['state'], string>> = {
  offline: 'gray',
  available: 'green',
  break: 'orange',
  ringing: 'yellow',
  busy: 'cyan',
  'wrap-up': 'violet',
};

function Agents({ agents }: { readonly agents: readonly WireAgent[] }) {
  const texts = useTexts(supervisorTexts);
  return (
    <Table captionSide="top" highlightOnHover>
      <Table.Caption>{texts.agents}</Table.Caption>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{texts.agent}</Table.Th>
          <Table.Th>{texts.state}</Table.Th>
          <Table.Th>{texts.since}</Table.Th>
          <Table.Th>{texts.reason}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {agents.map(({ id, title, state, since, reason }) => (
          <Table.Tr key={id}>
            <Table.Th scope="row">{title}</Table.Th>
            <Table.Td>
              <Badge color={COLOURS[state]}>{texts.states[state]}</Badge>
            </Table.Td>
            <Table.Td>
              <Since time={since} />
            </Table.Td>
            <Table.Td>{reason ?? texts.nobody}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
