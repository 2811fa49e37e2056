// JSON Schema (draft 7, as editors of YAML know it) of what may be written in the texts of the centre.
import { z } from 'zod';

export interface JsonSchema {
  readonly [keyword: string]: unknown;
  readonly title?: string;
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
}

/** Of what is written, not of what is read from it. Schemas that read for themselves say theirs with `.meta()`. */
export function jsonSchemaOf(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { target: 'draft-7', io: 'input', unrepresentable: 'any' });
  return rest as JsonSchema;
}

export const DRAFT_7 = 'http://json-schema.org/draft-07/schema#';

const LINE = 120;

/** JSON as our formatter leaves it: blocks on lines of their own, plain lists on one line where they fit behind `lead` characters. */
export function jsonText(value: unknown, indent = '', lead = indent.length): string {
  const deeper = `${indent}  `;
  if (Array.isArray(value)) {
    const flat = `[${value.map((item) => jsonText(item)).join(', ')}]`;
    const plain = value.every((item) => typeof item !== 'object' || item === null);
    if (value.length === 0 || (plain && lead + flat.length < LINE)) return flat;
    return `[\n${value.map((item) => `${deeper}${jsonText(item, deeper)}`).join(',\n')}\n${indent}]`;
  }
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const lines = Object.entries(value).map(([key, item]) => {
    const name = `${deeper}${JSON.stringify(key)}: `;
    return `${name}${jsonText(item, deeper, name.length)}`;
  });
  return lines.length === 0 ? '{}' : `{\n${lines.join(',\n')}\n${indent}}`;
}
