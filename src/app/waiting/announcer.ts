// What a waiting caller hears: the position now and then, music in between, until somebody takes the call.
import type { Clock } from '../../lib/clock.js';
import type { Log } from '../../lib/log.js';
import { isLegEnded } from '../call/call.js';
import type { Leg } from '../ports.js';

export interface AnnouncerOptions {
  readonly leg: Leg;
  readonly music: string;
  /** 0 = music only. */
  readonly everyMs: number;
  /** Files to say now, freshly asked each time; [] = nothing to say. */
  readonly announcement: () => Promise<readonly string[]>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Starts at once; `stop` settles when the leg is silent and free for the next use. */
export function startAnnouncer(options: AnnouncerOptions): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const running = announce(options, stopping.signal).catch((error: unknown) => {
    // The leg's end is the story's business; anything else only costs the music.
    if (!isLegEnded(error)) options.log.warn({ err: error }, 'hold music failed');
  });
  return {
    async stop() {
      stopping.abort('stopped');
      await options.leg.silence().catch(() => undefined);
      await running;
    },
  };
}

async function announce(options: AnnouncerOptions, stopped: AbortSignal): Promise<void> {
  const { leg, music, everyMs } = options;
  while (!stopped.aborted) {
    if (everyMs > 0) {
      const files = await options.announcement();
      if (files.length > 0 && !stopped.aborted) await leg.play(files);
    }
    if (stopped.aborted) return;
    await leg.startMusic(music);
    if (stopped.aborted) await leg.silence();
    await pause(options.clock, everyMs, [stopped, leg.ended]);
  }
}

/** Until `ms` have passed (0 = for ever) or one of the signals is aborted. */
function pause(clock: Clock, ms: number, signals: readonly AbortSignal[]): Promise<void> {
  return new Promise((resolve) => {
    const over = (): void => {
      timer?.cancel();
      for (const signal of signals) signal.removeEventListener('abort', over);
      resolve();
    };
    const timer = ms > 0 ? clock.after(ms, over) : undefined;
    for (const signal of signals) signal.addEventListener('abort', over, { once: true });
    if (signals.some(({ aborted }) => aborted)) over();
  });
}
