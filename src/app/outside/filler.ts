// What a caller hears while another system is asked: begun only when it takes longer than a moment, stopped when the answer is there.
import type { Meanwhile, Prompt } from '../../core/ivr/ask.js';
import type { Clock } from '../../lib/clock.js';
import type { Log } from '../../lib/log.js';
import { pause } from '../../lib/pause.js';
import { isLegEnded } from '../call/call.js';
import type { Leg } from '../ports.js';

/** A quicker answer is not announced: half a word would be heard. */
export const FILLER_AFTER_MS = 500;
/** Of silence, before a prompt is heard again. */
export const FILLER_PAUSE_MS = 4_000;

export interface FillerPorts {
  readonly leg: Leg;
  /** Files that say it; it is written too, where the phone has text. */
  readonly paths: (prompts: readonly Prompt[]) => Promise<readonly string[]>;
  readonly clock: Clock;
  readonly log: Log;
}

/** `stop` settles when the leg is silent and free again. It never rejects: the leg's end is the story's business. */
export function startFiller(meanwhile: Meanwhile, ports: FillerPorts): { stop(): Promise<void> } {
  if (meanwhile.kind === 'nothing') return { stop: async () => undefined };
  const { leg, clock, log } = ports;
  const stopped = new AbortController();
  let sounding: Promise<void> | undefined;
  const timer = clock.after(FILLER_AFTER_MS, () => {
    sounding = sound(meanwhile, ports, stopped.signal).catch((error: unknown) => {
      if (!isLegEnded(error)) log.warn({ err: error }, 'the caller waits in silence');
    });
  });
  return {
    async stop() {
      stopped.abort();
      timer.cancel();
      if (sounding === undefined) return;
      // Music has to have begun before it can be stopped; a prompt is stopped in the middle.
      if (meanwhile.kind === 'music') await sounding;
      try {
        await leg.silence();
      } catch (error) {
        if (!isLegEnded(error)) log.warn({ err: error }, 'what a caller hears meanwhile does not stop');
      }
      await sounding;
    },
  };
}

async function sound(
  meanwhile: Exclude<Meanwhile, { kind: 'nothing' }>,
  { leg, paths, clock }: FillerPorts,
  stopped: AbortSignal,
): Promise<void> {
  if (meanwhile.kind === 'music') {
    await leg.startMusic(meanwhile.name);
    return;
  }
  const files = await paths(meanwhile.prompts);
  while (!stopped.aborted && files.length > 0) {
    await leg.play(files);
    await pause(clock, FILLER_PAUSE_MS, [stopped, leg.ended]);
  }
}
