// What a supervisor fills in before an act: which phone, which queue, which priority, which skills, which words.
import { NativeSelect, NumberInput, Radio, Stack, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import type { WireAgent } from '../../../contract/agent.js';
import type { LiveTalk } from '../../../contract/live/floor.js';
import { useLive } from '../../live/live.js';
import { useLanguage, useTexts } from '../../texts/language.js';
import { supervisorTexts } from '../texts.js';
import { type Act, ActWindow } from './act.js';

export type MonitorMode = NonNullable<LiveTalk['monitor']>['mode'];

/** The last phone chosen in this browser is the first one offered. */
const PHONE_KEPT_AS = 'hilo-supervisor-phone';
const HIGHEST = 5;

export function MonitorForm({ talk, mode }: { readonly talk: LiveTalk; readonly mode: MonitorMode }) {
  const texts = useTexts(supervisorTexts);
  const agents = useLive('agent');
  // The agent's own phones are in the conversation.
  const phones = [...agents.values()]
    .filter(({ id }) => id !== talk.agent)
    .flatMap(({ title, devices }) =>
      devices.filter(({ registered }) => registered).map(({ name }) => ({ value: name, label: `${name} (${title})` })),
    );
  const [chosen, setChosen] = useState(() => localStorage.getItem(PHONE_KEPT_AS) ?? '');
  const device = phones.some(({ value }) => value === chosen) ? chosen : (phones[0]?.value ?? '');
  const act = (): Act => {
    localStorage.setItem(PHONE_KEPT_AS, device);
    return { path: `/api/calls/${talk.interaction}/monitor`, method: 'POST', body: { device, mode } };
  };
  return (
    <ActWindow title={texts[mode]} action={texts.start} disabled={device === ''} danger={mode === 'barge'} act={act}>
      {mode === 'barge' && <Text>{texts.sureBarge}</Text>}
      {phones.length === 0 && <Text role="status">{texts.noPhone}</Text>}
      <NativeSelect
        label={texts.monitorPhone}
        description={texts.monitorPhoneHelp}
        data={phones}
        value={device}
        onChange={({ currentTarget }) => setChosen(currentTarget.value)}
        data-autofocus
      />
    </ActWindow>
  );
}

interface QueueFormProps {
  readonly from: string | undefined;
  readonly act: (queue: string) => Act;
}

export function QueueForm({ from, act }: QueueFormProps) {
  const texts = useTexts(supervisorTexts);
  const { language } = useLanguage();
  const queues = [...useLive('queue').values()].filter(({ id }) => id !== from);
  const [chosen, setChosen] = useState('');
  const queue = chosen === '' ? (queues[0]?.id ?? '') : chosen;
  return (
    <ActWindow title={texts.requeue} action={texts.move} disabled={queue === ''} act={() => act(queue)}>
      <NativeSelect
        label={texts.toQueue}
        data={queues.map(({ id, title }) => ({ value: id, label: title[language] ?? id }))}
        value={queue}
        onChange={({ currentTarget }) => setChosen(currentTarget.value)}
        data-autofocus
      />
    </ActWindow>
  );
}

export function PriorityForm({ present, path }: { readonly present: number; readonly path: string }) {
  const texts = useTexts(supervisorTexts);
  const [priority, setPriority] = useState<number | string>(present);
  const act = (): Act => ({ path, method: 'PATCH', body: { priority: Number(priority) } });
  return (
    <ActWindow title={texts.changePriority} action={texts.save} disabled={priority === ''} act={act}>
      <NumberInput
        label={texts.priority}
        description={texts.priorityHelp}
        min={0}
        max={9}
        allowDecimal={false}
        value={priority}
        onChange={setPriority}
        data-autofocus
      />
    </ActWindow>
  );
}

export function SkillsForm({ agent }: { readonly agent: WireAgent }) {
  const texts = useTexts(supervisorTexts);
  const agents = useLive('agent');
  const queues = useLive('queue');
  const known = new Set([
    ...[...queues.values()].map(({ skill }) => skill),
    ...[...agents.values()].flatMap(({ skills }) => Object.keys(skills)),
  ]);
  const [wishes, setWishes] = useState<Readonly<Record<string, number | string>>>(agent.skills);
  const given = Object.entries(wishes).filter(([, level]) => level !== '' && Number(level) > 0);
  const skills = Object.fromEntries(given.map(([skill, level]) => [skill, Number(level)]));
  const act = (): Act => ({ path: `/api/agents/${agent.id}`, method: 'PATCH', body: { skills } });
  return (
    <ActWindow title={texts.skillsOf(agent.title)} action={texts.save} act={act}>
      <Text size="sm">{texts.skillsHelp}</Text>
      {[...known].sort().map((skill) => (
        <NumberInput
          key={skill}
          label={skill}
          min={1}
          max={HIGHEST}
          allowDecimal={false}
          value={wishes[skill] ?? ''}
          onChange={(level) => setWishes({ ...wishes, [skill]: level })}
        />
      ))}
    </ActWindow>
  );
}

export function NoticeForm() {
  const texts = useTexts(supervisorTexts);
  const [text, setText] = useState('');
  const [minutes, setMinutes] = useState<number | string>(60);
  const act = (): Act => ({ path: '/api/notices', method: 'POST', body: { text, minutes: Number(minutes) } });
  return (
    <ActWindow title={texts.notice} action={texts.send} disabled={text.trim() === '' || minutes === ''} act={act}>
      <Textarea
        label={texts.noticeText}
        maxLength={300}
        autosize
        minRows={2}
        value={text}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
        data-autofocus
      />
      <NumberInput
        label={texts.noticeMinutes}
        min={1}
        max={1440}
        allowDecimal={false}
        value={minutes}
        onChange={setMinutes}
      />
    </ActWindow>
  );
}

export function EmergencyForm() {
  const texts = useTexts(supervisorTexts);
  const [es, setEs] = useState('');
  const [en, setEn] = useState('');
  const [afterwards, setAfterwards] = useState('go-on');
  const given = Object.entries({ es, en }).filter(([, text]) => text.trim() !== '');
  const body = { texts: Object.fromEntries(given), afterwards };
  const act = (): Act => ({ path: '/api/emergency', method: 'PUT', body });
  return (
    <ActWindow title={texts.emergency} action={texts.switchOn} danger disabled={given.length === 0} act={act}>
      <Text size="sm">{texts.emergencyHelp}</Text>
      <Textarea
        label={texts.inSpanish}
        maxLength={1000}
        value={es}
        onChange={({ currentTarget }) => setEs(currentTarget.value)}
        data-autofocus
      />
      <Textarea
        label={texts.inEnglish}
        maxLength={1000}
        value={en}
        onChange={({ currentTarget }) => setEn(currentTarget.value)}
      />
      <Radio.Group label={texts.afterwards} value={afterwards} onChange={setAfterwards}>
        <Stack gap="xs" mt="xs">
          <Radio value="go-on" label={texts.goOn} />
          <Radio value="hang-up" label={texts.endCall} />
        </Stack>
      </Radio.Group>
    </ActWindow>
  );
}
