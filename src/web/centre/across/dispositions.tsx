// What conversations were about: the codes of each queue, and a way to give one queue those of another.
import { NativeSelect, Stack } from '@mantine/core';
import { useState } from 'react';
import { useTexts } from '../../texts/language.js';
import { recordOf } from '../data.js';
import { faultAt, useSurroundings } from '../form/context.js';
import { schemaAt } from '../form/kind.js';
import { ListAndOne } from '../list.js';
import { centreTexts } from '../texts/texts.js';
import type { AcrossProps } from './teams.js';

export function Dispositions({ centre, schema }: AcrossProps) {
  const texts = useTexts(centreTexts);
  const { Field, issues, write } = useSurroundings();
  const [asked, setAsked] = useState<string>();
  const queues = Object.entries(recordOf(centre['queues'])).map(([name, data]) => [name, recordOf(data)] as const);
  const [chosen, data] = queues.find(([name]) => name === asked) ?? queues[0] ?? [];
  const own = data?.['dispositions'];
  const codesOf = (queue: unknown) => Object.keys(recordOf(recordOf(queue)['codes']));
  const others = queues.filter(([name, other]) => name !== chosen && codesOf(other['dispositions']).length > 0);
  const pathOf = (queue: string) => ['queues', queue, 'dispositions'];
  return (
    <ListAndOne
      title={texts.parts.queues}
      entries={queues.map(([name, { dispositions }]) => ({
        ...{ name, about: codesOf(dispositions).join(', ') },
        isWrong: faultAt(issues, pathOf(name), true) !== undefined,
      }))}
      chosen={chosen}
      onChoose={setAsked}
      {...(own === undefined ? {} : { onRemove: (name: string) => write(pathOf(name), undefined) })}
    >
      {chosen !== undefined && (
        <Stack key={chosen}>
          {others.length > 0 && (
            <NativeSelect
              label={texts.copyFrom}
              data={['', ...others.map(([name]) => name)]}
              value=""
              onChange={({ currentTarget: { value } }) => {
                const from = others.find(([name]) => name === value);
                if (from !== undefined) write(pathOf(chosen), from[1]['dispositions']);
              }}
            />
          )}
          <Field
            path={pathOf(chosen)}
            keys={['queues', '*', 'dispositions']}
            schema={schemaAt(schema, ['queues', '*', 'dispositions']) ?? {}}
            value={own}
            isRequired={false}
          />
        </Stack>
      )}
    </ListAndOne>
  );
}
