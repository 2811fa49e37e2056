// A telephone that calls the draft: what the caller hears, to read and to listen to, the key pad, what the world outside answers.
import { Alert, Button, Group, NativeSelect, SimpleGrid, Stack, Switch, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { titleIn } from '../../../core/ivr/step-title.js';
import { LANGUAGES, useLanguage, useTexts } from '../../texts/language.js';
import type { Compiled } from '../compiled.js';
import { studioTexts } from '../texts.js';
import { Answering } from './answering.js';
import { type CallLine, type CallWish, type Turn, textOf } from './hand-call.js';
import { usePhoneSound } from './sound.js';

export interface PhoneProps {
  readonly name: string;
  readonly text: string;
  readonly compiled: Compiled;
  /** Where the call stands; undefined when there is none. */
  readonly onStep: (step: string | undefined) => void;
}

interface Call {
  readonly lines: readonly CallLine[];
  readonly turn: Turn | undefined;
}

export function Phone({ name, text, compiled: { compiler, checked }, onStep }: PhoneProps) {
  const texts = useTexts(studioTexts);
  const [wish, setWish] = useState<CallWish>(firstWish);
  const { call, dial, answer, hangUp, failure, isDialling, sound } = useCall({ compiler, name, onStep });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    dial(text, wish);
  };
  return (
    <Stack gap="sm">
      <form onSubmit={submit}>
        <SimpleGrid cols={{ base: 2, sm: 4 }} spacing="xs" style={{ alignItems: 'end' }}>
          <Wish wish={wish} onWish={setWish} />
        </SimpleGrid>
        <Group mt="xs">
          <Button type="submit" loading={isDialling} disabled={checked?.isGood !== true}>
            {call === undefined ? texts.dial : texts.again}
          </Button>
          <Button variant="default" disabled={call?.turn === undefined} onClick={hangUp}>
            {texts.hangUp}
          </Button>
          <Switch label={texts.withSound} checked={sound.isOn} onChange={sound.toggle} />
        </Group>
      </form>
      {checked?.isGood === false && <Alert color="yellow">{texts.faultyFirst}</Alert>}
      {failure !== null && (
        <Alert color="red" role="alert">
          {failure.message}
        </Alert>
      )}
      {sound.error !== undefined && (
        <Alert color="yellow" role="alert">
          {texts.notHeard(sound.error.message)}
        </Alert>
      )}
      {call !== undefined && <Talk call={call} />}
      {call?.turn !== undefined && (
        <Answering key={call.lines.length} question={call.turn.question} onKey={sound.interrupt} onAnswer={answer} />
      )}
    </Stack>
  );
}

function useCall({ compiler, name, onStep }: Pick<PhoneProps, 'name' | 'onStep'> & Pick<Compiled, 'compiler'>) {
  const [call, setCall] = useState<Call>();
  const sound = usePhoneSound(call?.turn);
  /** What comes of an answer after the call was hung up, or after the page is gone, is nobody's any more. */
  const isUp = useRef(false);
  const take = (turn: Turn | undefined, before: readonly CallLine[]): void => {
    if (!isUp.current) return;
    setCall(turn === undefined ? undefined : { lines: [...before, ...turn.lines], turn });
    onStep(turn?.flow === name ? turn.step : undefined);
    sound.say(turn);
  };
  const dial = useMutation({
    mutationFn: ({ text, wish }: { readonly text: string; readonly wish: CallWish }) => compiler.dial(name, text, wish),
    onMutate: () => {
      isUp.current = true;
    },
    onSuccess: (turn) => take(turn, []),
  });
  const answer = useMutation({
    mutationFn: (typed: string) => compiler.answer(typed),
    onSuccess: (turn) => take(turn, call?.lines ?? []),
  });
  useEffect(
    () => () => {
      isUp.current = false;
      onStep(undefined);
    },
    [onStep],
  );
  const hangUp = (): void => {
    isUp.current = false;
    sound.say(undefined);
    setCall((before) => before && { ...before, turn: undefined });
    onStep(undefined);
  };
  return {
    ...{ call, hangUp, sound, isDialling: dial.isPending, failure: dial.error ?? answer.error },
    dial: (text: string, wish: CallWish) => dial.mutate({ text, wish }),
    answer: (typed: string) => answer.mutate(typed),
  };
}

function firstWish(): CallWish {
  const now = new Date();
  const two = (value: number): string => String(value).padStart(2, '0');
  return {
    from: '+34600123123',
    language: '',
    date: `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`,
    time: `${two(now.getHours())}:${two(now.getMinutes())}`,
  };
}

function Wish({ wish, onWish }: { readonly wish: CallWish; readonly onWish: (wish: CallWish) => void }) {
  const texts = useTexts(studioTexts);
  const field = (key: 'from' | 'date' | 'time', type: string) => (
    <TextInput
      size="xs"
      required
      type={type}
      label={texts[key]}
      value={wish[key]}
      onChange={({ currentTarget }) => onWish({ ...wish, [key]: currentTarget.value })}
    />
  );
  return (
    <>
      {field('from', 'tel')}
      <NativeSelect
        size="xs"
        label={texts.knownLanguage}
        value={wish.language}
        data={[{ value: '', label: texts.unknown }, ...LANGUAGES]}
        onChange={({ currentTarget }) => onWish({ ...wish, language: currentTarget.value })}
      />
      {field('date', 'date')}
      {field('time', 'time')}
    </>
  );
}

function Talk({ call: { lines, turn } }: { readonly call: Call }) {
  const texts = useTexts(studioTexts);
  const end = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever there is more to read
  useEffect(() => {
    end.current?.scrollIntoView({ block: 'nearest' });
  }, [lines]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and has to with a keyboard
    <section className="studio-talk" aria-label={texts.talk} aria-live="polite" tabIndex={0}>
      {lines.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines are only added
        <p key={index} data-kind={line.kind} lang={line.kind === 'heard' ? textOf(line.prompt).language : undefined}>
          <LineText line={line} />
        </p>
      ))}
      {turn === undefined && <p data-kind="deed">{texts.hungUp}</p>}
      {turn?.question.kind === 'over' && (
        <p data-kind="deed">{texts.over(turn.question.result, turn.question.reason)}</p>
      )}
      <div ref={end} />
    </section>
  );
}

function LineText({ line }: { readonly line: CallLine }) {
  const { language } = useLanguage();
  const texts = useTexts(studioTexts);
  switch (line.kind) {
    case 'heard': {
      const { prompt } = line;
      return `${prompt.kind === 'text' ? '' : `[${texts.recording(prompt.name)}] `}${textOf(prompt).text}`;
    }
    case 'did':
      return line.typed === '' ? texts.silent : line.typed;
    case 'went':
      return `${titleIn(line.title, language) ?? line.step}: ${line.outcome}`;
    case 'deed':
      return texts.deeds[line.deed](line.to);
  }
}
