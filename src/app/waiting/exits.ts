// Ways out of a queue that promise something: what is promised is stored while the caller still has the place.
import type { Destination } from '../../core/acd/queue.js';
import type { Centre } from '../../core/routing/centre.js';
import type { Log } from '../../lib/log.js';
import { type Call, isLegEnded } from '../call/call.js';
import type { Recovery } from '../message/recovery.js';
import type { Speech } from '../speech.js';
import type { Writing } from '../writing/writing.js';

const IMPOSSIBLE = 'exit-impossible';

export interface ExitsPorts {
  readonly recovery: Recovery;
  readonly centre: () => Centre;
  readonly speech: Speech;
  readonly writing: Writing;
  readonly log: Log;
}

export class Exits {
  constructor(private readonly ports: ExitsPorts) {}

  /** True: the caller may go; a call-back or message is stored then. False: the caller was told so and waits on. */
  async prepare(call: Call, to: Destination): Promise<boolean> {
    const possible = await this.#store(call, to);
    if (!possible) await this.#regret(call);
    return possible;
  }

  async #store(call: Call, to: Destination): Promise<boolean> {
    const { recovery, log } = this.ports;
    try {
      if (to.kind === 'callback') return await recovery.promise(call);
      if (to.kind === 'message') return (await recovery.offer(call)).outcome === 'queued';
      return true;
    } catch (error) {
      log.error({ err: error, interaction: call.thread.id, to: to.kind }, 'a caller cannot leave the queue that way');
      return false;
    }
  }

  async #regret(call: Call): Promise<void> {
    const { centre, speech, writing, log } = this.ports;
    if (!centre().texts.has(IMPOSSIBLE) || call.leg.ended.aborted) return;
    const prompts = [speech.canned(IMPOSSIBLE, call.language)];
    writing.say(call, prompts);
    try {
      await call.leg.play(await speech.paths(prompts));
      const { phase } = call;
      if (phase.phase === 'queue') await call.leg.startMusic(centre().queues.get(phase.queue)?.music ?? '');
    } catch (error) {
      if (!isLegEnded(error)) log.warn({ err: error }, 'caller could not be told');
    }
  }
}
