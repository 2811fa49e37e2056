// The face of a room: several legs that hear each other, who hears whom, and what is played to them and recorded.
import type { Detected, Detection } from './audio/tone-detector.js';
import type { AudioSource } from './audio-source.js';
import type { MediaLeg, Playback, PlayOptions, Recording, RecordOptions } from './media-leg.js';

/** Everybody, only these legs, or all but these. */
export type Audience = 'all' | { readonly only: readonly string[] } | { readonly except: readonly string[] };

export function isInAudience(audience: Audience, leg: string): boolean {
  if (audience === 'all') return true;
  return 'only' in audience ? audience.only.includes(leg) : !audience.except.includes(leg);
}

/** How one leg takes part. The ids are those of legs. */
export interface SeatSettings {
  readonly speaks: boolean;
  readonly hears: boolean;
  /** Who hears it. */
  readonly audience: Audience;
  /** Whom it does not hear. */
  readonly ignores: readonly string[];
  /** Hears the prompts that are played to this one as well. */
  readonly overhears?: string;
  /** FreeSWITCH's volumes, -4 to 4: of what it says, and of what it hears. */
  readonly levelIn: number;
  readonly levelOut: number;
  /** Hears itself, so many milliseconds later. */
  readonly echoMs?: number;
  /** What is looked for in what it says. */
  readonly detects?: readonly Detection[];
  /** Mean absolute sample above which it counts as talking. */
  readonly energyThreshold: number;
}

/** FreeSWITCH's energy-level. */
export const ENERGY_THRESHOLD = 300;

export const USUAL_SEAT: SeatSettings = {
  speaks: true,
  hears: true,
  audience: 'all',
  ignores: [],
  levelIn: 0,
  levelOut: 0,
  energyThreshold: ENERGY_THRESHOLD,
};

export interface RoomOptions {
  /** Keys (RFC 4733) go on to those who hear the one who presses them; else they only reach the application. */
  readonly relaysKeys: boolean;
}

export interface Talk {
  readonly leg: string;
  readonly talking: boolean;
  readonly energy: number;
}

export interface Finding {
  readonly leg: string;
  readonly detected: Detected;
}

export interface MediaRoom {
  /** Takes the leg out of its bridge or other room, or changes how it takes part. */
  seat(leg: MediaLeg, settings?: Partial<SeatSettings>): void;
  /** The leg is alone again. */
  leave(leg: MediaLeg): void;
  /** Mixed into what the audience hears, `all` unless given. */
  play(source: AudioSource, options?: PlayOptions & { readonly audience?: Audience }): Playback;
  /** Everything that is said and played to all, in one channel. */
  record(path: string, options?: Pick<RecordOptions, 'limitMs'>): Recording;
  /** Somebody has begun or ceased to talk. One listener: the last one set counts. */
  onTalk(listener: (talk: Talk) => void): void;
  /** The room's worker died: nobody hears anybody. */
  onFailure(listener: () => void): void;
  /** Everybody is alone again; ends playbacks and recordings. Safe to call twice. */
  close(): void;
}
