// The conversations that go on: who with whom, who hears them, and what a supervisor can do there.
import { Badge, Card, Group, Table, Text } from '@mantine/core';
import type { LiveTalk } from '../../contract/live/floor.js';
import { useLive } from '../live/live.js';
import { Since } from '../texts/duration.js';
import { useTexts } from '../texts/language.js';
import { useActing } from './acts/act.js';
import { MonitorForm, type MonitorMode, QueueForm } from './acts/forms.js';
import { ActMenu, type Choice } from './acts/menu.js';
import { WhyAgent } from './acts/why.js';
import { supervisorTexts } from './texts.js';

const MODES: readonly MonitorMode[] = ['listen', 'whisper', 'barge'];

export function Talks() {
  const texts = useTexts(supervisorTexts);
  const agents = useLive('agent');
  const talks = [...useLive('talk').values()].sort((a, b) => a.since.localeCompare(b.since));
  return (
    <Card withBorder padding="sm">
      <Table.ScrollContainer minWidth={420} mah={420}>
        <Table captionSide="top" highlightOnHover verticalSpacing={6} stickyHeader>
          <Table.Caption>{texts.talks}</Table.Caption>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{texts.customer}</Table.Th>
              <Table.Th>{texts.agent}</Table.Th>
              <Table.Th>{texts.state}</Table.Th>
              <Table.Th ta="right">{texts.since}</Table.Th>
              <Table.Td />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {talks.map((talk) => (
              <TalkRow key={talk.interaction} talk={talk} agent={agents.get(talk.agent)?.title ?? talk.agent} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {talks.length === 0 && <Text size="sm">{texts.noTalks}</Text>}
    </Card>
  );
}

interface TalkRowProps {
  readonly talk: LiveTalk;
  /** As people read it. */
  readonly agent: string;
}

function TalkRow({ talk, agent }: TalkRowProps) {
  const texts = useTexts(supervisorTexts);
  const { customer, since, state, monitor } = talk;
  return (
    <Table.Tr>
      <Table.Th scope="row" className="figure">
        {customer ?? (state === undefined ? texts.nobody : texts.unknownCustomer)}
      </Table.Th>
      <Table.Td>{agent}</Table.Td>
      <Table.Td>
        <Group gap={4}>
          <Text size="sm">{state === undefined ? texts.elsewhere : texts.talkStates[state]}</Text>
          {monitor && (
            <Badge color="grape.8" variant="filled" tt="none">
              {texts.monitoredBy(monitor.by, monitor.isRinging ? `(${texts.ringing})` : texts.monitors[monitor.mode])}
            </Badge>
          )}
        </Group>
      </Table.Td>
      <Table.Td ta="right">
        <Since time={since} />
      </Table.Td>
      <Table.Td ta="right">
        <ActMenu who={`${agent}, ${customer ?? texts.unknownCustomer}`} choices={useChoices({ talk, agent })} />
      </Table.Td>
    </Table.Tr>
  );
}

function useChoices({ talk, agent }: TalkRowProps): readonly Choice[] {
  const texts = useTexts(supervisorTexts);
  const { act, confirm, open } = useActing();
  const { interaction, state, monitor } = talk;
  const why = { label: texts.whyAgent, run: () => open(<WhyAgent interaction={interaction} />) };
  // Only the node that holds a call can do something with it.
  if (state === undefined) return [why];
  const path = `/api/calls/${interaction}`;
  const listening = MODES.filter((mode) => mode !== monitor?.mode).map((mode): Choice => {
    const body = { mode };
    const change = { path: `${path}/monitor`, method: 'PATCH', body } as const;
    if (monitor === undefined) return { label: texts[mode], run: () => open(<MonitorForm talk={talk} mode={mode} />) };
    if (mode !== 'barge') return { label: texts[mode], run: () => act(change) };
    return { label: texts.barge, run: () => confirm({ title: texts.barge, text: texts.sureBarge, act: change }) };
  });
  const transfer = (to: string) => ({ path: `${path}/transfer`, method: 'POST', body: { to: { queue: to } } }) as const;
  const sure = (title: string, text: string, verb: string): Choice => ({
    label: title,
    danger: true,
    run: () => confirm({ title, text, act: { path: `${path}/${verb}`, method: 'POST', body: {} } }),
  });
  return [
    ...listening,
    ...(monitor === undefined
      ? []
      : [{ label: texts.stop, run: () => act({ path: `${path}/monitor`, method: 'DELETE' }) }]),
    why,
    { label: texts.requeue, run: () => open(<QueueForm from={undefined} act={transfer} />) },
    sure(texts.takeOver, texts.sureTakeOver(agent), 'take-over'),
    sure(texts.hangUp, texts.sureHangUp(agent), 'hangup'),
  ];
}
