// All telephones of the centre in one table: whose each is, how it rings, and whether it is connected now.
import { ActionIcon, Button, Group, NativeSelect, Stack, Table, Text } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { useLive } from '../../live/live.js';
import { useTexts } from '../../texts/language.js';
import { type Data, recordOf } from '../data.js';
import { faultAt, useSurroundings } from '../form/context.js';
import { kindOf, type Schema, schemaAt, shown } from '../form/kind.js';
import { BESIDE_THE_ONE } from '../form/named.js';
import { TextField } from '../form/text-field.js';
import { choiceText } from '../texts/choice-texts.js';
import { labelText } from '../texts/field-texts.js';
import { centreTexts } from '../texts/texts.js';
import { devicesOf, withDeviceOf, withDevices } from './edits.js';
import type { AcrossProps } from './teams.js';

export function Devices({ centre, schema, draft }: AcrossProps) {
  const texts = useTexts(centreTexts);
  const agents = Object.keys(recordOf(centre['agents']));
  const [owner, setOwner] = useState(agents[0] ?? '');
  const device = schemaAt(schema, ['agents', '*', 'devices', '*']) ?? {};
  const kinds = Object.keys(device.properties ?? {}).filter(
    (key) => BESIDE_THE_ONE['agents.*.devices.*']?.includes(key) !== true,
  );
  const rows = agents.flatMap((agent) =>
    devicesOf(draft.text, agent).map((one, index) => ({ agent, index, device: one })),
  );
  const add = (): void => {
    const own = devicesOf(draft.text, owner);
    const [kind = ''] = kinds;
    draft.write(withDevices(draft.text, owner, [...own, { [kind]: `${owner}-${own.length + 1}` }]));
  };
  return (
    <Stack>
      <Table.ScrollContainer minWidth={860}>
        <Table verticalSpacing={4} aria-label={texts.parts.devices}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{texts.agent}</Table.Th>
              <Table.Th>{texts.kind}</Table.Th>
              <Table.Th>{texts.device}</Table.Th>
              <Table.Th>{texts.ring}</Table.Th>
              <Table.Th>{texts.state}</Table.Th>
              <Table.Td />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((row, line) => (
              <Row
                key={`${row.agent} ${row.index}`}
                {...{ ...row, line: line + 1, agents, kinds, schema: device, draft }}
              />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <Group align="flex-end">
        <NativeSelect
          label={texts.agent}
          data={agents}
          value={owner}
          onChange={({ currentTarget }) => setOwner(currentTarget.value)}
        />
        <Button variant="default" leftSection={<IconPlus size={16} />} onClick={add}>
          {texts.add}
        </Button>
      </Group>
    </Stack>
  );
}

interface RowProps extends Pick<AcrossProps, 'draft'> {
  readonly agent: string;
  readonly index: number;
  readonly device: Data;
  /** From 1, in the table. */
  readonly line: number;
  readonly agents: readonly string[];
  readonly kinds: readonly string[];
  readonly schema: Schema;
}

function Row({ agent, index, device, line, agents, kinds, schema, draft }: RowProps) {
  const texts = useTexts(centreTexts);
  const labelOf = useTexts(labelText);
  const { issues } = useSurroundings();
  const devices = devicesOf(draft.text, agent);
  const kind = kinds.find((one) => one in device) ?? kinds[0] ?? '';
  const { [kind]: name, ...rest } = device;
  const write = (next: Data | undefined): void => {
    const others = devices.flatMap((one, at) => (at !== index ? [one] : next === undefined ? [] : [next]));
    draft.write(withDevices(draft.text, agent, others));
  };
  const path = ['agents', agent, 'devices', index];
  const ring = kindOf(schema.properties?.['ring'] ?? {});
  const labelled = (what: string) => ({ label: texts.deviceOf(what, line), isHidden: true });
  return (
    <Table.Tr>
      <Table.Td>
        <NativeSelect
          aria-label={texts.deviceOf(texts.agent, line)}
          miw="7rem"
          data={[...agents]}
          value={agent}
          onChange={({ currentTarget }) => draft.write(withDeviceOf(draft.text, agent, index, currentTarget.value))}
        />
      </Table.Td>
      <Table.Td>
        <NativeSelect
          aria-label={texts.deviceOf(texts.kind, line)}
          miw="9rem"
          data={kinds.map((one) => ({ value: one, label: labelOf(['devices', one]) }))}
          value={kind}
          onChange={({ currentTarget }) => write({ [currentTarget.value]: shown(name), ...rest })}
        />
      </Table.Td>
      <Table.Td>
        <TextField
          {...labelled(texts.device)}
          value={shown(name)}
          fault={faultAt(issues, [...path, kind], true) ?? faultAt(issues, path, false)}
          onWrite={(next) => write({ [kind]: next, ...rest })}
        />
      </Table.Td>
      <Table.Td>
        <TextField
          {...labelled(texts.ring)}
          value={shown(device['ring'])}
          placeholder={ring.kind === 'time' ? ring.hint : undefined}
          fault={faultAt(issues, [...path, 'ring'], true)}
          onWrite={(next) => {
            const { ring: _, ...others } = device;
            write(next === '' ? others : { ...device, ring: next });
          }}
        />
      </Table.Td>
      <Table.Td>
        <Connected
          agent={agent}
          name={shown(name)}
          isNumber={kind === 'number'}
          encrypted={shown(device['security'])}
        />
      </Table.Td>
      <Table.Td ta="end">
        <ActionIcon variant="subtle" size="lg" aria-label={texts.removeRow(line)} onClick={() => write(undefined)}>
          <IconX size={16} />
        </ActionIcon>
      </Table.Td>
    </Table.Tr>
  );
}

interface ConnectedProps {
  readonly agent: string;
  readonly name: string;
  readonly isNumber: boolean;
  /** How, or ''. */
  readonly encrypted: string;
}

function Connected({ agent, name, isNumber, encrypted }: ConnectedProps) {
  const texts = useTexts(centreTexts);
  const words = useTexts(choiceText);
  const live = useLive('agent').get(agent);
  const isConnected = live?.devices.some((one) => one.name === name && one.registered) === true;
  const state = isNumber ? texts.reachable : isConnected ? texts.connected : texts.notConnected;
  return (
    <Text size="sm" {...(isConnected || isNumber ? {} : { c: 'dimmed' })}>
      {state}
      {encrypted !== '' && ` · ${words(encrypted)}`}
    </Text>
  );
}
