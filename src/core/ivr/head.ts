// What stands before the steps of a flow.
import { z } from 'zod';
import { languageSchema, nameSchema, strict } from '../document/shape.js';
import { MAX_LANGUAGES, MAX_VARIABLES } from './limits.js';
import { inputDeclaration, variableDeclaration, variableName } from './variable/declaration.js';

/** Shortest reason that says something. */
const MIN_REASON_CHARS = 10;

const noPerson = strict({
  none: z.string().min(MIN_REASON_CHARS, { error: 'say why, in a few words' }).describe('The reason.'),
});

export const headerSchema = strict({
  version: z.literal(1, { error: 'this version is not known: Hilo reads version 1' }).describe('Of the language: 1.'),
  name: nameSchema
    .refine((name) => name !== 'schema', { error: 'this name is taken by Hilo' })
    .describe('The name of the file, without `.yaml`.'),
  note: z.string().optional().describe('For whoever reads the file.'),
  languages: z
    .array(languageSchema)
    .min(1, { error: 'a flow speaks at least one language' })
    .max(MAX_LANGUAGES)
    .describe('Every text has to be there in each of them. The first is spoken when nothing is known of the caller.'),
  'fall-back': z
    .record(languageSchema, z.union([languageSchema, z.array(languageSchema).min(1)]))
    .default({})
    .describe('Languages whose texts may be missing, and what is said instead, best first: `{ ca: es }`.'),
  start: z.string().describe('The step where a call begins.'),
  fallback: z
    .string()
    .optional()
    .describe(
      'Where a call goes, once, that used up the limits of the centre (`limits:`): steps, steps without a key, time. It ends the call.',
    ),
  person: noPerson.optional().describe('`{ none: why }`: no way to a person is asked of this flow.'),
  inputs: z
    .record(variableName, inputDeclaration)
    .optional()
    .describe(
      'Variables that whoever calls this flow gives: `vip: false` may be given, `order: { type: text }` has to be.',
    ),
  results: z
    .array(z.string())
    .max(MAX_VARIABLES)
    .optional()
    .describe('Variables that whoever calls this flow may take. Without it: any.'),
  variables: z
    .record(variableName, variableDeclaration)
    .default({})
    .describe(
      'Its own variables, by first value (`tries: 0`) or by type (`order: { type: text }`, `pin: { type: secret }`).',
    ),
  steps: z.record(nameSchema, z.unknown()).describe('Name of a step → what it does.'),
});
