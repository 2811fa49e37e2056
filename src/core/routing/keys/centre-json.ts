// centre.yaml as JSON Schema, for editors: made from the same types that check it.
import { DRAFT_7, type JsonSchema, jsonSchemaOf } from '../../document/json-schema.js';
import { centreSchema } from '../centre-shape.js';

export function centreJsonSchema(): JsonSchema {
  return {
    $schema: DRAFT_7,
    title: 'The centre of Hilo',
    description: 'Numbers, queues, agents, trunks, opening hours, and what Hilo says. See docs/flows.md.',
    ...jsonSchemaOf(centreSchema),
  };
}
