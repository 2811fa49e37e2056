// What is kept of prompts: for each name and language a chain of revisions, the last of which is in force.

/** What callers of one language hear of a prompt: a sound, else its text; nothing when it has neither. */
export interface PromptContent {
  readonly text?: PromptText;
  readonly sound?: PromptSound;
}

export interface PromptText {
  readonly text: string;
  /** Of the synthesiser; absent: that of the language. */
  readonly voice?: string;
}

export interface PromptSound {
  /** SHA-256 of the sound as it is played: its name as a file. */
  readonly hash: string;
  readonly durationMs: number;
  /** Of the speech in it, dB under full scale. */
  readonly loudnessDb: number;
  /** 0 to 100 for equal stretches: its picture. */
  readonly peaks: readonly number[];
}

export type PromptAct = 'text-set' | 'text-removed' | 'sound-set' | 'sound-removed' | 'removed' | 'rolled-back';

export interface PromptRevision extends PromptContent {
  /** Order of all revisions of all prompts. */
  readonly number: number;
  readonly name: string;
  readonly language: string;
  readonly act: PromptAct;
  readonly by: string;
  readonly atMs: number;
}

/** The same sound at both rates of telephones, as WAV. */
export interface SoundBytes {
  readonly narrow: Uint8Array;
  readonly wide: Uint8Array;
}

export interface PromptChange extends Pick<PromptRevision, 'name' | 'language' | 'act' | 'by' | 'atMs'> {
  /** `null`: there is none any more; absent: as it was. */
  readonly text?: PromptText | null;
  readonly sound?: PromptSound | null;
  /** Of a sound that is new. */
  readonly bytes?: SoundBytes;
  /** Number of the revision that it takes the place of, 0 for none; absent: whichever is in force. */
  readonly over?: number;
}

/** Revisions kept of one prompt in one language; older ones are forgotten, with sounds that no other one has. */
export const REVISIONS_KEPT = 20;

/** Each rejects with HiloError `store-unavailable`. */
export interface PromptStore {
  /** Number of the newest revision of all; 0 when there is none. Never goes back. */
  newest(): Promise<number>;
  /** The last revision of each name and language, also of those that were removed. */
  inForce(): Promise<readonly PromptRevision[]>;
  /** Newest first. */
  revisions(name: string, language: string): Promise<readonly PromptRevision[]>;
  sound(hash: string): Promise<SoundBytes | undefined>;
  /** Durable when it resolves; of several at a time one comes after the other. Rejects with HiloError `version-conflict`. */
  save(change: PromptChange): Promise<PromptRevision>;
}

/** What a change makes of what was in force. */
export function contentAfter(before: PromptContent | undefined, { text, sound }: PromptChange): PromptContent {
  const [nextText, nextSound] = [text === undefined ? before?.text : text, sound === undefined ? before?.sound : sound];
  return {
    ...(nextText === undefined || nextText === null ? {} : { text: nextText }),
    ...(nextSound === undefined || nextSound === null ? {} : { sound: nextSound }),
  };
}
