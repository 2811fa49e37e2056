// Revisions of a text: when, by whom, why; any of them can be in force again, or be the draft.
import { Badge, Button, Group, Modal, Stack, Table, Text, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { localeOf } from '../../texts/clock.js';
import { useLanguage, useTexts } from '../../texts/language.js';
import type { Draft } from '../draft.js';
import { revisionQuery, revisionsQuery, useRollBack } from '../published.js';
import { studioTexts } from '../texts.js';
import { Refusal } from './refusal.js';

export interface HistoryProps {
  readonly name: string;
  readonly draft: Draft;
}

export function History({ name, draft }: HistoryProps) {
  const texts = useTexts(studioTexts);
  const { language } = useLanguage();
  const queries = useQueryClient();
  const { data } = useQuery(revisionsQuery(name));
  const [chosen, setChosen] = useState<string>();
  const toDraft = async (revision: string): Promise<void> => {
    const { text } = await queries.fetchQuery(revisionQuery(name, revision));
    draft.write(text);
  };
  return (
    <Table.ScrollContainer minWidth={520}>
      <Table verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{texts.revision}</Table.Th>
            <Table.Th>{texts.when}</Table.Th>
            <Table.Th>{texts.who}</Table.Th>
            <Table.Th>{texts.why}</Table.Th>
            <Table.Th>{texts.acts}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {data?.revisions.map(({ revision, author, note, at }) => (
            <Table.Tr key={`${revision} ${at}`}>
              <Table.Th scope="row" className="figure">
                {revision} {revision === data.inForce && <Badge color="green">{texts.inForce}</Badge>}
              </Table.Th>
              <Table.Td>{new Date(at).toLocaleString(localeOf(language))}</Table.Td>
              <Table.Td>{author}</Table.Td>
              <Table.Td>{note}</Table.Td>
              <Table.Td>
                <Group gap={4}>
                  <Button size="compact-xs" variant="default" onClick={() => void toDraft(revision)}>
                    {texts.toDraft}
                  </Button>
                  {revision !== data.inForce && (
                    <Button size="compact-xs" variant="default" onClick={() => setChosen(revision)}>
                      {texts.rollBack}
                    </Button>
                  )}
                </Group>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {chosen !== undefined && <RollBack name={name} revision={chosen} onClose={() => setChosen(undefined)} />}
    </Table.ScrollContainer>
  );
}

interface RollBackProps {
  readonly name: string;
  readonly revision: string;
  readonly onClose: () => void;
}

function RollBack({ name, revision, onClose }: RollBackProps) {
  const texts = useTexts(studioTexts);
  const back = useRollBack(name);
  const [note, setNote] = useState('');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    back.mutate({ revision, ...(note === '' ? {} : { note }) }, { onSuccess: onClose });
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={texts.rollBackTo(revision)}
      closeButtonProps={{ 'aria-label': texts.cancel }}
    >
      <form onSubmit={submit}>
        <Stack>
          <Text size="sm">{texts.rollBackAbout}</Text>
          <TextInput
            data-autofocus
            label={texts.note}
            value={note}
            onChange={({ currentTarget }) => setNote(currentTarget.value)}
          />
          <Refusal error={back.error} />
          <Group justify="end">
            <Button variant="default" onClick={onClose}>
              {texts.cancel}
            </Button>
            <Button type="submit" loading={back.isPending}>
              {texts.rollBackNow}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
