// Voice messages of a matter, as its events tell them.
//
//  voicemail-left         voicemail-heard           voicemail-done
//  ─────────────▶ new ───────────────────▶ heard ─────────────────▶ done
//                  └───────────────────────────────────────────────▶ │
//                                            ▲───voicemail-reopened──┘
import type { InteractionEvent } from '../event.js';

interface Common {
  readonly recording: string;
  readonly segment: string;
  /** Whose message it is; absent: no queue's. */
  readonly queue?: string;
  /** When it was left. */
  readonly atMs: number;
  readonly durationMs: number;
}

export type Voicemail =
  | (Common & { readonly state: 'new' })
  | (Common & { readonly state: 'heard'; readonly by: string; readonly heardAtMs: number })
  | (Common & { readonly state: 'done'; readonly by: string; readonly doneAtMs: number; readonly note?: string });

export type VoicemailState = Voicemail['state'];

export type VoicemailFact = Extract<
  InteractionEvent,
  { type: 'voicemail-left' | 'voicemail-heard' | 'voicemail-done' | 'voicemail-reopened' }
>;

/** The messages after the fact; one about a message that is not there changes nothing. */
export function evolveVoicemails(
  voicemails: readonly Voicemail[],
  fact: VoicemailFact,
  atMs: number,
): readonly Voicemail[] {
  if (fact.type === 'voicemail-left') {
    const { recording, segment, durationMs, queue } = fact.data;
    if (voicemails.some((one) => one.recording === recording)) return voicemails;
    const left = { recording, segment, atMs, durationMs, state: 'new' } as const;
    return [...voicemails, queue === undefined ? left : { ...left, queue }];
  }
  return voicemails.map((one) => (one.recording === fact.data.recording ? evolved(one, fact, atMs) : one));
}

/** What still has to be done first: `new` before `heard` before `done`; undefined: there are none. */
export function leastDone(voicemails: readonly Voicemail[]): VoicemailState | undefined {
  return (['new', 'heard', 'done'] as const).find((state) => voicemails.some((one) => one.state === state));
}

function evolved(one: Voicemail, fact: Exclude<VoicemailFact, { type: 'voicemail-left' }>, atMs: number): Voicemail {
  const { by } = fact.data;
  switch (fact.type) {
    case 'voicemail-heard':
      return one.state === 'new' ? { ...common(one), state: 'heard', by, heardAtMs: atMs } : one;
    case 'voicemail-done': {
      const { note } = fact.data;
      const done = { ...common(one), state: 'done', by, doneAtMs: atMs } as const;
      return note === undefined ? done : { ...done, note };
    }
    case 'voicemail-reopened':
      return one.state === 'done' ? { ...common(one), state: 'heard', by, heardAtMs: atMs } : one;
  }
}

function common({ recording, segment, queue, atMs, durationMs }: Voicemail): Common {
  const kept = { recording, segment, atMs, durationMs };
  return queue === undefined ? kept : { ...kept, queue };
}
