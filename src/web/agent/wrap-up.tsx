// After the call: what it was about, notes, and the end of the wrap-up; nothing that was typed is lost when the time runs out.
import { Button, Group, Paper, Radio, Stack, Text, Textarea, Title } from '@mantine/core';
import type { DeskWrapUp } from '../../contract/live/desk.js';
import { clockText, useNow } from '../texts/duration.js';
import { useLanguage, useTexts } from '../texts/language.js';
import type { Acting } from './acting.js';
import { CustomerHead } from './customer.js';
import { NOTE_MAX } from './note-box.js';
import { deskTexts } from './texts.js';

/** What was typed about a call and is not stored yet. */
export interface WriteUp {
  readonly code: string;
  readonly note: string;
}

const BLANK: WriteUp = { code: '', note: '' };

export interface WrapUpProps {
  readonly wrapUp: DeskWrapUp;
  /** The time is up, but something is not stored. */
  readonly late: boolean;
  readonly agent: string;
  readonly acting: Acting;
  /** Undefined: nothing. */
  readonly writeUp: WriteUp | undefined;
  readonly change: (writeUp: WriteUp) => void;
}

export function WrapUpCard({ wrapUp, late, agent, acting, writeUp = BLANK, change }: WrapUpProps) {
  const texts = useTexts(deskTexts);
  const { required, codes, canProlong, chosen } = wrapUp;
  const { code, note } = writeUp;
  const lacks = required && code === '' && chosen === undefined;
  const finish = async (): Promise<void> => {
    if (!(await store(wrapUp, writeUp, acting))) return;
    change(BLANK);
    if (!late) await acting.act('finish', `/api/agents/${agent}/wrap-up`, { action: 'finish' });
  };
  const isBlank = code === '' && note.trim() === '';
  const action = late ? texts.save : isBlank ? texts.finish : texts.saveAndFinish;
  return (
    <Paper component="section" withBorder p="md" aria-label={texts.wrapUp}>
      <Stack>
        <Group justify="space-between">
          <Title order={2} size="h4">
            {late ? texts.unsaved : texts.wrapUp}
          </Title>
          {!late && <TimeLeft until={wrapUp.until} />}
        </Group>
        <CustomerHead customer={wrapUp.customer} />
        {codes.length > 0 && (
          <Codes wrapUp={wrapUp} value={code} choose={(value) => change({ ...writeUp, code: value })} />
        )}
        <Textarea
          label={texts.notes}
          value={note}
          maxLength={NOTE_MAX}
          autosize
          minRows={3}
          maxRows={10}
          onChange={({ currentTarget }) => change({ ...writeUp, note: currentTarget.value })}
        />
        {lacks && (
          <Text size="sm" id="wrap-up-lacks">
            {texts.required}
          </Text>
        )}
        <Group gap="xs">
          <Button
            disabled={lacks}
            loading={acting.busy === 'store' || acting.busy === 'finish'}
            onClick={() => void finish()}
            {...(lacks ? { 'aria-describedby': 'wrap-up-lacks' } : {})}
          >
            {action}
          </Button>
          {canProlong && !late && (
            <Button
              variant="default"
              loading={acting.busy === 'prolong'}
              onClick={() => void acting.act('prolong', `/api/agents/${agent}/wrap-up`, { action: 'prolong' })}
            >
              {texts.moreTime}
            </Button>
          )}
          {late && (
            <Button variant="default" onClick={() => change(BLANK)}>
              {texts.drop}
            </Button>
          )}
        </Group>
      </Stack>
    </Paper>
  );
}

/** The note goes with the code, or by itself. True: there is nothing left to store. */
async function store({ interaction }: DeskWrapUp, writeUp: WriteUp, acting: Acting): Promise<boolean> {
  const { code } = writeUp;
  const note = writeUp.note.trim();
  if (interaction === undefined || (code === '' && note === '')) return true;
  const path = `/api/interactions/${interaction}`;
  if (code === '') return acting.act('store', `${path}/notes`, { text: note });
  return acting.act('store', `${path}/disposition`, note === '' ? { code } : { code, note });
}

interface CodesProps {
  readonly wrapUp: DeskWrapUp;
  readonly value: string;
  readonly choose: (code: string) => void;
}

function Codes({ wrapUp: { codes, required, chosen }, value, choose }: CodesProps) {
  const texts = useTexts(deskTexts);
  const { language } = useLanguage();
  return (
    <Radio.Group
      label={texts.about}
      withAsterisk={required}
      value={value === '' ? (chosen ?? '') : value}
      onChange={choose}
    >
      <Stack gap="xs" mt="xs">
        {codes.map(({ code, title }) => (
          <Radio key={code} value={code} label={title[language] ?? code} />
        ))}
      </Stack>
    </Radio.Group>
  );
}

function TimeLeft({ until }: { readonly until: string }) {
  const leftS = (Date.parse(until) - useNow()) / 1_000;
  return (
    <Text fw={600} className="figure" role="timer">
      {clockText(leftS)}
    </Text>
  );
}
