// The record: finding interactions and reading one with its whole story.
import { z } from 'zod';
import { HiloError } from '../../app/errors.js';
import type { InteractionQuery } from '../../app/ports.js';
import { normalised } from '../../app/record/contacts.js';
import { interaction, interactionPage, interactionState } from '../../contract/interaction.js';
import { channel, languageHeader } from '../../contract/wire.js';
import type { RecordedEvent } from '../../core/interaction/event.js';
import { parseReference } from '../../core/interaction/reference.js';
import type { Centre } from '../../core/routing/centre.js';
import { atLeast, rule, userOf } from '../access.js';
import type { Api } from '../api.js';
import { preferredLanguage } from '../language.js';
import type { ApiServices } from '../services.js';
import { interactionView, summaryView } from '../view/interaction.js';
import { parseTime } from '../view/time.js';

const PAGE_DEFAULT = 50;
const PAGE_MAX = 200;
const tags = ['interactions'];

const time = z.string().min(4).max(40);
const query = z.strictObject({
  from: time.optional().describe('Opened at or after this date or time; without offset on the clock of the centre.'),
  to: time.optional().describe('Opened before this date or time.'),
  channel: channel.optional().describe('Passed through this channel.'),
  state: interactionState.optional(),
  contact: z
    .string()
    .min(1)
    .max(64)
    .optional()
    .describe('Id of the contact, or a number such as +34600123456, also as dialled in the country.'),
  reference: z.string().min(1).max(40).optional().describe('Such as H-7K3Q-X2PD, also in small letters.'),
  limit: z.coerce.number().int().min(1).max(PAGE_MAX).default(PAGE_DEFAULT),
  after: z.string().min(1).max(200).optional().describe('`next` of the page before.'),
});

export function interactionRoutes(api: Api, services: ApiServices): void {
  const { records, flows } = services;

  api.get(
    '/api/interactions',
    rule(
      'agent',
      {
        tags,
        summary: 'Find interactions, newest first',
        description: 'Agents look for a customer: they have to name `contact` or `reference`.',
        querystring: query,
        response: { 200: interactionPage },
      },
      ['invalid-input', 'not-allowed', 'store-unavailable'],
    ),
    async (request) => {
      const { contact, reference } = request.query;
      if (contact === undefined && reference === undefined && !atLeast(userOf(request), 'supervisor')) {
        throw new HiloError('not-allowed', 'agents look for a customer: give a number, or a reference');
      }
      const { interactions, next } = await records.find(storeQuery(request.query, flows.centre()));
      const page = { interactions: interactions.map(summaryView) };
      return next === undefined ? page : { ...page, next };
    },
  );

  api.get(
    '/api/interactions/:id',
    rule(
      'agent',
      {
        tags,
        summary: 'One interaction with its segments, its events and its story',
        params: z.object({ id: z.string().min(1).max(64).describe('Id, or reference such as H-7K3Q-X2PD.') }),
        headers: languageHeader,
        response: { 200: interaction },
      },
      ['not-found', 'store-unavailable'],
    ),
    async (request, reply) => {
      const events = await eventsOf(records, request.params.id);
      const language = preferredLanguage(request.headers['accept-language'], flows.centre().defaultLanguage);
      reply.header('content-language', language).header('vary', 'accept-language');
      return interactionView(events, language, (name) => flows.catalogue().flows.get(name));
    },
  );
}

function storeQuery(
  asked: z.infer<typeof query>,
  { timeZone, country }: Pick<Centre, 'timeZone' | 'country'>,
): InteractionQuery {
  const { from, to, contact, reference, channel, state, after, limit } = asked;
  return {
    limit,
    ...(from === undefined ? {} : { fromMs: parseTime('from', from, timeZone) }),
    ...(to === undefined ? {} : { toMs: parseTime('to', to, timeZone) }),
    // A plus that was not escaped arrives as a space.
    ...(contact === undefined ? {} : { contact: normalised(contact.replace(/^ /, '+'), country) }),
    ...(reference === undefined ? {} : { reference: parseReference(reference) ?? reference }),
    ...(channel === undefined ? {} : { channel }),
    ...(state === undefined ? {} : { state }),
    ...(after === undefined ? {} : { after }),
  };
}

/** Rejects with HiloError `not-found`. */
export async function eventsOf(records: ApiServices['records'], id: string): Promise<readonly RecordedEvent[]> {
  const events = await records.read((await idOfReference(records, id)) ?? id);
  if (events.length === 0) throw new HiloError('not-found', `there is no interaction ${id}`);
  return events;
}

async function idOfReference(records: ApiServices['records'], typed: string): Promise<string | undefined> {
  const reference = parseReference(typed);
  if (reference === undefined) return undefined;
  const { interactions } = await records.find({ reference, limit: 1 });
  return interactions[0]?.id;
}
