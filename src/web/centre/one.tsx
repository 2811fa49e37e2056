// A part of the centre that there is one of: what may be dialled, recovery, limits …
import { Paper, Stack } from '@mantine/core';
import { Accounts } from './accounts.js';
import type { Data } from './data.js';
import { Block } from './form/block.js';
import { kindOf, type Schema } from './form/kind.js';
import type { FormPart } from './parts.js';

export interface OneProps {
  readonly part: FormPart;
  readonly keys: readonly string[];
  readonly centre: Data;
  readonly schema: Schema;
}

export function One({ part, keys, centre, schema }: OneProps) {
  const properties = Object.fromEntries(keys.map((key) => [key, schema.properties?.[key] ?? {}]));
  const [only = ''] = keys;
  const alone = kindOf(properties[only] ?? {});
  return (
    <Stack>
      <Paper withBorder p="md">
        {keys.length === 1 && alone.kind === 'block' ? (
          <Block
            path={[only]}
            keys={[only]}
            properties={alone.properties}
            required={alone.required}
            data={centre[only]}
          />
        ) : (
          <Block path={[]} keys={[]} properties={properties} required={schema.required ?? []} data={centre} />
        )}
      </Paper>
      {part === 'channels' && <Accounts />}
    </Stack>
  );
}
