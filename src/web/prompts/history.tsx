// How a prompt was before in one language: each revision can be heard, and put in force again.
import { Badge, Button, Collapse, Group, Stack, Table, Text, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconChevronDown, IconChevronRight, IconVolume } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { WirePromptRevision } from '../../contract/prompt/prompt.js';
import { useTexts } from '../texts/language.js';
import { Moment } from '../texts/moment.js';
import { type Place, revisionsQuery, soundOf, useRollBack } from './queries.js';
import { SpeechPlayer } from './speech-player.js';
import { promptTexts } from './texts.js';
import { Told } from './told.js';

export function History({ place }: { readonly place: Place }) {
  const texts = useTexts(promptTexts);
  const [isOpen, { toggle }] = useDisclosure();
  const Chevron = isOpen ? IconChevronDown : IconChevronRight;
  return (
    <Stack gap="xs">
      <UnstyledButton onClick={toggle} aria-expanded={isOpen}>
        <Group gap={4}>
          <Chevron size={16} aria-hidden />
          <Text fw={600}>{texts.history}</Text>
        </Group>
      </UnstyledButton>
      <Collapse expanded={isOpen}>{isOpen && <Revisions place={place} />}</Collapse>
    </Stack>
  );
}

function Revisions({ place }: { readonly place: Place }) {
  const texts = useTexts(promptTexts);
  const { data: revisions, error } = useQuery(revisionsQuery(place.name, place.language));
  const back = useRollBack(place);
  if (revisions === undefined)
    return error === null ? <Text role="status">{texts.loading}</Text> : <Told error={error} />;
  if (revisions.length === 0) return <Text size="sm">{texts.noHistory}</Text>;
  return (
    <Stack gap="xs">
      <Told error={back.error} />
      <Table.ScrollContainer minWidth={420}>
        <Table verticalSpacing={4}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{texts.act}</Table.Th>
              <Table.Th>{texts.content}</Table.Th>
              <Table.Td />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {revisions.map((one, at) => (
              <Table.Tr key={one.revision}>
                <Table.Td>
                  <Text size="sm">{texts.acts[one.act]}</Text>
                  <Text size="xs">
                    {one.by} · <Moment time={one.at} />
                  </Text>
                </Table.Td>
                <Table.Td>
                  <Content place={place} revision={one} />
                </Table.Td>
                <Table.Td ta="end">
                  {at === 0 ? (
                    <Badge className="prompt-badge">{texts.inForce}</Badge>
                  ) : (
                    <Button
                      size="compact-xs"
                      variant="default"
                      aria-label={texts.rollBackTo(one.revision)}
                      onClick={() => back.mutate(one.revision)}
                    >
                      {texts.rollBack}
                    </Button>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Stack>
  );
}

interface ContentProps {
  readonly place: Place;
  readonly revision: WirePromptRevision;
}

function Content({ place, revision: { revision, text, sound } }: ContentProps) {
  const texts = useTexts(promptTexts);
  if (text === undefined && sound === undefined) return <Text size="sm">{texts.nothing}</Text>;
  return (
    <Stack gap={4} align="start">
      {sound !== undefined && (
        <SpeechPlayer label={texts.hearRevision(revision)} isDisabled={false} load={() => soundOf(place, revision)}>
          <IconVolume size={14} aria-hidden />
        </SpeechPlayer>
      )}
      {text !== undefined && (
        <Text size="sm" className="prompt-text" lineClamp={2}>
          {text.text}
        </Text>
      )}
    </Stack>
  );
}
