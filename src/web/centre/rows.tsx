// Fields of several lines: skills with levels, devices, spans of the week.
import { ActionIcon, Button, Fieldset, Group, NativeSelect, Stack } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTexts } from '../texts/language.js';
import { TextField } from './text-field.js';
import { centreTexts } from './texts.js';

interface RowsProps<T> {
  readonly label: string;
  readonly rows: readonly T[];
  readonly fresh: T;
  readonly onWrite: (rows: readonly T[]) => void;
  readonly children: (row: T, write: (row: T) => void) => ReactNode;
}

/** Lines of one kind; each can be taken out, and another one added below. */
function Rows<T>({ label, rows, fresh, onWrite, children }: RowsProps<T>) {
  const texts = useTexts(centreTexts);
  const without = (index: number) => rows.filter((_, one) => one !== index);
  return (
    <Fieldset legend={label}>
      <Stack gap="xs">
        {rows.map((row, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place
          <Group key={index} align="flex-end" wrap="nowrap">
            {children(row, (next) => onWrite(rows.map((one, place) => (place === index ? next : one))))}
            <ActionIcon
              variant="subtle"
              size="lg"
              aria-label={texts.removeRow(index + 1)}
              onClick={() => onWrite(without(index))}
            >
              <IconX size={16} />
            </ActionIcon>
          </Group>
        ))}
        <Group>
          <Button
            variant="default"
            size="xs"
            leftSection={<IconPlus size={14} />}
            onClick={() => onWrite([...rows, fresh])}
          >
            {texts.addRow}
          </Button>
        </Group>
      </Stack>
    </Fieldset>
  );
}

export interface RowFieldProps {
  readonly label: string;
  readonly value: unknown;
  readonly onWrite: (value: unknown) => void;
}

const LEVELS = ['1', '2', '3', '4', '5'];
const LEVEL_FIRST = '3';

/** `{ support: 5 }` */
export function Skills({ label, value, onWrite, known }: RowFieldProps & { readonly known: readonly string[] }) {
  const texts = useTexts(centreTexts);
  const rows = Object.entries((value ?? {}) as Record<string, number>);
  const free = known.find((skill) => !rows.some(([one]) => one === skill)) ?? 'skill';
  return (
    <Rows
      label={label}
      rows={rows.map(([skill, level]) => ({ skill, level: String(level) }))}
      fresh={{ skill: free, level: LEVEL_FIRST }}
      onWrite={(next) => onWrite(Object.fromEntries(next.map(({ skill, level }) => [skill, Number(level)])))}
    >
      {(row, write) => (
        <>
          <TextField label={texts.skill} value={row.skill} onWrite={(skill) => write({ ...row, skill })} />
          <NativeSelect
            label={texts.level}
            data={LEVELS}
            value={row.level}
            onChange={({ currentTarget }) => write({ ...row, level: currentTarget.value })}
          />
        </>
      )}
    </Rows>
  );
}

const DEVICE_KINDS = ['sip', 'browser', 'number'] as const;
type Device = Readonly<Record<string, unknown>>;

/** `[{ sip: ana-desk }]`; what else stands in one stays in it. */
export function Devices({ label, value, onWrite }: RowFieldProps) {
  const texts = useTexts(centreTexts);
  const kindOf = (device: Device) => DEVICE_KINDS.find((kind) => kind in device) ?? 'sip';
  return (
    <Rows<Device> label={label} rows={(value ?? []) as Device[]} fresh={{ sip: '' }} onWrite={onWrite}>
      {(device, write) => {
        const kind = kindOf(device);
        const { [kind]: name, ...rest } = device;
        return (
          <>
            <NativeSelect
              label={texts.kind}
              data={DEVICE_KINDS.map((one) => ({ value: one, label: texts.deviceKinds[one] }))}
              value={kind}
              onChange={({ currentTarget }) => write({ [currentTarget.value]: name, ...rest })}
            />
            <TextField
              label={texts.device}
              value={String(name ?? '')}
              onWrite={(next) => write({ [kind]: next, ...rest })}
            />
          </>
        );
      }}
    </Rows>
  );
}

interface Span {
  readonly days: string | readonly string[];
  readonly from: string;
  readonly to: string;
}

const SPAN: Span = { days: 'mon-fri', from: '09:00', to: '14:00' };

/** `[{ days: mon-fri, from: '09:00', to: '19:00' }]` */
export function Spans({ label, value, onWrite }: RowFieldProps) {
  const texts = useTexts(centreTexts);
  const daysOf = (text: string) => (text.includes(',') ? text.split(',').map((day) => day.trim()) : text);
  return (
    <Rows<Span> label={label} rows={(value ?? []) as Span[]} fresh={SPAN} onWrite={onWrite}>
      {(span, write) => (
        <>
          <TextField
            label={texts.days}
            placeholder={texts.daysHint}
            value={[span.days].flat().join(', ')}
            onWrite={(days) => write({ ...span, days: daysOf(days) })}
          />
          <TextField label={texts.from} value={span.from} onWrite={(from) => write({ ...span, from })} />
          <TextField label={texts.to} value={span.to} onWrite={(to) => write({ ...span, to })} />
        </>
      )}
    </Rows>
  );
}
