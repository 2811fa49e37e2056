// A list of named things with one of them open beside it, and the way to add another.
import {
  Button,
  Grid,
  Group,
  Modal,
  NativeSelect,
  NavLink,
  Paper,
  Stack,
  Text,
  TextInput,
  Title,
  VisuallyHidden,
} from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useTexts } from '../texts/language.js';
import { centreTexts } from './texts/texts.js';

export interface Listed {
  readonly name: string;
  readonly about: string;
  readonly isWrong: boolean;
}

export interface ListProps {
  readonly title: string;
  readonly entries: readonly Listed[];
  readonly chosen: string | undefined;
  readonly onChoose: (name: string) => void;
  /** Undefined: nothing is added or taken out here. */
  readonly fresh?: Fresh;
  readonly onRemove?: (name: string) => void;
  /** Beside the name of the chosen one. */
  readonly acts?: ReactNode;
  readonly children: ReactNode;
}

export interface Fresh {
  readonly names: RegExp;
  readonly hint: string;
  /** Whose it is at first: one has to be chosen. */
  readonly firsts?: { readonly label: string; readonly names: readonly string[] };
  readonly onAdd: (name: string, first: string) => void;
}

export function ListAndOne({ title, entries, chosen, onChoose, fresh, onRemove, acts, children }: ListProps) {
  const texts = useTexts(centreTexts);
  const [isAdding, setAdding] = useState(false);
  return (
    <Grid>
      <Grid.Col span={{ base: 12, sm: 4, md: 3 }}>
        <Stack gap="xs">
          <nav aria-label={texts.list(title)} className="centre-list">
            {entries.map(({ name, about, isWrong }) => (
              <NavLink
                key={name}
                component="button"
                type="button"
                active={name === chosen}
                aria-current={name === chosen ? 'true' : undefined}
                label={
                  <span className={isWrong ? 'centre-wrong' : ''}>
                    {name}
                    {isWrong && <VisuallyHidden>, {texts.isWrong}</VisuallyHidden>}
                  </span>
                }
                description={about}
                onClick={() => onChoose(name)}
              />
            ))}
            {entries.length === 0 && <Text c="dimmed">{texts.nothing}</Text>}
          </nav>
          {fresh !== undefined && (
            <Button variant="default" leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>
              {texts.add}
            </Button>
          )}
        </Stack>
      </Grid.Col>
      <Grid.Col span={{ base: 12, sm: 8, md: 9 }}>
        {chosen !== undefined && (
          <Paper withBorder p="md">
            <Group justify="space-between" mb="md">
              <Title order={2} size="h3">
                {chosen}
              </Title>
              <Group gap={4}>
                {acts}
                {onRemove !== undefined && (
                  <Button
                    variant="subtle"
                    color="red"
                    size="xs"
                    aria-label={texts.removeOne(chosen)}
                    onClick={() => onRemove(chosen)}
                  >
                    {texts.remove}
                  </Button>
                )}
              </Group>
            </Group>
            {children}
          </Paper>
        )}
      </Grid.Col>
      {isAdding && fresh !== undefined && (
        <NewOne title={title} taken={entries.map(({ name }) => name)} fresh={fresh} onClose={() => setAdding(false)} />
      )}
    </Grid>
  );
}

interface NewOneProps {
  readonly title: string;
  readonly taken: readonly string[];
  readonly fresh: Fresh;
  readonly onClose: () => void;
}

function NewOne({ title, taken, fresh, onClose }: NewOneProps) {
  const texts = useTexts(centreTexts);
  const { names, hint, firsts, onAdd } = fresh;
  const [name, setName] = useState('');
  const [first, setFirst] = useState(firsts?.names[0] ?? '');
  const isTaken = taken.includes(name);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onAdd(name, first);
    onClose();
  };
  return (
    <Modal opened onClose={onClose} title={title} closeButtonProps={{ 'aria-label': texts.close }} centered>
      <form onSubmit={submit}>
        <Stack>
          <TextInput
            data-autofocus
            label={texts.newName}
            description={hint}
            error={isTaken ? texts.taken : null}
            autoComplete="off"
            value={name}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
          />
          {firsts !== undefined && (
            <NativeSelect
              label={firsts.label}
              data={[...firsts.names]}
              value={first}
              onChange={({ currentTarget }) => setFirst(currentTarget.value)}
            />
          )}
          <Group justify="flex-end">
            <Button type="submit" disabled={isTaken || !names.test(name)}>
              {texts.add}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
