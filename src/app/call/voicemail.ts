// A caller leaves a message after the tone; it is theirs to be answered, so it is stored before it is acknowledged.
import { join } from 'node:path';
import type { Prompt } from '../../core/ivr/ask.js';
import type { Ids } from '../../lib/ids.js';
import type { Log } from '../../lib/log.js';
import type { Speech } from '../speech.js';
import type { Writing } from '../writing/writing.js';
import { type Call, isLegEnded } from './call.js';

/** What is shorter was nobody speaking. */
const MIN_MESSAGE_MS = 1_000;

export interface VoicemailPorts {
  readonly speech: Speech;
  readonly writing: Writing;
  readonly ids: Ids;
  readonly log: Log;
  readonly recordingsFolder: string;
}

export interface VoicemailRequest {
  readonly prompts: readonly Prompt[];
  readonly queue?: string;
  readonly maxMs: number;
  readonly silenceMs: number;
  readonly terminators: string;
}

export type VoicemailOutcome = 'left' | 'empty' | 'failed';

export class Voicemail {
  constructor(private readonly ports: VoicemailPorts) {}

  /** Most callers hang up when they have spoken: that is a message as well. Rejects with `leg-ended` before it began. */
  async take(call: Call, request: VoicemailRequest): Promise<VoicemailOutcome> {
    call.phase = { phase: 'voicemail' };
    this.ports.writing.say(call, request.prompts);
    await call.leg.play(await this.ports.speech.paths(request.prompts));
    const recording = this.ports.ids.uuid();
    const path = join(this.ports.recordingsFolder, `${recording}.wav`);
    const { maxMs, silenceMs, terminators, queue } = request;
    try {
      const { durationMs } = await call.leg.record(path, { maxMs, silenceMs, terminators });
      if (durationMs < MIN_MESSAGE_MS) return 'empty';
      const data = { segment: call.segment, recording, path, durationMs };
      // It was said, whether the record can be reached or not; only what is stored is acknowledged.
      call.thread.note({ type: 'voicemail-left', data: queue === undefined ? data : { ...data, queue } });
      await call.thread.durable();
    } catch (error) {
      if (isLegEnded(error)) throw error;
      this.ports.log.error({ err: error, path }, 'voice message could not be kept');
      return 'failed';
    }
    call.phase = { phase: 'done', result: 'voicemail' };
    return 'left';
  }
}
