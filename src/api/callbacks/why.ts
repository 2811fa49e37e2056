// Why a promised call-back has not been made yet: its times and attempts, and while it waits what keeps each agent from it.
import { z } from 'zod';
import { HiloError } from '../../app/errors.js';
import { callbackWhy as shape } from '../../contract/callback/callback.js';
import { languageHeader } from '../../contract/wire.js';
import { scrutinise, scrutinyText } from '../../core/acd/choice/scrutiny.js';
import { callbackWhy } from '../../core/callback/why.js';
import type { InteractionEvent, RecordedEvent } from '../../core/interaction/event.js';
import { rule } from '../access.js';
import type { Api } from '../api.js';
import { preferredLanguage } from '../language.js';
import type { ApiServices } from '../services.js';

/** As many as are listed. */
const LOOKED_AT = 200;

type Services = Pick<ApiServices, 'callbackDesk' | 'records' | 'flows' | 'live' | 'agents' | 'centre' | 'clock'>;

export function callbackWhyRoute(api: Api, services: Services): void {
  const { callbackDesk, records, flows, live, agents, centre, clock } = services;
  api.get(
    '/api/callbacks/:id/why',
    rule(
      'supervisor',
      {
        tags: ['why'],
        summary: 'Why a promised call-back has not been made yet',
        params: z.object({ id: z.string().min(1).max(64) }),
        headers: languageHeader,
        response: { 200: shape },
      },
      ['not-found', 'store-unavailable'],
    ),
    async (request, reply) => {
      const { id } = request.params;
      const found = (await callbackDesk.pending({ limit: LOOKED_AT })).find(({ callback }) => callback.id === id);
      if (found === undefined) throw new HiloError('not-found', `there is no pending call-back ${id}`);
      const { callback, interaction } = found;
      const { defaultLanguage, timeZone } = flows.centre();
      const language = preferredLanguage(request.headers['accept-language'], defaultLanguage);
      const lastFailure = failureIn(await records.read(interaction.id), id);
      const nowMs = clock.nowMs();
      const scene = { callback, nowMs, timeZone, ...(lastFailure === undefined ? {} : { lastFailure }) };
      const waits = callback.state === 'waiting' ? live.entry(callback.entry) : undefined;
      const { queues, agents: agentConfigs } = centre();
      const present = agents.all().map(({ presence }) => presence);
      const floor = { waiting: [...live.entries()], agents: present, queues, agentConfigs, nowMs };
      const scrutiny = waits && scrutinise(waits, floor);
      reply.header('content-language', language).header('vary', 'accept-language');
      return {
        id,
        sentences: [
          ...callbackWhy(scene, language),
          ...(scrutiny === undefined ? [] : scrutinyText(scrutiny, language, timeZone)),
        ],
      };
    },
  );
}

function failureIn(events: readonly RecordedEvent[], id: string): string | undefined {
  const isIt = (event: InteractionEvent): boolean =>
    event.type === 'callback-attempt-failed' && event.data.callback === id;
  const last = events.findLast(({ event }) => isIt(event))?.event;
  return last?.type === 'callback-attempt-failed' ? last.data.reason : undefined;
}
