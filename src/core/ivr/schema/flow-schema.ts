// The language of flows as JSON Schema, for editors: made from the same types that check a flow.
import { DRAFT_7, type JsonSchema, jsonSchemaOf } from '../../document/json-schema.js';
import { headerSchema } from '../head.js';
import { STEP_KINDS } from '../step-kinds.js';

/** Which of the step's keys may stand there follows from its `do`. */
export function flowSchema(): JsonSchema {
  const header = jsonSchemaOf(headerSchema);
  const kinds = Object.entries(STEP_KINDS);
  const steps = {
    ...header.properties?.['steps'],
    additionalProperties: {
      type: 'object',
      required: ['do'],
      properties: { do: { enum: kinds.map(([name]) => name), description: 'The kind of step.' } },
      allOf: kinds.map(([name]) => ({
        if: { properties: { do: { const: name } }, required: ['do'] },
        // biome-ignore lint/suspicious/noThenProperty: the word of JSON Schema
        then: { $ref: `#/definitions/${name}` },
      })),
    },
  };
  return {
    $schema: DRAFT_7,
    title: 'A flow of Hilo',
    description: 'What callers hear and press, and where it leads. See docs/flows.md.',
    ...header,
    properties: { ...header.properties, steps },
    definitions: Object.fromEntries(kinds.map(([name]) => [name, stepSchema(name)])),
  };
}

/** The keys of one kind of step, with its sentence. */
export function stepSchema(name: string): JsonSchema {
  const kind = STEP_KINDS[name];
  if (kind === undefined) return {};
  const schema = jsonSchemaOf(kind.schema);
  const { do: word, ...keys } = schema.properties ?? {};
  return { description: kind.summary, ...schema, properties: { do: { ...word, const: name }, ...keys } };
}
