// All texts of the centre: which are in force, which have a draft in this browser.
import { Anchor, Badge, Group, Stack, Table, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { isError } from '../../core/document/issue.js';
import { useTexts } from '../texts/language.js';
import { keptDraft } from './kept-draft.js';
import { listQuery } from './published.js';
import { studioTexts } from './texts.js';

export function Flows() {
  const texts = useTexts(studioTexts);
  const { data } = useQuery(listQuery);
  const { flows = [], issues = [] } = data ?? {};
  return (
    <Stack maw={960}>
      <Title>{texts.flows}</Title>
      <Text>{texts.flowsAbout}</Text>
      <Table highlightOnHover verticalSpacing="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{texts.name}</Table.Th>
            <Table.Th>{texts.kind}</Table.Th>
            <Table.Th>{texts.revision}</Table.Th>
            <Table.Th>{texts.state}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {flows.map(({ name, kind, revision }) => {
            const own = issues.filter(({ file }) => file === `${name}.yaml`);
            const errors = own.filter(isError).length;
            return (
              <Table.Tr key={name}>
                <Table.Th scope="row">
                  <Anchor component={Link} to={`/admin/flows/${name}`}>
                    {name}
                  </Anchor>
                </Table.Th>
                <Table.Td>{texts.kinds[kind]}</Table.Td>
                <Table.Td className="figure">{revision}</Table.Td>
                <Table.Td>
                  <Group gap="xs">
                    {own.length === 0 ? (
                      <Text size="sm">{texts.good}</Text>
                    ) : (
                      <Badge color={errors > 0 ? 'red' : 'orange'}>
                        {texts.faultCount(errors, own.length - errors)}
                      </Badge>
                    )}
                    {keptDraft(localStorage, name) !== undefined && <Badge color="cyan">{texts.draftKept}</Badge>}
                  </Group>
                </Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </Stack>
  );
}
