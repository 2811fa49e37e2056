// The conversations that go on: who with whom, who hears them, and what a supervisor can do there.
import { Badge, Card, Text } from '@mantine/core';
import { useCallback, useMemo } from 'react';
import type { LiveTalk } from '../../../contract/live/floor.js';
import { useLive } from '../../live/live.js';
import { useAddressText } from '../../texts/address.js';
import { Since } from '../../texts/duration.js';
import { useTexts } from '../../texts/language.js';
import { useActing } from '../acts/act.js';
import { MonitorForm, type MonitorMode, QueueForm } from '../acts/forms.js';
import { ActMenu, type Choice } from '../acts/menu.js';
import { WhyAgent } from '../acts/why.js';
import { supervisorTexts } from '../texts.js';
import { type Seen, SeenTable } from './seen-table.js';
import { useAgentTitles } from './titles.js';

const MODES: readonly MonitorMode[] = ['listen', 'whisper', 'barge'];

const ROW_PX = 48;
const SHOWN_PX = 420;

/** The oldest first. */
export function talkRows(talks: ReadonlyMap<string, LiveTalk>): readonly Seen<LiveTalk>[] {
  return [...talks]
    .map(([id, value]) => ({ id, value }))
    .sort(({ value: a }, { value: b }) => (a.since < b.since ? -1 : 1));
}

export function Talks() {
  const texts = useTexts(supervisorTexts);
  const titles = useAgentTitles();
  const talks = useLive('talk');
  const rows = useMemo(() => talkRows(talks), [talks]);
  const cellsOf = useCallback(
    ({ value }: Seen<LiveTalk>) => <TalkCells talk={value} agent={titles.get(value.agent) ?? value.agent} />,
    [titles],
  );
  return (
    <Card withBorder padding="sm">
      <Text component="h2" fw={600} size="sm" mb="xs" id="talks-title">
        {texts.talks} · <span className="figure">{rows.length}</span>
      </Text>
      {rows.length === 0 ? (
        <Text size="sm">{texts.noTalks}</Text>
      ) : (
        <SeenTable
          labelledBy="talks-title"
          className="talks"
          columns={[texts.customer, texts.agent, texts.state, texts.since]}
          rows={rows}
          rowPx={ROW_PX}
          mostPx={SHOWN_PX}
          cellsOf={cellsOf}
        />
      )}
    </Card>
  );
}

interface TalkProps {
  readonly talk: LiveTalk;
  /** As people read it. */
  readonly agent: string;
}

function TalkCells({ talk, agent }: TalkProps) {
  const texts = useTexts(supervisorTexts);
  const addressText = useAddressText();
  const { since, state, monitor } = talk;
  const customer = talk.customer === undefined ? undefined : addressText(talk.customer);
  return (
    <>
      <th scope="row" className="figure">
        {customer ?? (state === undefined ? texts.nobody : texts.unknownCustomer)}
      </th>
      <td title={agent}>{agent}</td>
      <td>
        <div>{state === undefined ? texts.elsewhere : texts.talkStates[state]}</div>
        {monitor && (
          <Badge color="grape.8" variant="filled" tt="none" maw="100%">
            {texts.monitoredBy(monitor.by, monitor.isRinging ? `(${texts.ringing})` : texts.monitors[monitor.mode])}
          </Badge>
        )}
      </td>
      <td>
        <Since time={since} />
      </td>
      <td>
        <ActMenu who={`${agent}, ${customer ?? texts.unknownCustomer}`} choices={useChoices({ talk, agent })} />
      </td>
    </>
  );
}

function useChoices({ talk, agent }: TalkProps): readonly Choice[] {
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
