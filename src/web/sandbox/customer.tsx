// The customer's side: a telephone with keys, and the messages.
import { ActionIcon, Alert, Button, Group, Paper, Stack, Text, TextInput, Title } from '@mantine/core';
import { IconPhone, IconSend } from '@tabler/icons-react';
import { type FormEvent, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import type { WireVisit, WireVisitView } from '../../contract/visit.js';
import type { SoftPhone } from '../phone/soft-phone.js';
import { useTexts } from '../texts/language.js';
import { CALL_COLOUR, CallButtons, Loudness, PhoneStatus } from './handset.js';
import type { Headset } from './headset.js';
import { tourTexts } from './texts.js';
import { TimeOfDay } from './time-of-day.js';
import { type Phones, usePhoneView, useWrite } from './visit.js';

const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'];

export function CustomerPhone({ visit, phones }: { readonly visit: WireVisit; readonly phones: Phones }) {
  const texts = useTexts(tourTexts);
  const { customer, headset } = phones;
  const view = usePhoneView(customer);
  const { phone, call } = view;
  const isFree = call === undefined || call.state === 'ended';
  useKeys(customer);
  const dial = async (withVoice: boolean): Promise<void> => {
    if (withVoice) await headset.open();
    else headset.listen();
    await customer.call(visit.dial);
  };
  return (
    <Paper component="section" withBorder p="md" aria-label={texts.phoneOf(texts.customer)}>
      <Stack gap="sm">
        <Title order={2} size="h4">
          {texts.customer}
        </Title>
        <Text size="sm" ta="center">
          {texts.yourNumber}: <span className="figure">{visit.number}</span>
        </Text>
        <PhoneStatus view={view} />
        <Group component="fieldset" className="try-keys" aria-label={texts.keypad}>
          {KEYS.map((key) => (
            <Button
              key={key}
              variant="default"
              size="md"
              className="try-key"
              disabled={call?.state !== 'talking'}
              onClick={() => customer.press(key)}
            >
              {key}
            </Button>
          ))}
        </Group>
        {isFree && (
          <>
            <Button
              size="md"
              color={CALL_COLOUR}
              leftSection={<IconPhone size={20} />}
              disabled={phone.state !== 'ready'}
              onClick={() => void dial(true)}
            >
              {texts.call(visit.dial)}
            </Button>
            <Button
              variant="subtle"
              size="compact-sm"
              disabled={phone.state !== 'ready'}
              onClick={() => void dial(false)}
            >
              {texts.callSilently}
            </Button>
          </>
        )}
        <CallButtons phone={customer} view={view} headset={headset} />
        <Loudness headset={headset} part="customer" />
        <NoMicrophone headset={headset} />
      </Stack>
    </Paper>
  );
}

/** The keys of the keyboard are those of the telephone, wherever one is on the page. */
function useKeys(phone: SoftPhone): void {
  useEffect(() => {
    const press = ({ key, target, ctrlKey, altKey, metaKey }: KeyboardEvent): void => {
      const isForOthers = ctrlKey || altKey || metaKey || target instanceof HTMLInputElement;
      if (KEYS.includes(key) && !isForOthers) phone.press(key);
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, [phone]);
}

function NoMicrophone({ headset }: { readonly headset: Headset }) {
  const texts = useTexts(tourTexts);
  const [subscribe] = useState(() => (listener: () => void) => headset.onChange(listener));
  const microphone = useSyncExternalStore(subscribe, () => headset.microphone);
  if (microphone !== 'none') return null;
  return (
    <Alert color="yellow" role="status">
      <Stack gap="xs">
        {texts.noMicrophone}
        <Button variant="default" size="xs" onClick={() => void headset.open()}>
          {texts.askAgain}
        </Button>
      </Stack>
    </Alert>
  );
}

interface MessagesProps {
  readonly visit: WireVisit;
  readonly messages: WireVisitView['messages'];
}

export function Messages({ visit, messages }: MessagesProps) {
  const texts = useTexts(tourTexts);
  const [text, setText] = useState('');
  const { mutate, isPending, error } = useWrite(visit);
  const list = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the newest one is to be seen
  useEffect(() => {
    list.current?.scrollTo({ top: list.current.scrollHeight });
  }, [messages.length]);
  const send = (event: FormEvent): void => {
    event.preventDefault();
    if (text.trim() !== '') mutate(text.trim(), { onSuccess: () => setText('') });
  };
  return (
    <Paper component="section" withBorder p="md" aria-label={texts.messages}>
      <Stack gap="sm" h="100%">
        <Title order={2} size="h4">
          {texts.messages}
        </Title>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached with the keyboard */}
        <div ref={list} role="log" aria-label={texts.messages} tabIndex={0} className="try-chat">
          {messages.length === 0 && <Text size="sm">{texts.noMessages}</Text>}
          {messages.map((message) => (
            <Bubble key={message.id} message={message} />
          ))}
        </div>
        {error !== null && (
          <Alert color="red" role="alert">
            {error.message}
          </Alert>
        )}
        <Group component="div" justify="flex-end">
          <Button variant="light" size="xs" loading={isPending} onClick={() => mutate('1')}>
            {texts.quick}
          </Button>
        </Group>
        <form onSubmit={send}>
          <Group gap="xs" wrap="nowrap">
            <TextInput
              className="try-grows"
              aria-label={texts.write}
              placeholder={texts.write}
              maxLength={1_000}
              value={text}
              onChange={({ currentTarget }) => setText(currentTarget.value)}
            />
            <ActionIcon type="submit" size="lg" aria-label={texts.send} loading={isPending}>
              <IconSend size={18} />
            </ActionIcon>
          </Group>
        </form>
      </Stack>
    </Paper>
  );
}

function Bubble({ message: { direction, text, at } }: { readonly message: WireVisitView['messages'][number] }) {
  const texts = useTexts(tourTexts);
  return (
    <div className="try-bubble" data-direction={direction}>
      <Text size="xs">
        {direction === 'out' ? texts.fromHilo : texts.fromYou} · <TimeOfDay at={at} />
      </Text>
      <Text size="sm">{text}</Text>
    </div>
  );
}
