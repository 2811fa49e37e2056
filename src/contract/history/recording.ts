// Recordings on the wire: what there is, who may hear it, where it is silent, and what it looks like.
import { z } from 'zod';
import { durationMs, time } from '../wire.js';

export const recording = z
  .object({
    id: z.string(),
    kind: z.enum(['call', 'voicemail']),
    segment: z.string(),
    startedAt: time,
    durationMs: durationMs.optional(),
    agents: z.array(z.string()),
    queue: z.string().optional().describe('Of a voice message: for whom.'),
    pauses: z
      .array(z.object({ fromMs: durationMs, toMs: durationMs.optional().describe('Absent: to the end.') }))
      .describe('Stretches that were kept out of it, from its beginning: silence.'),
    state: z
      .enum(['ready', 'running', 'gone', 'not-yours'])
      .describe(
        '`running`: the call goes on. `gone`: its file is not kept here. `not-yours`: only those who may hear it.',
      ),
  })
  .meta({ id: 'Recording' });
export type WireRecording = z.infer<typeof recording>;

export const recordingList = z.object({ recordings: z.array(recording).describe('In the order in which they began.') });

export const wave = z
  .object({
    durationMs,
    peaks: z.array(z.number()).describe('0 to 100 of full scale, for equal stretches; at most 600.'),
  })
  .meta({ id: 'Wave', description: 'How loud a recording is, from its beginning to its end.' });
export type WireWave = z.infer<typeof wave>;
