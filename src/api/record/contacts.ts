// What the centre knows of a customer besides the record: name, language, segment, tags. Flows read it in `customer.…`.
import type { z } from 'zod';
import { HiloError } from '../../app/errors.js';
import type { Contact } from '../../app/ports.js';
import { normalised } from '../../app/record/contacts.js';
import { contact, contactChange } from '../../contract/interaction.js';
import { isWithheld } from '../../core/policy/recipient.js';
import { rule } from '../access.js';
import type { Api } from '../api.js';
import type { ApiServices } from '../services.js';
import { contactView } from '../view/profile.js';

export function contactRoutes(api: Api, { contacts, flows }: Pick<ApiServices, 'contacts' | 'flows'>): void {
  api.patch(
    '/api/contacts',
    rule(
      'supervisor',
      {
        tags: ['interactions'],
        summary: 'Say what is known of a customer',
        description:
          'For the next call: steps `customer`, conditions and texts of flows read it as `customer.name`, `customer.tags` … ' +
          'What is left out stays as it is, null takes it away. A number that never called is known from now on.',
        body: contactChange,
        response: { 200: contact },
      },
      ['invalid-input', 'store-unavailable'],
    ),
    async (request) => {
      const { number, ...change } = request.body;
      const { country } = flows.centre();
      if (isWithheld(number)) throw new HiloError('invalid-input', 'nobody is known by a number that is withheld');
      const { contact: known } = await contacts.ofCaller(normalised(number, country), country);
      const changed = changedBy(known, change);
      await contacts.save(changed);
      return contactView(changed);
    },
  );
}

function changedBy(contact: Contact, change: Omit<z.output<typeof contactChange>, 'number'>): Contact {
  const { name, language, segment, tags, ...rest } = contact;
  const now = { name, language, segment, tags, ...change };
  return {
    ...rest,
    ...(now.name == null ? {} : { name: now.name }),
    ...(now.language == null ? {} : { language: now.language }),
    ...(now.segment == null ? {} : { segment: now.segment }),
    ...(now.tags == null ? {} : { tags: now.tags }),
  };
}
