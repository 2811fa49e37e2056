// Looks for a customer from every page; `/` leads to it from wherever nothing is being typed.
import { TextInput } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useRef, useState } from 'react';
import { useTexts } from '../texts/language.js';
import { shellTexts } from './texts.js';

export function SearchBox() {
  const texts = useTexts(shellTexts);
  const navigate = useNavigate();
  const box = useRef<HTMLInputElement>(null);
  const [text, setText] = useState('');
  useHotkeys([['/', () => box.current?.focus()]]);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (text.trim() === '') return;
    void navigate({ to: '/agent/interactions', search: { text: text.trim() } });
    setText('');
  };
  return (
    <search>
      <form onSubmit={submit}>
        <TextInput
          ref={box}
          size="xs"
          w={{ base: 120, sm: 220 }}
          type="search"
          maxLength={64}
          aria-label={texts.searchBox}
          aria-keyshortcuts="/"
          placeholder={texts.searchShort}
          leftSection={<IconSearch size={14} aria-hidden />}
          value={text}
          onChange={({ currentTarget }) => setText(currentTarget.value)}
        />
      </form>
    </search>
  );
}
