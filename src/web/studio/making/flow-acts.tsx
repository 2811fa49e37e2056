// What may be done with a whole flow: another name, or its end; with what names it, before one decides.
import { ActionIcon, Alert, Anchor, Button, Group, List, Menu, Modal, Stack, Text, TextInput } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useTexts } from '../../texts/language.js';
import { keptDraft } from '../kept-draft.js';
import { referencesQuery, useRemove, useRename } from '../published.js';
import { Refusal } from '../publishing/refusal.js';
import { FLOW_NAME } from './new-flow.js';
import { makingTexts } from './texts.js';

export interface FlowActsProps {
  readonly name: string;
  /** In force. */
  readonly revision: string;
}

export function FlowActs({ name, revision }: FlowActsProps) {
  const texts = useTexts(makingTexts);
  const [open, setOpen] = useState<'rename' | 'remove'>();
  const close = (): void => setOpen(undefined);
  return (
    <>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <ActionIcon variant="default" aria-label={texts.actsOf(name)}>
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => setOpen('rename')}>{texts.rename}</Menu.Item>
          <Menu.Item color="red.8" onClick={() => setOpen('remove')}>
            {texts.remove}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {open === 'rename' && <Rename {...{ name, revision }} onClose={close} />}
      {open === 'remove' && <Remove {...{ name, revision }} onClose={close} />}
    </>
  );
}

interface DialogProps extends FlowActsProps {
  readonly onClose: () => void;
}

function Rename({ name, revision, onClose }: DialogProps) {
  const texts = useTexts(makingTexts);
  const rename = useRename(name, revision);
  const [to, setTo] = useState(name);
  const [note, setNote] = useState('');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    rename.mutate({ to, note }, { onSuccess: onClose });
  };
  const isGood = FLOW_NAME.test(to);
  return (
    <Modal opened onClose={onClose} title={texts.renameTitle(name)} closeButtonProps={{ 'aria-label': texts.cancel }}>
      <form onSubmit={submit}>
        <Stack>
          <Text size="sm">{texts.renameAbout}</Text>
          <TextInput
            data-autofocus
            required
            label={texts.name}
            value={to}
            error={isGood || to === '' ? undefined : texts.badName}
            onChange={({ currentTarget }) => setTo(currentTarget.value.trim())}
          />
          <TextInput label={texts.note} value={note} onChange={({ currentTarget }) => setNote(currentTarget.value)} />
          <References name={name} />
          <Refusal error={rename.error} />
          <Deciding
            {...{ name, onClose }}
            label={texts.renameNow}
            isPending={rename.isPending}
            isPossible={isGood && to !== name}
          />
        </Stack>
      </form>
    </Modal>
  );
}

function Remove({ name, revision, onClose }: DialogProps) {
  const texts = useTexts(makingTexts);
  const remove = useRemove(name, revision);
  const { data } = useQuery(referencesQuery(name));
  const [note, setNote] = useState('');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    remove.mutate({ note }, { onSuccess: onClose });
  };
  const isReferred = (data?.references.length ?? 0) > 0;
  return (
    <Modal opened onClose={onClose} title={texts.removeTitle(name)} closeButtonProps={{ 'aria-label': texts.cancel }}>
      <form onSubmit={submit}>
        <Stack>
          <Text size="sm">{texts.removeAbout}</Text>
          <References name={name} />
          {isReferred && <Alert color="yellow">{texts.stillReferred}</Alert>}
          <TextInput
            data-autofocus
            label={texts.note}
            value={note}
            onChange={({ currentTarget }) => setNote(currentTarget.value)}
          />
          <Refusal error={remove.error} />
          <Deciding
            {...{ name, onClose }}
            label={texts.removeNow}
            color="red.8"
            isPending={remove.isPending}
            isPossible={data !== undefined && !isReferred}
          />
        </Stack>
      </form>
    </Modal>
  );
}

function References({ name }: { readonly name: string }) {
  const texts = useTexts(makingTexts);
  const { data } = useQuery(referencesQuery(name));
  if (data === undefined) return null;
  if (data.references.length === 0) return <Text size="sm">{texts.unreferred}</Text>;
  return (
    <div>
      <Text size="sm" fw={600}>
        {texts.referredTo}
      </Text>
      <List size="sm">
        {data.references.map(({ file, line, column }) => (
          <List.Item key={`${file} ${line} ${column}`}>
            <Anchor component={Link} to={`/admin/flows/${file.replace(/(\.test)?\.yaml$/, '')}`}>
              {file}
            </Anchor>
            :{line}:{column}
          </List.Item>
        ))}
      </List>
    </div>
  );
}

interface DecidingProps {
  readonly name: string;
  readonly label: string;
  readonly color?: string;
  readonly isPending: boolean;
  readonly isPossible: boolean;
  readonly onClose: () => void;
}

/** A draft of the old name would be lost from sight. */
function Deciding({ name, label, color, isPending, isPossible, onClose }: DecidingProps) {
  const texts = useTexts(makingTexts);
  const hasDraft = [name, `${name}.test`].some((one) => keptDraft(localStorage, one) !== undefined);
  return (
    <>
      {hasDraft && <Alert color="yellow">{texts.draftFirst}</Alert>}
      <Group justify="end">
        <Button variant="default" onClick={onClose}>
          {texts.cancel}
        </Button>
        <Button
          type="submit"
          loading={isPending}
          disabled={!isPossible || hasDraft}
          {...(color === undefined ? {} : { color })}
        >
          {label}
        </Button>
      </Group>
    </>
  );
}
