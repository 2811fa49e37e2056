// All texts of the centre: which are in force, which have a draft in this browser, and the ways to begin and end one.
import { Anchor, Badge, Button, Group, Stack, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { type Issue, isError } from '../../core/document/issue.js';
import { useLive } from '../live/live.js';
import { PageTitle } from '../shell/page-title.js';
import { useTexts } from '../texts/language.js';
import { callersIn } from './graph/overlay.js';
import { draftNames, keptDraft } from './kept-draft.js';
import { FlowActs } from './making/flow-acts.js';
import { NewFlow } from './making/new-flow.js';
import { makingTexts } from './making/texts.js';
import { listQuery, usePublished } from './published.js';
import { studioTexts } from './texts.js';

const CENTRE = 'centre';

export function Flows() {
  const texts = useTexts(studioTexts);
  const making = useTexts(makingTexts);
  const { data } = useQuery(listQuery);
  const published = usePublished();
  const [isNew, setNew] = useState(false);
  const live = useLive('flow');
  const { flows = [], issues = [] } = data ?? {};
  const drafts =
    data === undefined ? [] : draftNames(localStorage).filter((name) => !flows.some((one) => one.name === name));
  return (
    <Stack maw={960}>
      <Group justify="space-between">
        <PageTitle>{texts.flows}</PageTitle>
        <Button disabled={published === undefined} onClick={() => setNew(true)}>
          {making.create}
        </Button>
      </Group>
      <Text>{texts.flowsAbout}</Text>
      <Table.ScrollContainer minWidth={560}>
        <Table highlightOnHover verticalSpacing="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{texts.name}</Table.Th>
              <Table.Th>{texts.kind}</Table.Th>
              <Table.Th>{texts.revision}</Table.Th>
              <Table.Th>{texts.callersTitle}</Table.Th>
              <Table.Th>{texts.state}</Table.Th>
              <Table.Th>{making.acts}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {flows.map(({ name, kind, revision }) => (
              <Table.Tr key={name}>
                <NameCell name={name} />
                <Table.Td>{texts.kinds[kind]}</Table.Td>
                <Table.Td className="figure">{revision}</Table.Td>
                <Table.Td className="figure">
                  {kind === 'flow' && callersIn(name, live.values(), new Set()).callers}
                </Table.Td>
                <Table.Td>
                  <State name={name} issues={issues} />
                </Table.Td>
                <Table.Td>{name !== CENTRE && <FlowActs name={name} revision={revision} />}</Table.Td>
              </Table.Tr>
            ))}
            {drafts.map((name) => (
              <Table.Tr key={name}>
                <NameCell name={name} />
                <Table.Td>{texts.kinds.flow}</Table.Td>
                <Table.Td />
                <Table.Td />
                <Table.Td>
                  <Badge color="cyan">{making.isDraftOnly}</Badge>
                </Table.Td>
                <Table.Td />
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {isNew && published !== undefined && <NewFlow published={published} onClose={() => setNew(false)} />}
    </Stack>
  );
}

function NameCell({ name }: { readonly name: string }) {
  return (
    <Table.Th scope="row">
      <Anchor component={Link} to={`/admin/flows/${name}`}>
        {name}
      </Anchor>
    </Table.Th>
  );
}

function State({ name, issues }: { readonly name: string; readonly issues: readonly Issue[] }) {
  const texts = useTexts(studioTexts);
  const own = issues.filter(({ file }) => file === `${name}.yaml`);
  const errors = own.filter(isError).length;
  const hasDraft = [name, `${name}.test`].some((one) => keptDraft(localStorage, one) !== undefined);
  return (
    <Group gap="xs">
      {own.length === 0 ? (
        <Text size="sm">{texts.good}</Text>
      ) : (
        <Badge color={errors > 0 ? 'red' : 'orange'}>{texts.faultCount(errors, own.length - errors)}</Badge>
      )}
      {hasDraft && <Badge color="cyan">{texts.draftKept}</Badge>}
    </Group>
  );
}
