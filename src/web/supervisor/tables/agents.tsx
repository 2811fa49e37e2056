// The agents: what each of them does, since when, and what a supervisor can do about it.
import { Badge, Card, Group, Text, TextInput } from '@mantine/core';
import { useCallback, useMemo, useState } from 'react';
import type { WireAgent } from '../../../contract/agent.js';
import { useLive, useLiveOne } from '../../live/live.js';
import { useAddressText } from '../../texts/address.js';
import { timeText } from '../../texts/clock.js';
import { Since } from '../../texts/duration.js';
import { useLanguage, useTexts } from '../../texts/language.js';
import { type Act, useActing } from '../acts/act.js';
import { TeamForm } from '../acts/floor-forms.js';
import { SkillsForm } from '../acts/forms.js';
import { ActMenu, type Choice } from '../acts/menu.js';
import { WhyAgent } from '../acts/why.js';
import { COLOURS } from '../states.js';
import { supervisorTexts } from '../texts.js';
import { type Seen, SeenTable } from './seen-table.js';

/** Who is at work comes first. */
const ORDER: readonly WireAgent['state'][] = ['busy', 'ringing', 'wrap-up', 'available', 'break', 'offline'];

const ROW_PX = 48;
const SHOWN_PX = 420;
const IN_ORDER = new Intl.Collator();

/** `wanted`: a part of the name or the team; empty: all. */
export function agentRows(agents: ReadonlyMap<string, WireAgent>, wanted: string): readonly Seen<WireAgent>[] {
  const part = plain(wanted);
  return [...agents]
    .map(([id, value]) => ({ id, value }))
    .filter(({ value: { title, team = '' } }) => part === '' || plain(`${title}\n${team}`).includes(part))
    .sort(
      ({ value: a }, { value: b }) =>
        ORDER.indexOf(a.state) - ORDER.indexOf(b.state) || IN_ORDER.compare(a.title, b.title),
    );
}

/** `Núria` is found as `nuria`. */
function plain(text: string): string {
  return text
    .normalize('NFD')
    .replaceAll(/\p{Mn}/gu, '')
    .toLowerCase()
    .trim();
}

export function Agents() {
  const texts = useTexts(supervisorTexts);
  const agents = useLive('agent');
  const [wanted, setWanted] = useState('');
  const rows = useMemo(() => agentRows(agents, wanted), [agents, wanted]);
  const cellsOf = useCallback(({ value }: Seen<WireAgent>) => <AgentCells agent={value} />, []);
  return (
    <Card withBorder padding="sm">
      <Group justify="space-between" mb="xs">
        <Text component="h2" fw={600} size="sm" id="agents-title">
          {texts.agents} · <span className="figure">{rows.length}</span>
        </Text>
        <TextInput
          size="xs"
          type="search"
          aria-label={texts.findAgent}
          placeholder={texts.findAgent}
          maxLength={80}
          value={wanted}
          onChange={({ currentTarget }) => setWanted(currentTarget.value)}
        />
      </Group>
      <SeenTable
        labelledBy="agents-title"
        className="agents"
        columns={[texts.agent, texts.state, texts.since, texts.work]}
        rows={rows}
        rowPx={ROW_PX}
        mostPx={SHOWN_PX}
        cellsOf={cellsOf}
      />
    </Card>
  );
}

function AgentCells({ agent }: { readonly agent: WireAgent }) {
  const texts = useTexts(supervisorTexts);
  const { title, state, since } = agent;
  return (
    <>
      <th scope="row" title={title}>
        {title}
        <Team agent={agent} />
      </th>
      <td>
        <Badge {...COLOURS[state]} tt="none">
          {texts.states[state]}
        </Badge>
      </td>
      <td>
        <Since time={since} />
      </td>
      <td>
        <Work agent={agent} />
      </td>
      <td>
        <ActMenu who={title} choices={useChoices(agent)} />
      </td>
    </>
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
    <Text size="xs" truncate fw={move === undefined ? 400 : 600}>
      {move === undefined ? team : until}
    </Text>
  );
}

/** With whom, or why. */
function Work({ agent: { interaction, reason } }: { readonly agent: WireAgent }) {
  const texts = useTexts(supervisorTexts);
  const addressText = useAddressText();
  const talk = useLiveOne('talk', interaction ?? '');
  const whom = talk?.customer === undefined ? undefined : addressText(talk.customer);
  return (
    <Text size="sm" truncate>
      {whom ?? reason ?? texts.nobody}
    </Text>
  );
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
