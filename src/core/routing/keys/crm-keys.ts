// The customer in another system of the centre, as `crm` in `centre.yaml` says: an address that opens there.
import { z } from 'zod';
import { custom, languageSchema, strict } from '../../document/shape.js';
import { compileUrl } from '../../document/url-template.js';
import type { Address } from '../../interaction/event.js';

/** What may be filled in. */
export const CRM_NAMES = [
  'contact.id',
  'contact.number',
  'contact.name',
  'contact.segment',
  'interaction.reference',
] as const;

export interface CrmLink {
  readonly url: string;
  /** Per language. */
  readonly title: Readonly<Record<string, string>>;
}

export const crmSchema = strict({
  url: z
    .string()
    .superRefine((url, context) => {
      const compiled = compileUrl(url, ['https:', 'http:'], CRM_NAMES);
      if (!compiled.ok) custom(context, compiled.message, compiled.advice);
    })
    .describe(`Opened beside a conversation; filled in: ${CRM_NAMES.map((name) => `{{ ${name} }}`).join(', ')}.`),
  title: z.record(languageSchema, z.string()).default({}).describe('What the link is called, per language.'),
});

interface Whom {
  readonly id: string;
  readonly addresses: readonly Address[];
  readonly name?: string;
  readonly segment?: string;
}

/** Undefined when no address comes of it. */
export function crmUrl({ url }: CrmLink, contact: Whom, reference = ''): string | undefined {
  const compiled = compileUrl(url, ['https:', 'http:'], CRM_NAMES);
  if (!compiled.ok) return undefined;
  const { id, addresses, name = '', segment = '' } = contact;
  const number = (addresses.find(({ channel }) => channel === 'voice') ?? addresses[0])?.value ?? '';
  return compiled.url.render({ contact: { id, number, name, segment }, interaction: { reference } });
}
