// Who a customer is: the profile with the whole history, and profiles of one person that are put together or taken apart.
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { HiloError } from '../../app/errors.js';
import { normalised } from '../../app/record/contacts.js';
import { mergeWish, profile, type WireProfile } from '../../contract/history/profile.js';
import { fold } from '../../core/interaction/interaction.js';
import { parseReference } from '../../core/interaction/reference.js';
import { crmUrl } from '../../core/routing/keys/crm-keys.js';
import { rule, userOf } from '../access.js';
import type { Api } from '../api.js';
import { preferredLanguage } from '../language.js';
import { eventsOf } from '../routes/interactions.js';
import type { ApiServices } from '../services.js';
import { profileView } from '../view/profile.js';

const tags = ['interactions'];
const params = z.object({ id: z.string().min(1).max(64).describe('Id of the contact.') });
const querystring = z.strictObject({
  after: z.string().min(1).max(200).optional().describe('`next` of the page before: older matters.'),
});

type Services = Pick<ApiServices, 'profiles' | 'records' | 'flows' | 'audit'>;

export function profileRoutes(api: Api, services: Services): void {
  readingRoutes(api, services);
  const { profiles, audit } = services;

  api.post(
    '/api/contacts/:id/merge',
    rule(
      'supervisor',
      {
        tags,
        summary: 'Two profiles are one person: put this one into another',
        description: 'Nothing is moved: the history shows both, and taking it out again leaves everything as it was.',
        params,
        body: mergeWish,
        response: { 200: profile },
      },
      ['not-found', 'invalid-input', 'wrong-state', 'store-unavailable'],
    ),
    async (request) => {
      const { id: contact } = request.params;
      const [into, by] = [await contactOf(services, request.body.with), userOf(request).name];
      await audit.note({ by, act: 'contacts-merged', on: contact, detail: { into } });
      await profiles.merge({ contact, into, by });
      return shown(services, request, contact);
    },
  );

  api.delete(
    '/api/contacts/:id/merge',
    rule(
      'supervisor',
      {
        tags,
        summary: 'They are not one person: take this profile out of the one it was put into',
        params,
        response: { 200: profile },
      },
      ['not-found', 'wrong-state', 'store-unavailable'],
    ),
    async (request) => {
      const { id: contact } = request.params;
      const by = userOf(request).name;
      await audit.note({ by, act: 'contacts-unmerged', on: contact });
      await profiles.unmerge({ contact, by });
      return shown(services, request, contact);
    },
  );
}

function readingRoutes(api: Api, services: Services): void {
  api.get(
    '/api/contacts/:id',
    rule(
      'agent',
      {
        tags,
        summary: 'A customer: profile, what is owed, and all matters in all channels',
        params,
        querystring,
        response: { 200: profile },
      },
      ['not-found', 'invalid-input', 'store-unavailable'],
    ),
    (request) => shown(services, request, request.params.id, { after: request.query.after }),
  );

  api.get(
    '/api/interactions/:id/customer',
    rule(
      'agent',
      {
        tags,
        summary: 'The customer of an interaction',
        params: z.object({ id: z.string().min(1).max(64).describe('Id, or reference such as H-7K3Q-X2PD.') }),
        querystring,
        response: { 200: profile },
      },
      ['not-found', 'invalid-input', 'store-unavailable'],
    ),
    async (request) => {
      const { contact, reference } = fold(await eventsOf(services.records, request.params.id));
      return shown(services, request, contact, { after: request.query.after, reference });
    },
  );
}

async function shown(
  { profiles, flows }: Services,
  { headers }: Pick<FastifyRequest, 'headers'>,
  contact: string,
  { after, reference }: { readonly after?: string | undefined; readonly reference?: string } = {},
): Promise<WireProfile> {
  const history = await profiles.historyOf(contact, after);
  const { crm, defaultLanguage } = flows.centre();
  const language = preferredLanguage(headers['accept-language'], defaultLanguage);
  const url = crm && !history.withheld ? crmUrl(crm, history.profile, reference) : undefined;
  const view = profileView(history);
  return url === undefined ? view : { ...view, crm: { url, title: crm?.title[language] ?? 'CRM' } };
}

/** Id of the contact that somebody means by an id, a number or a reference. Rejects with HiloError `not-found`. */
async function contactOf({ records, flows }: Services, typed: string): Promise<string> {
  const reference = parseReference(typed);
  const query = reference === undefined ? { contact: normalised(typed, flows.centre().country) } : { reference };
  const { interactions } = await records.find({ ...query, limit: 1 });
  const [found] = interactions;
  if (found === undefined) throw new HiloError('not-found', `nobody is known by ${typed}`);
  return found.contact;
}
