// The queues: how long they are, and why each one in them is still waiting.
import { z } from 'zod';
import { HiloError } from '../../app/errors.js';
import { entryList, queueList } from '../../contract/queue.js';
import { languageHeader, name } from '../../contract/wire.js';
import { compareEntries } from '../../core/acd/choice/line.js';
import type { Entry } from '../../core/acd/entry.js';
import type { Floor } from '../../core/acd/select.js';
import { rule } from '../access.js';
import type { Api } from '../api.js';
import { preferredLanguage } from '../language.js';
import type { ApiServices } from '../services.js';
import { entryView, queueView } from '../view/queue.js';

const ENTRIES_DEFAULT = 100;
/** Each one is compared with all others. */
const ENTRIES_MAX = 500;
const tags = ['queues'];

export function queueRoutes(api: Api, { centre, live, agents, waits, clock }: ApiServices): void {
  api.get(
    '/api/queues',
    rule('agent', { tags, summary: 'All queues: who waits and who could serve them', response: { 200: queueList } }),
    async () => {
      const byQueue = groupByQueue(live.entries());
      const everybody = agents.all();
      const nowMs = clock.nowMs();
      const queues = [...centre().queues.values()];
      return {
        queues: queues.map((queue) =>
          queueView(queue, {
            entries: byQueue.get(queue.name) ?? [],
            agents: everybody,
            estimatedWaitMs: waits.newcomer(queue)?.estimate?.waitMs,
            nowMs,
          }),
        ),
      };
    },
  );

  api.get(
    '/api/queues/:id/entries',
    rule(
      'supervisor',
      {
        tags,
        summary: 'Who waits in a queue, and why',
        params: z.object({ id: name }),
        querystring: z.strictObject({
          limit: z.coerce.number().int().min(1).max(ENTRIES_MAX).default(ENTRIES_DEFAULT),
        }),
        headers: languageHeader,
        response: { 200: entryList },
      },
      ['not-found', 'invalid-input'],
    ),
    async (request, reply) => {
      const { id } = request.params;
      const { queues, agents: agentConfigs, channels, defaultLanguage } = centre();
      if (!queues.has(id)) throw new HiloError('not-found', `there is no queue ${id}`);
      const waiting: readonly Entry[] = [...live.entries()];
      const present = agents.all().map(({ presence }) => presence);
      const floor: Floor = {
        ...{ waiting, agents: present, queues, agentConfigs, nowMs: clock.nowMs() },
        ...(channels === undefined ? {} : { channels }),
      };
      const language = preferredLanguage(request.headers['accept-language'], defaultLanguage);
      const own = waiting.filter(({ queue }) => queue === id).sort((a, b) => compareEntries(a, b, floor.nowMs));
      reply.header('content-language', language).header('vary', 'accept-language');
      return {
        total: own.length,
        entries: own.slice(0, request.query.limit).map((entry) => entryView(entry, floor, language)),
      };
    },
  );
}

function groupByQueue(entries: Iterable<Entry>): Map<string, Entry[]> {
  const groups = new Map<string, Entry[]>();
  for (const entry of entries) {
    const group = groups.get(entry.queue);
    if (group === undefined) groups.set(entry.queue, [entry]);
    else group.push(entry);
  }
  return groups;
}
