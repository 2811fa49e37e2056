// A caller hears the emergency message, in each language it has: nobody knows yet which one the caller speaks.
import type { Prompt } from '../../core/ivr/ask.js';
import type { Centre } from '../../core/routing/centre.js';
import type { Log } from '../../lib/log.js';
import { type Call, isLegEnded, type StoryEnd } from '../call/call.js';
import type { Destinations } from '../call/destinations.js';
import type { Speech } from '../speech.js';
import type { Writing } from '../writing/writing.js';
import type { Emergency, EmergencyMessage } from './emergency.js';

export interface EmergencyTellingPorts {
  readonly emergency: Pick<Emergency, 'of'>;
  readonly destinations: Destinations;
  readonly centre: () => Centre;
  readonly speech: Speech;
  readonly writing: Writing;
  readonly log: Log;
}

export class EmergencyTelling {
  constructor(private readonly ports: EmergencyTellingPorts) {}

  /**
   * Undefined when there is none for that number of the centre, or the call goes on after it. Rejects with HiloError
   * `leg-ended` when the caller hangs up.
   */
  async tell(call: Call, number: string): Promise<StoryEnd | undefined> {
    const message = this.ports.emergency.of(number);
    if (message === undefined) return undefined;
    const { afterwards } = message;
    // Who was to be sent away has not been lost by hanging up before that.
    if (afterwards.kind === 'hang-up') call.phase = { phase: 'done', result: 'refused' };
    const data = { segment: call.segment, emergency: message.id, afterwards: afterwards.kind };
    call.thread.note({
      type: 'emergency-heard',
      data: afterwards.kind === 'queue' ? { ...data, queue: afterwards.queue } : data,
    });
    await this.#say(call, message);
    switch (afterwards.kind) {
      case 'go-on':
        return undefined;
      case 'hang-up':
        return { by: 'hilo', result: 'refused', reason: 'emergency' };
      case 'queue':
        return this.ports.destinations.goTo(call, afterwards, 'emergency');
    }
  }

  /** A message that cannot be played keeps nobody from being served. */
  async #say(call: Call, message: EmergencyMessage): Promise<void> {
    const { speech, writing, log } = this.ports;
    const prompts = promptsOf(message, this.ports.centre().languages);
    writing.say(call, prompts);
    try {
      await call.leg.play(await speech.paths(prompts));
    } catch (error) {
      if (isLegEnded(error)) throw error;
      log.error({ err: error, emergency: message.id }, 'emergency message could not be played');
    }
  }
}

function promptsOf({ texts, recorded }: EmergencyMessage, languages: readonly string[]): Prompt[] {
  return languages.flatMap((language): Prompt[] => {
    const text = texts[language];
    if (recorded === undefined) return text === undefined ? [] : [{ kind: 'text', text, language }];
    const prompt = { kind: 'recorded', name: recorded, language } as const;
    return [text === undefined ? prompt : { ...prompt, fallbackText: text }];
  });
}
