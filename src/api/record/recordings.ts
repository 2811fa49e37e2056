// Recordings and voice messages: what there is, the picture of one, and its sound for those who may hear it. Every hearing is noted.
import { createReadStream } from 'node:fs';
import { z } from 'zod';
import { HiloError } from '../../app/errors.js';
import { mayHear, type Recording, recordingsOf } from '../../app/recording/kept-recordings.js';
import type { UserRow } from '../../app/users.js';
import { recordingList, type WireRecording, wave } from '../../contract/history/recording.js';
import { fold } from '../../core/interaction/interaction.js';
import type { Clock } from '../../lib/clock.js';
import { rule, userOf } from '../access.js';
import type { Api } from '../api.js';
import { eventsOf } from '../routes/interactions.js';
import type { ApiServices } from '../services.js';
import { iso } from '../view/time.js';
import { rangeOf } from './range.js';

const tags = ['recordings'];
const id = z.string().min(1).max(64);
const params = z.object({ id: id.describe('Id of the interaction, or reference.'), recording: id });

/** A player asks for one recording in many pieces: so long it is the same hearing. */
export const SAME_HEARING_MS = 60_000;
const HEARINGS_MAX = 1_000;

type Services = Pick<ApiServices, 'records' | 'flows' | 'audit' | 'recordingFiles' | 'clock' | 'workActs'>;

export function recordingRoutes(api: Api, services: Services): void {
  const { records, flows, recordingFiles } = services;

  api.get(
    '/api/interactions/:id/recordings',
    rule(
      'agent',
      {
        tags,
        summary: 'Recordings of an interaction',
        params: z.object({ id: id.describe('Id, or reference such as H-7K3Q-X2PD.') }),
        response: { 200: recordingList },
      },
      ['not-found', 'store-unavailable'],
    ),
    async (request) => {
      const user = userOf(request);
      const all = recordingsOf(await eventsOf(records, request.params.id));
      const state = async (one: Recording): Promise<WireRecording['state']> => {
        if (!mayHear(user, one, flows.centre())) return 'not-yours';
        if (!one.over) return 'running';
        return (await recordingFiles.find(one)) === undefined ? 'gone' : 'ready';
      };
      return { recordings: await Promise.all(all.map(async (one) => viewOf(one, await state(one)))) };
    },
  );

  api.get(
    '/api/interactions/:id/recordings/:recording/wave',
    rule(
      'agent',
      {
        tags,
        summary: 'How loud a recording is from its beginning to its end: a picture for a player',
        params,
        response: { 200: wave },
      },
      ['not-found', 'not-allowed', 'wrong-state', 'store-unavailable'],
    ),
    async (request) => {
      const { durationMs, peaks } = await recordingFiles.wave(
        (await heard(services, request.params, userOf(request))).one,
      );
      return { durationMs, peaks: [...peaks] };
    },
  );

  audioRoute(api, services);
}

function audioRoute(api: Api, services: Services): void {
  const { audit, recordingFiles, clock, workActs } = services;
  const hearings = new Hearings(clock);
  api.get(
    '/api/interactions/:id/recordings/:recording/audio',
    rule(
      'agent',
      {
        tags,
        summary: 'The sound of a recording',
        description:
          'Supervisors hear all; agents the conversations in which they talked, and voice messages for queues that they serve. ' +
          'Parts can be asked for (`Range`, RFC 9110 §14). Who heard what is kept in the audit log.',
        params,
        headers: z.object({ range: z.string().max(200).optional() }),
        response: {
          200: { description: 'The whole file.', content: { 'audio/wav': { schema: z.unknown() } } },
          206: { description: 'The part that was asked for.', content: { 'audio/wav': { schema: z.unknown() } } },
        },
      },
      ['not-found', 'not-allowed', 'wrong-state', 'range-not-satisfiable', 'store-unavailable'],
    ),
    async (request, reply) => {
      const user = userOf(request);
      const { one, reference, interaction } = await heard(services, request.params, user);
      const file = await recordingFiles.find(one);
      if (file === undefined) throw new HiloError('not-found', 'the file of this recording is not kept here');
      const range = rangeOf(request.headers.range, file.bytes);
      if (range === 'not-satisfiable') {
        reply.header('content-range', `bytes */${file.bytes}`);
        throw new HiloError('range-not-satisfiable', `it has ${file.bytes} bytes`);
      }
      if (hearings.isNew(user.name, one.id)) {
        const detail = { interaction, reference, kind: one.kind };
        await audit.note({ by: user.name, act: 'recording-heard', on: one.id, detail });
        hearings.noted(user.name, one.id);
        if (one.kind === 'voicemail') await workActs.heard(interaction, one.id, user.name);
      }
      const { first, last } = range ?? { first: 0, last: file.bytes - 1 };
      reply
        .type('audio/wav')
        .header('accept-ranges', 'bytes')
        .header('content-disposition', `attachment; filename="${reference}-${one.kind}.wav"`)
        .header('content-length', last - first + 1);
      if (range !== undefined) reply.code(206).header('content-range', `bytes ${first}-${last}/${file.bytes}`);
      return reply.send(createReadStream(file.path, { start: first, end: Math.max(first, last) }));
    },
  );
}

/** Rejects with HiloError `not-found`, `not-allowed` or `wrong-state`. */
async function heard(
  { records, flows }: Pick<Services, 'records' | 'flows'>,
  { id: wanted, recording }: z.infer<typeof params>,
  user: UserRow,
): Promise<{ readonly one: Recording; readonly reference: string; readonly interaction: string }> {
  const events = await eventsOf(records, wanted);
  const one = recordingsOf(events).find((found) => found.id === recording);
  if (one === undefined) throw new HiloError('not-found', `there is no recording ${recording} here`);
  if (!mayHear(user, one, flows.centre())) {
    throw new HiloError('not-allowed', 'agents hear their own conversations, and messages for queues that they serve');
  }
  if (!one.over) throw new HiloError('wrong-state', 'the call goes on: its recording can be heard when it is over');
  const { reference, id: interaction } = fold(events);
  return { one, reference, interaction };
}

/** Who has begun to hear what a moment ago; those of a long time ago are forgotten. */
class Hearings {
  readonly #at = new Map<string, number>();

  constructor(private readonly clock: Clock) {}

  isNew(user: string, recording: string): boolean {
    const at = this.#at.get(`${user} ${recording}`);
    return at === undefined || this.clock.monotonicMs() - at > SAME_HEARING_MS;
  }

  noted(user: string, recording: string): void {
    const key = `${user} ${recording}`;
    this.#at.delete(key);
    this.#at.set(key, this.clock.monotonicMs());
    const [oldest] = this.#at.keys();
    if (this.#at.size > HEARINGS_MAX && oldest !== undefined) this.#at.delete(oldest);
  }
}

function viewOf(one: Recording, state: WireRecording['state']): WireRecording {
  const { id: own, kind, segment, startedAtMs, durationMs, agents, queue, pauses } = one;
  return {
    ...{ id: own, kind, segment, startedAt: iso(startedAtMs), agents: [...agents], state },
    ...(durationMs === undefined ? {} : { durationMs }),
    ...(queue === undefined ? {} : { queue }),
    pauses: pauses.map((pause) => ({ ...pause })),
  };
}
