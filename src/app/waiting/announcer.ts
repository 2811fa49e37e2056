// What a waiting caller hears: the position and whatever else the queue says now and then, music in between.
import type { Clock } from '../../lib/clock.js';
import type { Log } from '../../lib/log.js';
import { pause } from '../../lib/pause.js';
import { isLegEnded } from '../call/call.js';
import type { Leg } from '../ports.js';

/** Music that could not be started is tried again: who hears nothing thinks that the line is dead. */
export const MUSIC_AGAIN_MS = 5_000;

/** Something to say again and again, or once. The time is moved on as it is said, also over several announcers. */
export interface Saying {
  /** Unix ms; Infinity: never (again). */
  nextMs: number;
  /** 0 = once. */
  readonly everyMs: number;
  /** Files to say now, freshly asked each time; [] = nothing to say. */
  readonly files: () => Promise<readonly string[]>;
}

export interface AnnouncerOptions {
  readonly leg: Leg;
  readonly music: string;
  readonly sayings: readonly Saying[];
  readonly clock: Clock;
  readonly log: Log;
}

/** Starts at once; `stop` settles when the leg is silent and free for the next use: what is being said is cut off. */
export function startAnnouncer(options: AnnouncerOptions): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const running = announce(options, stopping.signal).catch((error: unknown) => {
    // The leg's end is the story's business; anything else only costs the music.
    if (!isLegEnded(error)) options.log.warn({ err: error }, 'hold music failed');
  });
  return {
    async stop() {
      stopping.abort('stopped');
      try {
        await options.leg.silence();
      } catch (error) {
        if (!isLegEnded(error)) options.log.warn({ err: error }, 'what is said to a caller could not be cut off');
      }
      await running;
    },
  };
}

async function announce(options: AnnouncerOptions, stopped: AbortSignal): Promise<void> {
  const { leg, music, sayings, clock } = options;
  while (!stopped.aborted) {
    for (const saying of sayings.filter(({ nextMs }) => nextMs <= clock.nowMs())) {
      const files = await saying.files();
      if (stopped.aborted) return;
      if (files.length > 0) await succeeds(options, () => leg.play(files));
      if (stopped.aborted) return;
      saying.nextMs = saying.everyMs > 0 ? clock.nowMs() + saying.everyMs : Number.POSITIVE_INFINITY;
    }
    const isPlaying = await succeeds(options, () => leg.startMusic(music));
    if (stopped.aborted) await leg.silence();
    const nextMs = Math.min(
      ...sayings.map((saying) => saying.nextMs),
      isPlaying ? Number.POSITIVE_INFINITY : clock.nowMs() + MUSIC_AGAIN_MS,
    );
    await pause(clock, nextMs - clock.nowMs(), [stopped, leg.ended]);
    if (leg.ended.aborted) return;
  }
}

/** False: the media server could not, and the log says so; the caller keeps waiting. Rejects when the leg has ended. */
async function succeeds({ log }: AnnouncerOptions, action: () => Promise<unknown>): Promise<boolean> {
  try {
    await action();
    return true;
  } catch (error) {
    if (isLegEnded(error)) throw error;
    log.warn({ err: error }, 'not played to a waiting caller');
    return false;
  }
}
