// The skills of the centre: who has each, how well, and which queues want it.
import { NativeSelect, SimpleGrid, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTexts } from '../../texts/language.js';
import { recordOf, skillsOf, skillsWanted } from '../data.js';
import { kindOf, schemaAt, shown } from '../form/kind.js';
import { TextField } from '../form/text-field.js';
import { ListAndOne } from '../list.js';
import { centreTexts } from '../texts/texts.js';
import { withLevel, withSkillNamed } from './edits.js';
import type { AcrossProps } from './teams.js';

const FIRST_LEVEL = 3;

export function Skills({ centre, schema, draft }: AcrossProps) {
  const texts = useTexts(centreTexts);
  const [asked, setAsked] = useState<string>();
  const skills = skillsOf(centre);
  const chosen = asked !== undefined && skills.includes(asked) ? asked : skills[0];
  const agents = Object.entries(recordOf(centre['agents'])).map(([name, data]) => [name, recordOf(data)] as const);
  const levelOf = (agent: (typeof agents)[number], skill: string) => recordOf(agent[1]['skills'])[skill];
  const wantedBy = (skill: string) =>
    Object.entries(recordOf(centre['queues']))
      .filter(([, queue]) => skillsWanted(recordOf(queue)).includes(skill))
      .map(([queue]) => queue);
  const level = kindOf(schemaAt(schema, ['agents', '*', 'skills', '*']) ?? {});
  const [least, most] = level.kind === 'whole' ? [level.least, level.most] : [1, 1];
  const levels = Array.from({ length: most - least + 1 }, (_, index) => String(least + index));
  const names = new RegExp(schemaAt(schema, ['queues', '*', 'skill'])?.pattern ?? '');
  const fresh = {
    ...{ names, hint: texts.newNameHint },
    firsts: { label: texts.firstMember, names: agents.map(([name]) => name) },
    onAdd: (skill: string, first: string) => {
      draft.write(withLevel(draft.text, first, skill, FIRST_LEVEL));
      setAsked(skill);
    },
  };
  const rename = (skill: string, to: string): void => {
    if (to === '' || skills.includes(to)) return;
    draft.write(withSkillNamed(draft.text, skill, to));
    setAsked(to);
  };
  return (
    <ListAndOne
      title={texts.parts.skills}
      entries={skills.map((name) => ({
        ...{ name, isWrong: false },
        about: agents.flatMap((agent) => (levelOf(agent, name) === undefined ? [] : [agent[0]])).join(', '),
      }))}
      chosen={chosen}
      onChoose={setAsked}
      fresh={fresh}
    >
      {chosen !== undefined && (
        <Stack key={chosen}>
          <TextField label={texts.skillName} value={chosen} onWrite={(to) => rename(chosen, to)} />
          <Text>
            {wantedBy(chosen).length === 0 ? texts.wantedByNone : `${texts.wantedBy}: ${wantedBy(chosen).join(', ')}.`}
          </Text>
          <SimpleGrid cols={{ base: 1, sm: 2, md: 3 }}>
            {agents.map((agent) => (
              <NativeSelect
                key={agent[0]}
                label={texts.levelOf(agent[0])}
                data={[{ value: '', label: texts.no }, ...levels]}
                value={shown(levelOf(agent, chosen))}
                onChange={({ currentTarget: { value } }) =>
                  draft.write(withLevel(draft.text, agent[0], chosen, value === '' ? undefined : Number(value)))
                }
              />
            ))}
          </SimpleGrid>
        </Stack>
      )}
    </ListAndOne>
  );
}
