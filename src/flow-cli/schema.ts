// `npm run flow schema`: the language of flows and that of centre.yaml as JSON Schema, as files for editors.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { jsonText } from '../core/document/json-schema.js';
import { testSchema } from '../core/flow-test/test-schema.js';
import { flowSchema } from '../core/ivr/schema/flow-schema.js';
import { centreJsonSchema } from '../core/routing/keys/centre-json.js';
import { print } from './print.js';

/** By the name of the file. */
export const SCHEMAS = {
  'flow.schema.json': flowSchema,
  'centre.schema.json': centreJsonSchema,
  'test.schema.json': testSchema,
} as const;

export async function schema(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: { to: { type: 'string', default: 'docs/schema' } } });
  mkdirSync(values.to, { recursive: true });
  for (const [file, make] of Object.entries(SCHEMAS)) {
    writeFileSync(join(values.to, file), `${jsonText(make())}\n`);
    print(`${join(values.to, file)} is written`);
  }
  return 0;
}
