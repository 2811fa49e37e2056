// Why somebody still waits, and why an interaction went as it did: as data and as sentences.
import { z } from 'zod';
import { HiloError } from '../../app/errors.js';
import { languageHeader, name } from '../../contract/wire.js';
import { entryWhy, interactionWhy } from '../../contract/work.js';
import { type Scrutiny, scrutinise, scrutinyText } from '../../core/acd/choice/scrutiny.js';
import { decidingText, filterText, strategyText, valuesText } from '../../core/acd/choice/words.js';
import type { Floor } from '../../core/acd/select.js';
import { type ChoiceWords, decisionsOf } from '../../core/interaction/timeline/decisions.js';
import { rule } from '../access.js';
import type { Api } from '../api.js';
import { preferredLanguage } from '../language.js';
import { eventsOf } from '../routes/interactions.js';
import type { ApiServices } from '../services.js';
import { entryView } from '../view/queue.js';
import { iso } from '../view/time.js';

const tags = ['why'];

export function whyRoutes(api: Api, { flows, live, agents, clock, records }: ApiServices): void {
  api.get(
    '/api/queues/:id/entries/:entry/why',
    rule(
      'supervisor',
      {
        tags,
        summary: 'Why this one is waiting',
        description: 'Its place and who stands before it, what keeps each agent from it, and how its queue widens.',
        params: z.object({ id: name, entry: z.string().min(1).max(64) }),
        headers: languageHeader,
        response: { 200: entryWhy },
      },
      ['not-found'],
    ),
    async (request, reply) => {
      const { id, entry: wanted } = request.params;
      const { queues, agents: agentConfigs, channels, defaultLanguage, timeZone } = flows.centre();
      const waiting = [...live.entries()];
      const entry = waiting.find((one) => one.entry === wanted && one.queue === id);
      const present = agents.all().map(({ presence }) => presence);
      const floor: Floor = {
        ...{ waiting, agents: present, queues, agentConfigs, nowMs: clock.nowMs() },
        ...(channels === undefined ? {} : { channels }),
      };
      const scrutiny = entry && scrutinise(entry, floor);
      if (scrutiny === undefined) throw new HiloError('not-found', `${wanted} does not wait in ${id}`);
      const language = preferredLanguage(request.headers['accept-language'], defaultLanguage);
      reply.header('content-language', language).header('vary', 'accept-language');
      return {
        entry: entryView(scrutiny.entry, floor, language),
        ...dataOf(scrutiny),
        sentences: scrutinyText(scrutiny, language, timeZone),
      };
    },
  );

  api.get(
    '/api/interactions/:id/why',
    rule(
      'supervisor',
      {
        tags,
        summary: 'Why an interaction went as it did',
        params: z.object({ id: z.string().min(1).max(64).describe('Id, or reference such as H-7K3Q-X2PD.') }),
        headers: languageHeader,
        response: { 200: interactionWhy },
      },
      ['not-found', 'store-unavailable'],
    ),
    async (request, reply) => {
      const events = await eventsOf(records, request.params.id);
      const language = preferredLanguage(request.headers['accept-language'], flows.centre().defaultLanguage);
      reply.header('content-language', language).header('vary', 'accept-language');
      const decisions = decisionsOf(events, language, wordsIn(flows.centre().timeZone)).map(
        ({ version, type, atMs, sentences, explanation }) => ({
          ...{ version, type, at: iso(atMs), sentences: [...sentences] },
          ...(explanation === undefined ? {} : { explanation: { ...explanation } }),
        }),
      );
      return { id: events[0]?.interaction ?? '', decisions };
    },
  );
}

function wordsIn(timeZone: string): ChoiceWords {
  return {
    ...{ strategy: strategyText, filter: filterText },
    values: (values, language) => valuesText(values, language, timeZone),
    deciding: (first, second, language) => decidingText(first, second, language, timeZone),
  };
}

function dataOf({ why, strategy, order, ahead, agents, ring }: Scrutiny) {
  const { priority, seniorityMs, joinedAtMs } = order;
  return {
    ...{ cause: why.cause, strategy, ahead: [...ahead] },
    order: { priority, seniority: iso(seniorityMs), joinedAt: iso(joinedAtMs) },
    agents: agents.map(({ agent, filter, untilMs, values }) => ({
      agent,
      ...(filter === undefined ? {} : { filter }),
      ...(untilMs === undefined ? {} : { until: iso(untilMs) }),
      ...(values === undefined ? {} : { values: { ...values } }),
    })),
    ...(ring === undefined ? {} : { ring: ringData(ring) }),
  };
}

function ringData({ number, of, skills, widensAtMs, comeIn }: NonNullable<Scrutiny['ring']>) {
  const base = { number, of, skills: skills.map((one) => ({ ...one })), comeIn: [...comeIn] };
  return widensAtMs === undefined ? base : { ...base, widensAt: iso(widensAtMs) };
}
