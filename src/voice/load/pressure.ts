// What is measured to know whether one more call can be served well, and how much of each can be borne. Pure.
import type { LoopLoad } from '../../lib/loop-meter.js';

/** What a media server says of itself; only the embedded switch says more than its sessions. */
export interface MediaLoad {
  /** Event loop of its signalling. */
  readonly loop?: LoopLoad;
  /** Share (0 to 1) of the ticks of the media clock that came more than 5 ms late. */
  readonly lateTicks?: number;
  /** Milliseconds until it answered a question. */
  readonly answerMs: number;
  /** Set-ups of legs in flight, and how many are borne. */
  readonly setUps: number;
  readonly setUpsMax: number;
  /** How long set-ups take at present, milliseconds. */
  readonly setUpMs: number;
}

export interface Load {
  readonly application: LoopLoad;
  /** Those that take new calls. */
  readonly media: readonly MediaLoad[];
}

/** A loop at work for more of its time answers late; what is left is for callers who are in already. */
export const UTILISATION_MAX = 0.93;
export const LOOP_DELAY_MAX_MS = 100;
/** More than 5 ms late is heard by nobody; that often, some are later than phones can make up for. */
export const LATE_TICKS_MAX = 0.35;
export const ANSWER_MAX_MS = 300;
/** The answer of a call waits for it: with the way there and back less than the second after which callers wonder. */
export const SET_UP_MAX_MS = 700;

/** Each measure over its limit. Of several media servers the least burdened counts: it is the one that is chosen. */
export function pressuresOf({ application, media }: Load): Readonly<Record<string, number>> {
  const own = loopPressures('application', application);
  const servers = media.map(mediaPressures);
  const best = servers.toSorted((a, b) => worstOf(a) - worstOf(b))[0] ?? {};
  return { ...own, ...best };
}

export function worstOf(pressures: Readonly<Record<string, number>>): number {
  return Math.max(0, ...Object.values(pressures));
}

function loopPressures(name: string, { utilisation, delayMs }: LoopLoad): Record<string, number> {
  return { [`${name}-busy`]: utilisation / UTILISATION_MAX, [`${name}-delay`]: delayMs / LOOP_DELAY_MAX_MS };
}

function mediaPressures(load: MediaLoad): Record<string, number> {
  return {
    ...(load.loop === undefined ? {} : loopPressures('switch', load.loop)),
    ...(load.lateTicks === undefined ? {} : { 'media-clock': load.lateTicks / LATE_TICKS_MAX }),
    'media-answer': load.answerMs / ANSWER_MAX_MS,
    'set-ups': load.setUpsMax === 0 ? Number.POSITIVE_INFINITY : load.setUps / load.setUpsMax,
    'set-up-time': load.setUpMs / SET_UP_MAX_MS,
  };
}
