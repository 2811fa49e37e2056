// Owns waiting inside an application: for a time, cut short by a break, a transfer or the hang-up.
import type { Application, Run } from '../application.js';
import { NO_RESPONSE } from '../application.js';

/** Longest `sleep`. */
export const SLEEP_MS_MAX = 24 * 60 * 60 * 1_000;

export function waitFor(run: Pick<Run, 'channel' | 'control'>, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      timer.cancel();
      release();
      resolve();
    };
    const timer = run.channel.core.clock.after(ms, end);
    let over = false;
    const release = run.control.onStop(() => {
      over = true;
      queueMicrotask(end);
    });
    if (over) timer.cancel();
  });
}

/** `sleep <ms>` */
export const sleep: Application = async (run) => {
  const ms = Number(run.argument);
  if (Number.isFinite(ms) && ms > 0) await waitFor(run, Math.min(ms, SLEEP_MS_MAX));
  return NO_RESPONSE;
};

/** Tells that the channel is there, as FreeSWITCH does (switch_ivr_park). */
export const park: Application = (run) => {
  run.channel.emit('CHANNEL_PARK');
  return idle(run);
};

/** `park` and `socket`: nothing of their own; commands run nested until a transfer or the hang-up. */
export const idle: Application = async (run) => {
  await run.control.whenStopped();
  return NO_RESPONSE;
};
