// Written conversations: who waits for a first answer, and what each agent has open, unread and unanswered.
import { Badge, Card, Group, Table, Text } from '@mantine/core';
import type { LiveConversations, WireConversation } from '../../contract/conversation/conversation.js';
import { conversationTexts } from '../conversations/texts.js';
import { useLive } from '../live/live.js';
import { useAddressText } from '../texts/address.js';
import { Since } from '../texts/duration.js';
import { useLanguage, useTexts } from '../texts/language.js';
import { useActing } from './acts/act.js';
import { QueueForm } from './acts/forms.js';
import { ActMenu, type Choice } from './acts/menu.js';
import { WhyAgent } from './acts/why.js';
import { supervisorTexts } from './texts.js';

interface Row {
  readonly agent: string;
  readonly conversation: WireConversation;
}

/** Customers who wait for an answer come first, the longest wait before. */
export function rowsOf(agents: Iterable<LiveConversations>): readonly Row[] {
  const waits = ({ conversation }: Row): string => conversation.waitingSince ?? '~';
  return [...agents]
    .flatMap(({ agent, conversations }) => conversations.map((conversation) => ({ agent, conversation })))
    .sort((a, b) => (waits(a) < waits(b) ? -1 : 1));
}

export function Written() {
  const texts = useTexts(supervisorTexts);
  const documents = useLive('conversations');
  const titles = useLive('agent');
  const waiting = [...useLive('entry').values()].filter(({ kind }) => kind === 'message');
  const rows = rowsOf(documents.values());
  const longest = waiting.map(({ since }) => since).sort()[0];
  const busy = [...documents.values()].filter(({ conversations }) => conversations.length > 0);
  if (rows.length === 0 && waiting.length === 0) return null;
  return (
    <Card withBorder padding="sm">
      <Group mb="xs" gap="xs">
        <Text component="h2" fw={600} size="sm" id="written-title">
          {texts.written}
        </Text>
        <Badge color="gray.7" variant="filled" tt="none">
          {texts.writtenWaiting(waiting.length)} {longest !== undefined && <Since time={longest} />}
        </Badge>
        {busy.map(({ agent, most, conversations }) => (
          <Badge key={agent} color={conversations.length >= most ? 'orange.9' : 'teal.9'} variant="filled" tt="none">
            {texts.writtenOf(titles.get(agent)?.title ?? agent, conversations.length, most)}
          </Badge>
        ))}
      </Group>
      <Table.ScrollContainer minWidth={560} mah={360}>
        <Table className="on-card" aria-labelledby="written-title" highlightOnHover verticalSpacing={6} stickyHeader>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{texts.customer}</Table.Th>
              <Table.Th>{texts.agent}</Table.Th>
              <Table.Th>{texts.queue}</Table.Th>
              <Table.Th>{texts.channel}</Table.Th>
              <Table.Th ta="right">{texts.unread}</Table.Th>
              <Table.Th ta="right">{texts.unanswered}</Table.Th>
              <Table.Td />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((row) => (
              <WrittenRow
                key={`${row.agent} ${row.conversation.entry}`}
                row={row}
                agent={titles.get(row.agent)?.title ?? row.agent}
              />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Card>
  );
}

function WrittenRow({ row: { conversation }, agent }: { readonly row: Row; readonly agent: string }) {
  const texts = useTexts(supervisorTexts);
  const { channels } = useTexts(conversationTexts);
  const { language } = useLanguage();
  const { customer, queue, queueTitle, channel, unread, waitingSince, state } = conversation;
  const addressText = useAddressText();
  const who = customer === undefined ? texts.nobody : (customer.name ?? addressText(customer.address.value));
  return (
    <Table.Tr>
      <Table.Th scope="row">{who}</Table.Th>
      <Table.Td>
        {agent} {state === 'offered' && `(${texts.offered})`}
      </Table.Td>
      <Table.Td>{queueTitle[language] ?? queue}</Table.Td>
      <Table.Td>{channels[channel] ?? channel}</Table.Td>
      <Table.Td ta="right" className="figure">
        {unread}
      </Table.Td>
      <Table.Td ta="right">{waitingSince === undefined ? texts.nobody : <Since time={waitingSince} />}</Table.Td>
      <Table.Td ta="right">
        <ActMenu who={`${agent}, ${who}`} choices={useChoices(conversation, agent)} />
      </Table.Td>
    </Table.Tr>
  );
}

function useChoices({ id, queue, state }: WireConversation, agent: string): readonly Choice[] {
  const texts = useTexts(supervisorTexts);
  const { open, confirm } = useActing();
  const path = `/api/conversations/${id}`;
  const why: Choice = { label: texts.whyAgent, run: () => open(<WhyAgent interaction={id} />) };
  if (state !== 'open') return [why];
  const send = (to: string) => ({ path: `${path}/transfer`, method: 'POST', body: { queue: to } }) as const;
  return [
    why,
    { label: texts.requeue, run: () => open(<QueueForm from={queue} act={send} />) },
    {
      label: texts.closeWritten,
      danger: true,
      run: () =>
        confirm({
          title: texts.closeWritten,
          text: texts.sureCloseWritten(agent),
          act: { path: `${path}/close`, method: 'POST', body: {} },
        }),
    },
  ];
}
