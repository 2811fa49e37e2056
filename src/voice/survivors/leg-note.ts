// What is kept with each leg on the media server, so that it can be found and ended, or taken over, when its node is dead.
import { z } from 'zod';

/** Channel variables. */
export const LEG_VARIABLE = 'hilo_leg';
export const TALK_VARIABLE = 'hilo_talk';
/** More would not have been written by us. */
export const NOTE_CHARS_MAX = 4_000;

const legNote = z.object({
  node: z.string(),
  /** SIP server, `host:port`. */
  server: z.string(),
  /** Dialogs there, as the drachtio protocol names them: with the person, and with the media server. */
  dialog: z.string(),
  mediaDialog: z.string(),
});
export type LegNote = z.infer<typeof legNote>;

/** On the customer's leg while two talk, and while they are kept apart: on hold, in a consultation, in a conference. */
const talkNote = z.object({
  /** Media leg of the other side. */
  partner: z.string(),
  /** The application's own words. */
  words: z.string(),
  /** They do not hear each other just now, but are to again. */
  apart: z.boolean().optional(),
});
export type TalkNote = z.infer<typeof talkNote>;

export function written(note: LegNote | TalkNote): string {
  return Buffer.from(JSON.stringify(note)).toString('base64url');
}

/** undefined: nothing, or nothing of ours. */
export function readLegNote(text: string | undefined): LegNote | undefined {
  return legNote.safeParse(decoded(text)).data;
}

export function readTalkNote(text: string | undefined): TalkNote | undefined {
  return talkNote.safeParse(decoded(text)).data;
}

function decoded(text: string | undefined): unknown {
  if (text === undefined || text.length > NOTE_CHARS_MAX) return undefined;
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
