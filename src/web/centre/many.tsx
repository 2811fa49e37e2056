// A part of the centre of which there are several: queues, agents, numbers, hours …
import { Stack } from '@mantine/core';
import { useState } from 'react';
import type { CompilerThread } from '../studio/compiler/thread.js';
import type { Draft } from '../studio/draft.js';
import { useTexts } from '../texts/language.js';
import { HoursCalendar } from './calendar.js';
import { type Data, recordOf } from './data.js';
import { Block } from './form/block.js';
import { faultAt, useSurroundings } from './form/context.js';
import { kindOf, type Schema } from './form/kind.js';
import { ListAndOne } from './list.js';
import { type FormPart, freshOf, type ManyPart } from './parts.js';
import { type Renamable, Renaming } from './renaming.js';
import { centreTexts } from './texts/texts.js';

/** Named in other places, which come along. */
const RENAMABLE: Readonly<Record<string, Renamable>> = { queues: 'queue', agents: 'agent', hours: 'hours' };

export interface ManyProps {
  readonly part: FormPart;
  readonly what: ManyPart;
  readonly centre: Data;
  readonly schema: Schema;
  readonly draft: Draft;
  readonly compiler: CompilerThread;
}

export function Many({ part, what: { key, first }, centre, schema, draft, compiler }: ManyProps) {
  const texts = useTexts(centreTexts);
  const { Field, issues, languages, write } = useSurroundings();
  const [asked, setAsked] = useState<string>();
  const entries = recordOf(centre[key]);
  const chosen = asked !== undefined && asked in entries ? asked : Object.keys(entries)[0];
  const own = schema.properties?.[key] ?? {};
  const kind = kindOf(own);
  if (kind.kind !== 'pairs') return null;
  const each = kindOf(kind.value);
  const add = (name: string): void => {
    write([key, name], freshOf(key, name, languages));
    setAsked(name);
  };
  const renamable = RENAMABLE[key];
  const acts =
    renamable !== undefined && chosen !== undefined ? (
      <Renaming
        key={chosen}
        kind={renamable}
        name={chosen}
        revision={draft.inForce.revision}
        hasDraft={draft.isChanged}
        onRenamed={setAsked}
      />
    ) : undefined;
  return (
    <ListAndOne
      title={texts.parts[part]}
      entries={Object.entries(entries).map(([name, data]) => ({
        ...{ name, about: titleOf(data) },
        isWrong: faultAt(issues, [key, name], true) !== undefined,
      }))}
      chosen={chosen}
      onChoose={setAsked}
      fresh={{ names: kind.names, hint: key === 'numbers' ? texts.newNumberHint : texts.newNameHint, onAdd: add }}
      onRemove={(name) => write([key, name], undefined)}
      acts={acts}
    >
      {chosen !== undefined && each.kind === 'block' && (
        <Stack key={chosen}>
          <Block
            path={[key, chosen]}
            keys={[key, '*']}
            properties={each.properties}
            required={each.required}
            data={entries[chosen]}
            {...(first === undefined ? {} : { first })}
            without={key === 'hours' ? ['holidays'] : []}
          />
          {key === 'hours' && <HoursCalendar name={chosen} data={recordOf(entries[chosen])} {...{ draft, compiler }} />}
        </Stack>
      )}
      {chosen !== undefined && each.kind !== 'block' && (
        <Field
          key={chosen}
          path={[key, chosen]}
          keys={[key, '*']}
          schema={kind.value}
          value={entries[chosen]}
          isRequired
          label={chosen}
        />
      )}
    </ListAndOne>
  );
}

/** The name for people, or what it leads to. */
function titleOf(data: unknown): string {
  const { title } = recordOf(data);
  if (typeof title === 'string') return title;
  return Object.values(recordOf(title)).join(' · ');
}
