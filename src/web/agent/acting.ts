// What the agent asks Hilo to do: one thing at a time, and what came of it where that was a refusal.
import { useCallback, useState } from 'react';
import type { DeskTalk } from '../../contract/live/desk.js';
import { ask } from '../session/http.js';

export interface Acting {
  /** True when it was done. `name` says which button is busy meanwhile. */
  act(name: string, path: string, body?: object, method?: 'POST' | 'DELETE'): Promise<boolean>;
  /** Something else that may fail, such as the microphone. */
  attempt(what: () => Promise<void>): void;
  readonly busy: string | undefined;
  readonly failure: string | undefined;
  forget(): void;
}

/** What everything on the card of a call is given. */
export interface CallProps {
  readonly talk: DeskTalk;
  readonly agent: string;
  readonly acting: Acting;
}

export function useActing(): Acting {
  const [busy, setBusy] = useState<string>();
  const [failure, setFailure] = useState<string>();
  const act = useCallback<Acting['act']>(async (name, path, body = {}, method = 'POST') => {
    setBusy(name);
    setFailure(undefined);
    try {
      await ask(path, method === 'POST' ? { method, body } : { method });
      return true;
    } catch (error) {
      setFailure(messageOf(error));
      return false;
    } finally {
      setBusy(undefined);
    }
  }, []);
  const attempt = useCallback((what: () => Promise<void>): void => {
    setFailure(undefined);
    what().catch((error: unknown) => setFailure(messageOf(error)));
  }, []);
  const forget = useCallback(() => setFailure(undefined), []);
  return { act, attempt, busy, failure, forget };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
