// What queues and agents are called, the same objects until one is called otherwise: their figures change many times a second.
import { useMemo } from 'react';
import { useLive } from '../../live/live.js';
import { useLanguage } from '../../texts/language.js';

type Titles = ReadonlyMap<string, string>;

export function useQueueTitles(): Titles {
  const { language } = useLanguage();
  return useKept([...useLive('queue').values()].map(({ id, title }) => [id, title[language] ?? id]));
}

export function useAgentTitles(): Titles {
  return useKept([...useLive('agent').values()].map(({ id, title }) => [id, title]));
}

function useKept(pairs: readonly (readonly [id: string, title: string])[]): Titles {
  const written = JSON.stringify(pairs);
  return useMemo(() => new Map<string, string>(JSON.parse(written)), [written]);
}
