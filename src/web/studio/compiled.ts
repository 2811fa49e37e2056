// The draft as the compiler sees it, a moment after each change.
import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { useLanguage } from '../texts/language.js';
import { CompilerThread } from './compiler/thread.js';
import type { Checked } from './compiler/workshop.js';
import { heardQuery, type Published } from './published.js';

/** After the last key. */
const PAUSE_MS = 250;

export interface Compiled {
  readonly compiler: CompilerThread;
  /** Of the text as it was a moment ago; undefined at first. */
  readonly checked: Checked | undefined;
  /** Of the compiler itself. */
  readonly failure: string | undefined;
}

export function useCompiled(name: string, text: string, texts: Readonly<Record<string, Published>>): Compiled {
  const { data: heard } = useQuery(heardQuery);
  const compiler = useMemo(
    () => new CompilerThread(Object.fromEntries(Object.entries(texts).map(([one, body]) => [one, body.text])), heard),
    [texts, heard],
  );
  useEffect(() => () => compiler.close(), [compiler]);
  const { language } = useLanguage();
  const [state, setState] = useState<Omit<Compiled, 'compiler'>>({ checked: undefined, failure: undefined });
  useEffect(() => {
    let isCurrent = true;
    const timer = setTimeout(() => {
      compiler.check(name, text, language).then(
        (checked) => isCurrent && setState({ checked, failure: undefined }),
        (error: Error) => isCurrent && setState(({ checked }) => ({ checked, failure: error.message })),
      );
    }, PAUSE_MS);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [compiler, name, text, language]);
  return { compiler, ...state };
}
