// Sending what was written: it is seen at once, goes once however often it is tried, and says so when it did not go.
import { useCallback, useMemo, useState } from 'react';
import type { NewConversationMessage } from '../../../contract/conversation/conversation.js';
import { freshId, sendMessage, upload } from '../requests.js';
import { type Draft, NO_DRAFT, type Outgoing, withOutgoing, without } from './drafts.js';

export interface Sending {
  text(id: string, text: string, file: File | undefined): void;
  template(id: string, name: string, language: string, values: Record<string, string>, text: string): void;
  again(id: string, one: Outgoing): void;
  discard(id: string, one: Outgoing): void;
}

export interface Drafts {
  of(id: string): Draft;
  change(id: string, draft: Pick<Draft, 'text' | 'file'>): void;
  readonly sending: Sending;
}

export function useDrafts(): Drafts {
  const [drafts, setDrafts] = useState<ReadonlyMap<string, Draft>>(new Map());
  const put = useCallback((id: string, what: (draft: Draft) => Draft): void => {
    setDrafts((before) => new Map([...before, [id, what(before.get(id) ?? NO_DRAFT)]]));
  }, []);
  const sending = useMemo(() => sendingWith(put), [put]);
  return {
    of: (id) => drafts.get(id) ?? NO_DRAFT,
    change: (id, { text, file }) =>
      put(id, ({ outgoing }) => ({ text, outgoing, ...(file === undefined ? {} : { file }) })),
    sending,
  };
}

function sendingWith(put: (id: string, what: (draft: Draft) => Draft) => void): Sending {
  const go = async (id: string, one: Outgoing): Promise<void> => {
    put(id, (draft) => withOutgoing(draft, one));
    try {
      await sendMessage(id, await uploaded(id, one));
    } catch (error) {
      const fault = error instanceof Error ? error.message : String(error);
      put(id, (draft) => withOutgoing(draft, { ...one, fault }));
    }
  };
  return {
    text: (id, text, file) => {
      put(id, ({ outgoing }) => ({ text: '', outgoing }));
      const message = { id: freshId(), ...(text === '' ? {} : { text }) };
      void go(id, { id: message.id, message, text, ...(file === undefined ? {} : { file }) });
    },
    template: (id, name, language, values, text) => {
      const message: NewConversationMessage = { id: freshId(), template: { name, language, values } };
      void go(id, { id: message.id ?? '', message, text });
    },
    again: (id, { fault: _over, ...one }) => void go(id, one),
    discard: (id, one) => put(id, (draft) => without(draft, one.id)),
  };
}

async function uploaded(id: string, { message, file }: Outgoing): Promise<NewConversationMessage> {
  return file === undefined ? message : { ...message, attachment: (await upload(id, file)).id };
}
