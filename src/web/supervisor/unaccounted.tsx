// `0 unaccounted`: that every call is known to everybody who has to know it; and what to do when one is not.
import { Badge, List, Modal, Stack, Table, Text, UnstyledButton } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { LiveCentre } from '../../contract/live/floor.js';
import { useLiveOne } from '../live/live.js';
import { useTexts } from '../texts/language.js';
import { supervisorTexts } from './texts.js';

export function Unaccounted() {
  const texts = useTexts(supervisorTexts);
  const [isOpen, setOpen] = useState(false);
  const centre = useLiveOne('centre', 'centre');
  if (centre === undefined) return null;
  const { unaccounted } = centre;
  return (
    <>
      <span role="status">
        <UnstyledButton onClick={() => setOpen(true)} title={texts.unaccountedHelp}>
          <Badge color={unaccounted === 0 ? 'teal.9' : 'red.9'} variant="filled" size="lg" tt="none">
            {texts.unaccounted(unaccounted)}
          </Badge>
        </UnstyledButton>
      </span>
      <Modal
        opened={isOpen}
        onClose={() => setOpen(false)}
        title={texts.unaccounted(unaccounted)}
        size="lg"
        zIndex={400}
        closeButtonProps={{ 'aria-label': texts.close }}
        centered
      >
        <WhatToDo centre={centre} />
      </Modal>
    </>
  );
}

function WhatToDo({ centre: { unaccounted, items } }: { readonly centre: LiveCentre }) {
  const texts = useTexts(supervisorTexts);
  return (
    <Stack gap="sm">
      <Text size="sm">{texts.unaccountedHelp}</Text>
      {unaccounted === 0 ? (
        <Text size="sm">{texts.nothingToDo}</Text>
      ) : (
        <List type="ordered" size="sm">
          {texts.whatToDo.map((step) => (
            <List.Item key={step}>{step}</List.Item>
          ))}
        </List>
      )}
      {items.length > 0 && (
        <Table aria-label={texts.unaccounted(unaccounted)}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{texts.what}</Table.Th>
              <Table.Th>{texts.node}</Table.Th>
              <Table.Th>{texts.matter}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {items.map(({ kind, id, node, interaction }) => (
              <Table.Tr key={`${node} ${kind} ${id}`}>
                <Table.Th scope="row">{texts.unaccountedKinds[kind]}</Table.Th>
                <Table.Td>{node}</Table.Td>
                <Table.Td>
                  {interaction === undefined ? (
                    texts.nobody
                  ) : (
                    <Link to="/agent/interactions/$id" params={{ id: interaction }}>
                      {texts.openMatter}
                    </Link>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Stack>
  );
}
