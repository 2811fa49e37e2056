// Another name for a queue, an agent or opening hours: what would be written is shown first, and everything is published at once.
import { Alert, Anchor, Button, Group, List, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useDeferredValue, useState } from 'react';
import type { WireNewCentreName, WireRenamedInCentre } from '../../contract/studio/centre-name.js';
import { ask, RequestFailed } from '../session/http.js';
import { Refusal } from '../studio/publishing/refusal.js';
import { useTexts } from '../texts/language.js';
import { centreTexts } from './texts/texts.js';

export type Renamable = WireNewCentreName['kind'];

export interface RenamingProps {
  readonly kind: Renamable;
  readonly name: string;
  /** Of the centre's file, as it was read. */
  readonly revision: string;
  /** Unpublished changes of the centre would be overtaken. */
  readonly hasDraft: boolean;
  readonly onRenamed: (to: string) => void;
}

const SHOWN_MAX = 50;

function rename(wish: WireNewCentreName): Promise<WireRenamedInCentre> {
  return ask('/api/centre/rename', { method: 'POST', body: wish });
}

export function Renaming(props: RenamingProps) {
  const texts = useTexts(centreTexts);
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button variant="subtle" size="xs" aria-label={texts.renameOne(props.name)} onClick={() => setOpen(true)}>
        {texts.rename}
      </Button>
      {isOpen && <Dialog {...props} onClose={() => setOpen(false)} />}
    </>
  );
}

function Dialog({ kind, name, revision, hasDraft, onRenamed, onClose }: RenamingProps & { onClose: () => void }) {
  const texts = useTexts(centreTexts);
  const queries = useQueryClient();
  const [to, setTo] = useState(name);
  const [note, setNote] = useState('');
  const asked = useDeferredValue(to);
  const isWanted = asked !== name && asked !== '';
  const look = useQuery({
    queryKey: ['centre-rename', kind, name, asked, revision],
    queryFn: () => rename({ kind, from: name, to: asked }),
    enabled: isWanted,
    retry: false,
    gcTime: 0,
  });
  const act = useMutation({
    mutationFn: () => rename({ kind, from: name, to, note, over: revision, publish: true }),
    onSuccess: () => {
      onRenamed(to);
      onClose();
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['texts'] }),
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    act.mutate();
  };
  const isGood = isWanted && asked === to && look.isSuccess && !hasDraft;
  return (
    <Modal
      opened
      onClose={onClose}
      title={texts.renameOne(name)}
      closeButtonProps={{ 'aria-label': texts.close }}
      centered
    >
      <form onSubmit={submit}>
        <Stack>
          <Text size="sm">{texts.renameAbout[kind]}</Text>
          {hasDraft && <Alert color="yellow">{texts.renameDraftFirst}</Alert>}
          <TextInput
            data-autofocus
            label={texts.newName}
            description={texts.newNameHint}
            autoComplete="off"
            value={to}
            onChange={({ currentTarget }) => setTo(currentTarget.value.trim())}
          />
          <div aria-live="polite">
            <Refused error={act.error ?? (isWanted ? look.error : null)} />
            {isWanted && look.data !== undefined && <Written written={look.data} />}
          </div>
          <TextInput
            label={texts.renameNote}
            value={note}
            maxLength={500}
            onChange={({ currentTarget }) => setNote(currentTarget.value)}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {texts.cancel}
            </Button>
            <Button type="submit" loading={act.isPending} disabled={!isGood}>
              {texts.renameNow}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function Refused({ error }: { readonly error: Error | null }) {
  const texts = useTexts(centreTexts);
  const why = error instanceof RequestFailed ? error.why : undefined;
  if (why?.reason !== 'agent-at-work') return <Refusal error={error} />;
  return (
    <Alert color="red" role="alert">
      {texts.agentAtWork(why.agent ?? '')}
    </Alert>
  );
}

function Written({ written: { files, references } }: { readonly written: WireRenamedInCentre }) {
  const texts = useTexts(centreTexts);
  return (
    <>
      <Text size="sm">{texts.renameWrites(files.join(', '))}</Text>
      {references.length > 0 && (
        <List size="sm">
          {references.slice(0, SHOWN_MAX).map(({ file, line, column }) => (
            <List.Item key={`${file} ${line} ${column}`}>
              <Anchor component={Link} to={`/admin/flows/${file.replace(/(\.test)?\.yaml$/, '')}`}>
                {file}
              </Anchor>
              :{line}:{column}
            </List.Item>
          ))}
          {references.length > SHOWN_MAX && <List.Item>{texts.andMore(references.length - SHOWN_MAX)}</List.Item>}
        </List>
      )}
    </>
  );
}
