// Writing: Enter sends, a `/` opens the canned texts; when the window is closed, only templates.
import { ActionIcon, Button, FileButton, Group, Stack, Text, Textarea } from '@mantine/core';
import { IconPaperclip, IconSend, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useId, useRef, useState } from 'react';
import type { WireThread } from '../../../contract/conversation/conversation.js';
import { useLanguage, useTexts } from '../../texts/language.js';
import { cannedQuery } from '../requests.js';
import { conversationTexts } from '../texts.js';
import { sizeText } from '../thread/size.js';
import { useIsFree } from '../thread/window-bar.js';
import { type Choice, choiceOf, lookedFor, matching } from './canned.js';
import type { Draft } from './drafts.js';
import { TemplateForm } from './template-form.js';

export interface ComposerProps {
  readonly thread: WireThread;
  readonly draft: Draft;
  readonly change: (draft: Pick<Draft, 'text' | 'file'>) => void;
  readonly send: (text: string, file: File | undefined) => void;
  readonly sendTemplate: (name: string, language: string, values: Record<string, string>, text: string) => void;
}

export function Composer(props: ComposerProps) {
  const { thread, sendTemplate } = props;
  const texts = useTexts(conversationTexts);
  const { language } = useLanguage();
  const { allowed } = thread;
  const { data: canned } = useQuery(cannedQuery(thread.id, language));
  const [isTemplate, setTemplate] = useState(false);
  const isFree = useIsFree(thread);
  const templates = canned?.templates ?? [];
  if (!isFree || isTemplate) {
    return (
      <Stack gap="xs">
        {templates.length === 0 && canned !== undefined && <Text size="sm">{texts.noTemplates}</Text>}
        {canned !== undefined && templates.length > 0 && (
          <TemplateForm
            templates={templates}
            language={canned.language}
            send={(...template) => {
              setTemplate(false);
              sendTemplate(...template);
            }}
            {...(isFree ? { cancel: () => setTemplate(false) } : {})}
          />
        )}
      </Stack>
    );
  }
  const choices = canned?.texts.map((one) => choiceOf(one, canned, language)) ?? [];
  const openTemplates = allowed.templates && templates.length > 0 ? () => setTemplate(true) : undefined;
  return <TextForm {...props} choices={choices} openTemplates={openTemplates} />;
}

interface TextFormProps extends ComposerProps {
  readonly choices: readonly Choice[];
  readonly openTemplates: (() => void) | undefined;
}

function TextForm({ thread, draft, change, send, choices, openTemplates }: TextFormProps) {
  const texts = useTexts(conversationTexts);
  const field = useRef<HTMLTextAreaElement>(null);
  const list = useId();
  const [at, setAt] = useState(0);
  const { text, file } = draft;
  const asked = lookedFor(text);
  const found = asked === undefined ? [] : matching(choices, asked);
  const marked = Math.min(at, Math.max(0, found.length - 1));
  const isTooLong = text.length > thread.allowed.textChars;
  const canSend = asked === undefined && !isTooLong && (text.trim() !== '' || file !== undefined);
  const pick = (choice: Choice): void => {
    change({ ...draft, text: choice.text });
    setAt(0);
    field.current?.focus();
  };
  const submit = (): void => {
    if (!canSend) return;
    send(text.trim(), file);
    field.current?.focus();
  };
  const press = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    const choice = found[marked];
    if (asked !== undefined && event.key === 'Escape') change({ ...draft, text: '' });
    else if (found.length > 0 && event.key === 'ArrowDown') setAt((marked + 1) % found.length);
    else if (found.length > 0 && event.key === 'ArrowUp') setAt((marked + found.length - 1) % found.length);
    else if (event.key === 'Enter' && !event.shiftKey && choice !== undefined) pick(choice);
    else if (event.key === 'Enter' && !event.shiftKey) submit();
    else return;
    event.preventDefault();
  };
  const isOpen = asked !== undefined;
  return (
    <Stack gap={6}>
      {isOpen && <Choices id={list} found={found} marked={marked} pick={pick} />}
      <Textarea
        ref={field}
        label={texts.write}
        description={texts.writeHint}
        autosize
        minRows={2}
        maxRows={8}
        value={text}
        error={isTooLong ? texts.tooLong(thread.allowed.textChars) : undefined}
        onChange={({ currentTarget }) => change({ ...draft, text: currentTarget.value })}
        onKeyDown={press}
        {...(isOpen ? { role: 'combobox', 'aria-expanded': true, 'aria-controls': list } : {})}
        {...(isOpen && found.length > 0 ? { 'aria-activedescendant': `${list}-${marked}` } : {})}
      />
      <Group gap="xs" justify="space-between">
        <FilePick thread={thread} draft={draft} change={change} />
        <Group gap="xs">
          {openTemplates !== undefined && (
            <Button size="xs" variant="default" onClick={openTemplates}>
              {texts.templates}
            </Button>
          )}
          <Button size="xs" leftSection={<IconSend size={16} aria-hidden />} disabled={!canSend} onClick={submit}>
            {texts.send}
          </Button>
        </Group>
      </Group>
    </Stack>
  );
}

interface ChoicesProps {
  readonly id: string;
  readonly found: readonly Choice[];
  readonly marked: number;
  readonly pick: (choice: Choice) => void;
}

function Choices({ id, found, marked, pick }: ChoicesProps) {
  const texts = useTexts(conversationTexts);
  return (
    <div>
      <span className="heard-only" role="status">
        {found.length === 0 ? texts.noCanned : ''}
      </span>
      <div id={id} role="listbox" aria-label={texts.canned} className="conversation-canned">
        {found.length === 0 && (
          <Text size="sm" role="option" aria-selected={false} aria-disabled>
            {texts.noCanned}
          </Text>
        )}
        {found.map((choice, at) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the text field, which keeps the focus
          // biome-ignore lint/a11y/useFocusableInteractive: it is marked, never focused (aria-activedescendant)
          <div
            key={choice.name}
            id={`${id}-${at}`}
            role="option"
            aria-selected={at === marked}
            className="conversation-choice"
            onClick={() => pick(choice)}
          >
            <Text size="sm" fw={600}>
              {choice.title}
            </Text>
            <Text size="xs" className="conversation-preview">
              {choice.text}
            </Text>
          </div>
        ))}
      </div>
    </div>
  );
}

function FilePick({ thread, draft, change }: Pick<ComposerProps, 'thread' | 'draft' | 'change'>) {
  const texts = useTexts(conversationTexts);
  const { language } = useLanguage();
  const [fault, setFault] = useState<string>();
  const limits = thread.allowed.attachments;
  if (limits === undefined) return <span />;
  const take = (file: File | null): void => {
    if (file === null) return;
    const isTooLarge = file.size > limits.bytes;
    setFault(isTooLarge ? texts.fileTooLarge(sizeText(limits.bytes, language)) : undefined);
    if (!isTooLarge) change({ text: draft.text, file });
  };
  return (
    <Stack gap={2}>
      {draft.file === undefined ? (
        <FileButton onChange={take} accept={limits.types.join(',')} inputProps={{ 'aria-label': texts.attach }}>
          {(props) => (
            <Button {...props} size="xs" variant="default" leftSection={<IconPaperclip size={16} aria-hidden />}>
              {texts.attach}
            </Button>
          )}
        </FileButton>
      ) : (
        <Group gap={4} wrap="nowrap">
          <Text size="sm" className="long-text">
            {texts.attached(draft.file.name)}
          </Text>
          <ActionIcon variant="subtle" aria-label={texts.removeFile} onClick={() => change({ text: draft.text })}>
            <IconX size={16} />
          </ActionIcon>
        </Group>
      )}
      {fault !== undefined && (
        <Text size="xs" role="alert">
          {fault}
        </Text>
      )}
    </Stack>
  );
}
