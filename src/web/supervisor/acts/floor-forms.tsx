// What a supervisor changes over the files of the centre: limits of alarms of a queue, the team of an agent.
import { Button, NativeSelect, NumberInput, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { WireAgent } from '../../../contract/agent.js';
import type { WireTeams } from '../../../contract/floor/changes.js';
import type { LiveQueue } from '../../../contract/live/live.js';
import { useLiveOne } from '../../live/live.js';
import { ask } from '../../session/http.js';
import { useLanguage, useTexts } from '../../texts/language.js';
import { supervisorTexts } from '../texts.js';
import { type Act, ActWindow, useActing } from './act.js';

const SECOND_MS = 1_000;

/** Stands on what the limits are when it is opened. */
export function AlarmForm({ id }: { readonly id: string }) {
  const queue = useLiveOne('queue', id);
  return queue === undefined ? null : <LimitsForm queue={queue} />;
}

function LimitsForm({ queue }: { readonly queue: LiveQueue }) {
  const texts = useTexts(supervisorTexts);
  const { language } = useLanguage();
  const { act: doNow, open } = useActing();
  const given = useLiveOne('alarm', queue.id)?.given;
  const { alarms } = queue;
  const [waiting, setWaiting] = useState<number | string>(alarms?.waiting ?? '');
  const [waitS, setWaitS] = useState<number | string>(alarms === undefined ? '' : alarms.waitMs / SECOND_MS);
  const [level, setLevel] = useState<number | string>(
    alarms === undefined ? '' : Math.round(100 * alarms.serviceLevel),
  );
  const path = `/api/queues/${queue.id}/alarms`;
  const body = { waiting: Number(waiting), waitS: Number(waitS), serviceLevel: Number(level) };
  const isWhole = [waiting, waitS, level].every((one) => one !== '');
  return (
    <ActWindow
      title={texts.limitsOf(queue.title[language] ?? queue.id)}
      action={texts.save}
      disabled={!isWhole}
      act={(): Act => ({ path, method: 'PUT', body })}
    >
      <Text size="sm">{texts.limitsHelp}</Text>
      <NumberInput
        label={texts.limitWaiting}
        min={0}
        max={10_000}
        allowDecimal={false}
        value={waiting}
        onChange={setWaiting}
        data-autofocus
      />
      <NumberInput
        label={texts.limitWait}
        min={1}
        max={86_400}
        allowDecimal={false}
        value={waitS}
        onChange={setWaitS}
      />
      <NumberInput label={texts.limitLevel} min={0} max={100} value={level} onChange={setLevel} />
      {given && (
        <>
          <Text size="sm">{texts.limitsBy(given.by)}</Text>
          <Button
            variant="default"
            onClick={() => {
              doNow({ path, method: 'DELETE' });
              open(undefined);
            }}
          >
            {texts.fileLimits}
          </Button>
        </>
      )}
    </ActWindow>
  );
}

/** Times that make sense for a shift; '': until somebody changes it. */
const MINUTES = [30, 60, 120, 240, 480] as const;

export function TeamForm({ agent }: { readonly agent: WireAgent }) {
  const texts = useTexts(supervisorTexts);
  const { data } = useQuery({ queryKey: ['teams'], queryFn: () => ask<WireTeams>('/api/teams') });
  const others = (data?.teams ?? []).filter((team) => team !== agent.team);
  const [chosen, setChosen] = useState('');
  const [minutes, setMinutes] = useState('');
  const team = others.includes(chosen) ? chosen : (others[0] ?? '');
  const body = minutes === '' ? { team } : { team, minutes: Number(minutes) };
  return (
    <ActWindow
      title={texts.teamOf(agent.title)}
      action={texts.move}
      disabled={team === ''}
      act={(): Act => ({ path: `/api/agents/${agent.id}/team`, method: 'PUT', body })}
    >
      <Text size="sm">{texts.teamHelp}</Text>
      {data !== undefined && others.length === 0 && <Text role="status">{texts.noTeams}</Text>}
      <NativeSelect
        label={texts.team}
        data={others}
        value={team}
        onChange={({ currentTarget }) => setChosen(currentTarget.value)}
        data-autofocus
      />
      <NativeSelect
        label={texts.teamFor}
        data={[
          { value: '', label: texts.teamForEver },
          ...MINUTES.map((many) => ({ value: String(many), label: texts.teamMinutes(many) })),
        ]}
        value={minutes}
        onChange={({ currentTarget }) => setMinutes(currentTarget.value)}
      />
    </ActWindow>
  );
}
