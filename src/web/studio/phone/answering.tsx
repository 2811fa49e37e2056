// What whoever tries a draft may answer now: keys, a line, what became of it, what another system says.
import { Button, Group, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTexts } from '../../texts/language.js';
import { studioTexts } from '../texts.js';
import type { Question } from './hand-call.js';
import { afterKey } from './keys.js';

export interface AnsweringProps {
  readonly question: Question;
  /** Each key, also one after which more are wanted. */
  readonly onKey: () => void;
  readonly onAnswer: (typed: string) => void;
}

export function Answering({ question, onKey, onAnswer }: AnsweringProps) {
  const texts = useTexts(studioTexts);
  switch (question.kind) {
    case 'over':
      return null;
    case 'outcome': {
      const [good, bad] = texts.outcomes[question.of];
      return (
        <Group>
          <Button onClick={() => onAnswer('')}>{good}</Button>
          <Button variant="default" onClick={() => onAnswer('no')}>
            {bad}
          </Button>
        </Group>
      );
    }
    case 'outside':
      return (
        <Stack gap={4}>
          {question.detail !== '' && <Text size="sm">{question.detail}</Text>}
          <Line label={texts.outside[question.of]} onAnswer={onAnswer} />
        </Stack>
      );
    case 'listen':
      return (
        <Stack gap="xs">
          <Line label={texts.write} onAnswer={onAnswer} />
          <KeyPad wants={{ min: 1, max: question.max, terminators: '', isSecret: false }} {...{ onKey, onAnswer }} />
        </Stack>
      );
    case 'keys':
      return <KeyPad wants={question} {...{ onKey, onAnswer }} />;
  }
}

function Line({ label, onAnswer }: { readonly label: string; readonly onAnswer: (typed: string) => void }) {
  const texts = useTexts(studioTexts);
  const [typed, setTyped] = useState('');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onAnswer(typed);
  };
  return (
    <form onSubmit={submit}>
      <Group align="end" gap="xs">
        <TextInput
          flex={1}
          label={label}
          value={typed}
          onChange={({ currentTarget }) => setTyped(currentTarget.value)}
        />
        <Button type="submit">{texts.send}</Button>
      </Group>
    </form>
  );
}

const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'];

interface KeyPadProps {
  readonly wants: Omit<Question & { kind: 'keys' }, 'kind' | 'isInterruptible'>;
  readonly onKey: () => void;
  readonly onAnswer: (typed: string) => void;
}

function KeyPad({ wants, onKey, onAnswer }: KeyPadProps) {
  const texts = useTexts(studioTexts);
  const [typed, setTyped] = useState('');
  const press = (key: string): void => {
    onKey();
    const after = afterKey(wants, typed, key);
    if (after.isWhole) onAnswer(after.typed);
    else setTyped(after.typed);
  };
  return (
    <Group align="start" role="group" aria-label={texts.keypad}>
      <SimpleGrid cols={3} spacing={6} verticalSpacing={6}>
        {KEYS.map((key) => (
          <Button key={key} variant="default" w={56} onClick={() => press(key)}>
            {key}
          </Button>
        ))}
      </SimpleGrid>
      <Stack gap="xs">
        <Button variant="default" onClick={() => onAnswer(typed)}>
          {typed === '' ? texts.silence : texts.send}
        </Button>
        {typed !== '' && (
          <Text role="status">
            {texts.typed}: {wants.isSecret ? '•'.repeat(typed.length) : typed}
          </Text>
        )}
      </Stack>
    </Group>
  );
}
