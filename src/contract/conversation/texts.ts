// Texts that agents do not type: canned ones to be changed before they go, and templates that go as they are.
import { z } from 'zod';
import { name } from '../wire.js';

const perLanguage = z.record(z.string(), z.string()).describe('Per language of the centre.');

export const cannedText = z
  .object({
    name,
    title: perLanguage,
    text: perLanguage.describe('Filled in for the conversation that was asked for; else with the names of its places.'),
  })
  .meta({ id: 'CannedText' });
export type WireCannedText = z.infer<typeof cannedText>;

export const template = z
  .object({
    name,
    title: perLanguage,
    text: perLanguage.describe('As it will go; what the agent fills in stands there as `{name}`.'),
    fields: z.array(z.string()).describe('What the agent fills in, by name: all of them are needed.'),
    labels: z.record(z.string(), perLanguage).describe('What stands beside a field, by name; others show their name.'),
  })
  .meta({ id: 'MessageTemplate', description: 'Approved by the provider: goes also when the window is closed.' });
export type WireTemplate = z.infer<typeof template>;

/** GET /api/canned-texts?conversation={id} */
export const cannedTexts = z.object({
  language: z.string().describe('The one this customer is written to in.'),
  texts: z.array(cannedText),
  templates: z.array(template),
});
export type WireCannedTexts = z.infer<typeof cannedTexts>;
