// The agents: what each of them does, since when, and what a supervisor can do about it.
import { Badge, Card, Table, Text } from '@mantine/core';
import type { WireAgent } from '../../contract/agent.js';
import { useLive, useLiveOne } from '../live/live.js';
import { timeText } from '../texts/clock.js';
import { Since } from '../texts/duration.js';
import { useLanguage, useTexts } from '../texts/language.js';
import { type Act, useActing } from './acts/act.js';
import { TeamForm } from './acts/floor-forms.js';
import { SkillsForm } from './acts/forms.js';
import { ActMenu, type Choice } from './acts/menu.js';
import { WhyAgent } from './acts/why.js';
import { COLOURS } from './states.js';
import { supervisorTexts } from './texts.js';

/** Who is at work comes first. */
const ORDER: readonly WireAgent['state'][] = ['busy', 'ringing', 'wrap-up', 'available', 'break', 'offline'];

export function Agents() {
  const texts = useTexts(supervisorTexts);
  const agents = [...useLive('agent').values()].sort(
    (a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state) || a.title.localeCompare(b.title),
  );
  return (
    <Card withBorder padding="sm">
      <Table.ScrollContainer minWidth={420} mah={420}>
        <Table captionSide="top" highlightOnHover verticalSpacing={6} stickyHeader>
          <Table.Caption>{texts.agents}</Table.Caption>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{texts.agent}</Table.Th>
              <Table.Th>{texts.state}</Table.Th>
              <Table.Th ta="right">{texts.since}</Table.Th>
              <Table.Th>{texts.work}</Table.Th>
              <Table.Td />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {agents.map((agent) => (
              <AgentRow key={agent.id} agent={agent} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Card>
  );
}

function AgentRow({ agent }: { readonly agent: WireAgent }) {
  const texts = useTexts(supervisorTexts);
  const { title, state, since } = agent;
  return (
    <Table.Tr>
      <Table.Th scope="row">
        {title}
        <Team agent={agent} />
      </Table.Th>
      <Table.Td>
        <Badge {...COLOURS[state]} tt="none">
          {texts.states[state]}
        </Badge>
      </Table.Td>
      <Table.Td ta="right">
        <Since time={since} />
      </Table.Td>
      <Table.Td>
        <Work agent={agent} />
      </Table.Td>
      <Table.Td ta="right">
        <ActMenu who={title} choices={useChoices(agent)} />
      </Table.Td>
    </Table.Tr>
  );
}

/** The one they work in now; when a supervisor has put them there, until when. */
function Team({ agent: { id, team } }: { readonly agent: WireAgent }) {
  const texts = useTexts(supervisorTexts);
  const { language } = useLanguage();
  const move = useLiveOne('move', id);
  if (team === undefined) return null;
  const until =
    move?.until === undefined ? texts.movedFor(team) : texts.movedUntil(team, timeText(move.until, language));
  return (
    <Text size="xs" fw={move === undefined ? 400 : 600}>
      {move === undefined ? team : until}
    </Text>
  );
}

/** With whom, or why. */
function Work({ agent: { interaction, reason } }: { readonly agent: WireAgent }) {
  const texts = useTexts(supervisorTexts);
  const talks = useLive('talk');
  const talk = interaction === undefined ? undefined : talks.get(interaction);
  return <Text size="sm">{talk?.customer ?? reason ?? texts.nobody}</Text>;
}

function useChoices(agent: WireAgent): readonly Choice[] {
  const texts = useTexts(supervisorTexts);
  const { act, confirm, open } = useActing();
  const { id, title, interaction } = agent;
  const move = useLiveOne('move', id);
  const toState = (state: string): Act => ({ path: `/api/agents/${id}/state`, method: 'POST', body: { state } });
  return [
    { label: texts.toAvailable, run: () => act(toState('available')) },
    { label: texts.toBreak, run: () => act(toState('break')) },
    { label: texts.skills, run: () => open(<SkillsForm agent={agent} />) },
    ...(agent.team === undefined ? [] : [{ label: texts.toTeam, run: () => open(<TeamForm agent={agent} />) }]),
    ...(move === undefined
      ? []
      : [{ label: texts.backToTeam, run: () => act({ path: `/api/agents/${id}/team`, method: 'DELETE' }) }]),
    ...(interaction === undefined
      ? []
      : [{ label: texts.whyAgent, run: () => open(<WhyAgent interaction={interaction} />) }]),
    {
      label: texts.toOffline,
      danger: true,
      run: () => confirm({ title: texts.toOffline, text: texts.sureOffline(title), act: toState('offline') }),
    },
  ];
}
