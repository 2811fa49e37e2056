// What of a matter somebody still has to do by hand: voice messages, and who looks after it.
import type { InteractionEvent } from '../event.js';
import { evolveVoicemails, type Voicemail, type VoicemailFact } from './voicemails.js';

export interface Owed {
  /** Voice messages, in the order in which they were left; absent: none. */
  readonly voicemails?: readonly Voicemail[];
  /** The agent who looks after the matter, since when (Unix ms); absent: nobody in particular. */
  readonly keeper?: { readonly agent: string; readonly sinceMs: number };
}

export type OwedFact = VoicemailFact | Extract<InteractionEvent, { type: 'matter-taken' | 'matter-released' }>;

const TYPES: ReadonlySet<string> = new Set<OwedFact['type']>([
  'voicemail-left',
  'voicemail-heard',
  'voicemail-done',
  'voicemail-reopened',
  'matter-taken',
  'matter-released',
]);

export function isOwedFact(event: InteractionEvent): event is OwedFact {
  return TYPES.has(event.type);
}

export function evolveOwed({ voicemails, keeper }: Owed, fact: OwedFact, atMs: number): Owed {
  const messages = voicemails === undefined ? {} : { voicemails };
  switch (fact.type) {
    case 'matter-taken':
      return { ...messages, keeper: { agent: fact.data.agent, sinceMs: atMs } };
    case 'matter-released':
      return messages;
    default: {
      const kept = keeper === undefined ? {} : { keeper };
      return { ...kept, voicemails: evolveVoicemails(voicemails ?? [], fact, atMs) };
    }
  }
}

/** After each of these the list of what is owed may look different. */
export const OWED_EVENTS: ReadonlySet<string> = new Set<InteractionEvent['type']>([
  'call-ended',
  'queued',
  'left-queue',
  'callback-offered',
  'callback-requested',
  'callback-attempted',
  'callback-attempt-failed',
  'callback-ended',
  'recovered-elsewhere',
  'lost-settled',
  'work-finished',
  'note-added',
  'voicemail-left',
  'voicemail-heard',
  'voicemail-done',
  'voicemail-reopened',
  'matter-taken',
  'matter-released',
]);
