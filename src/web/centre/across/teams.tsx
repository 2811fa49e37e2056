// The teams of the centre: there is one as soon as an agent is in it.
import { MultiSelect, SimpleGrid, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { withValue } from '../../../core/document/yaml-edit.js';
import type { Draft } from '../../studio/draft.js';
import { useTexts } from '../../texts/language.js';
import { type Data, recordOf, teamsOf } from '../data.js';
import { faultAt, useSurroundings } from '../form/context.js';
import { kindOf, type Schema, schemaAt, shown } from '../form/kind.js';
import { TextField } from '../form/text-field.js';
import { ListAndOne } from '../list.js';
import { centreTexts } from '../texts/texts.js';
import { withoutTeam, withTeam, withTeamNamed } from './edits.js';

export interface AcrossProps {
  readonly centre: Data;
  readonly schema: Schema;
  readonly draft: Draft;
}

export function Teams({ centre, schema, draft }: AcrossProps) {
  const texts = useTexts(centreTexts);
  const [asked, setAsked] = useState<string>();
  const agents = Object.entries(recordOf(centre['agents'])).map(([name, data]) => [name, recordOf(data)] as const);
  const membersOf = (team: string) => agents.flatMap(([name, { team: own }]) => (own === team ? [name] : []));
  const teams = teamsOf(centre);
  const chosen = asked !== undefined && teams.includes(asked) ? asked : teams[0];
  const names = new RegExp(schemaAt(schema, ['agents', '*', 'team'])?.pattern ?? '');
  const fresh = {
    ...{ names, hint: texts.newNameHint },
    firsts: { label: texts.firstMember, names: agents.map(([name]) => name) },
    onAdd: (team: string, first: string) => {
      draft.write(withTeam(draft.text, team, [first]));
      setAsked(team);
    },
  };
  const rename = (team: string, to: string): void => {
    if (to === '' || teams.includes(to)) return;
    draft.write(withTeamNamed(draft.text, team, to));
    setAsked(to);
  };
  return (
    <ListAndOne
      title={texts.parts.teams}
      entries={teams.map((name) => ({ name, about: membersOf(name).join(', '), isWrong: false }))}
      chosen={chosen}
      onChoose={setAsked}
      fresh={fresh}
      onRemove={(team) => draft.write(withoutTeam(draft.text, team))}
    >
      {chosen !== undefined && (
        <Stack key={chosen}>
          <TextField label={texts.teamName} value={chosen} onWrite={(to) => rename(chosen, to)} />
          <MultiSelect
            label={texts.members}
            searchable
            data={agents.map(([value, { title }]) => ({ value, label: `${value} · ${shown(title)}` }))}
            value={membersOf(chosen)}
            onChange={(members) => draft.write(withTeam(draft.text, chosen, members))}
          />
          <Delays team={chosen} {...{ centre, schema, draft }} />
        </Stack>
      )}
    </ListAndOne>
  );
}

function Delays({ team, centre, schema, draft }: AcrossProps & { readonly team: string }) {
  const texts = useTexts(centreTexts);
  const { issues } = useSurroundings();
  const kind = kindOf(schemaAt(schema, ['queues', '*', 'team-delays', '*']) ?? {});
  return (
    <section aria-label={texts.lateTeam}>
      <Text fw={500}>{texts.lateTeam}</Text>
      <Text size="sm" c="dimmed" mb="xs">
        {texts.lateHint(kind.kind === 'time' ? kind.hint : '')}
      </Text>
      <SimpleGrid cols={{ base: 1, sm: 2, md: 3 }}>
        {Object.entries(recordOf(centre['queues'])).map(([queue, data]) => {
          const delays = recordOf(recordOf(data)['team-delays']);
          const { [team]: _, ...others } = delays;
          const path = ['queues', queue, 'team-delays'];
          const write = (next: string): void => {
            const isLast = next === '' && Object.keys(others).length === 0;
            draft.write(
              isLast
                ? withValue(draft.text, path, undefined)
                : withValue(draft.text, [...path, team], next === '' ? undefined : next),
            );
          };
          return (
            <TextField
              key={queue}
              label={queue}
              value={shown(delays[team])}
              fault={faultAt(issues, [...path, team], true)}
              onWrite={write}
            />
          );
        })}
      </SimpleGrid>
    </section>
  );
}
