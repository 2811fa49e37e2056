// What is asked of Hilo here, and what came of it in the words of whoever reads it.
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type Asked, ask, RequestFailed } from '../session/http.js';
import { useTexts } from '../texts/language.js';
import { type OwedTexts, owedTexts } from './texts.js';

export interface Acting {
  /** True when it was done; the lists are read again either way. */
  act(path: string, asked: Asked): Promise<boolean>;
  readonly isBusy: boolean;
  readonly failure: string | undefined;
}

export function useActing(): Acting {
  const texts = useTexts(owedTexts);
  const queries = useQueryClient();
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string>();
  const act = async (path: string, asked: Asked): Promise<boolean> => {
    setBusy(true);
    setFailure(undefined);
    try {
      await ask(path, asked);
      return true;
    } catch (error) {
      setFailure(refusalText(error, texts));
      return false;
    } finally {
      setBusy(false);
      void queries.invalidateQueries({ queryKey: ['work-list'] });
    }
  };
  return { act, isBusy, failure };
}

export function refusalText(error: unknown, { refusals }: OwedTexts): string {
  if (error instanceof RequestFailed && error.why !== undefined) {
    const { reason, agent = '' } = error.why;
    if (reason === 'taken') return refusals.taken(agent);
    const told = Object.hasOwn(refusals, reason)
      ? refusals[reason as Exclude<keyof typeof refusals, 'taken'>]
      : undefined;
    if (told !== undefined) return told;
  }
  return error instanceof Error ? error.message : String(error);
}
