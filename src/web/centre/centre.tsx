// The centre as forms: what is chosen and written here is written into the draft of centre.yaml, and nowhere else.
import { Button, Grid, Group, Modal, NavLink, Paper, Stack, Text, TextInput, Title } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { Link, useParams } from '@tanstack/react-router';
import { type FormEvent, useMemo, useState } from 'react';
import { withValue } from '../../core/document/yaml-edit.js';
import { readYaml } from '../../core/document/yaml-text.js';
import { type Draft, useDraft } from '../studio/draft.js';
import { type Published, usePublished } from '../studio/published.js';
import { useTexts } from '../texts/language.js';
import { Form } from './form.js';
import { begun, FORM_PARTS, FORMS, NAMES } from './forms.js';
import { CENTRE, Review } from './review.js';
import { centreTexts, type FormPart } from './texts.js';

type Entries = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

export function CentreForms() {
  const texts = useTexts(centreTexts);
  const published = usePublished();
  const inForce = published?.[CENTRE];
  if (published === undefined || inForce === undefined) return <Text role="status">{texts.loading}</Text>;
  return <Forms texts={published} inForce={inForce} />;
}

interface FormsProps {
  readonly texts: Readonly<Record<string, Published>>;
  readonly inForce: Published;
}

function Forms({ texts: published, inForce }: FormsProps) {
  const texts = useTexts(centreTexts);
  const { part: asked } = useParams({ strict: false });
  const part = FORM_PARTS.find((one) => one === asked) ?? 'queues';
  const draft = useDraft(CENTRE, inForce);
  return (
    <Stack maw={1280} mx="auto">
      <Title>{texts.centre}</Title>
      <Group component="nav" aria-label={texts.partsLabel} gap={4}>
        {FORM_PARTS.map((one) => (
          <Button
            key={one}
            component={Link}
            to={`/admin/centre/${one}`}
            size="compact-md"
            variant={one === part ? 'filled' : 'subtle'}
            aria-current={one === part ? 'page' : undefined}
          >
            {texts.parts[one]}
          </Button>
        ))}
        <Button component={Link} to="/admin/flows/centre" size="compact-md" variant="subtle">
          {texts.rest}
        </Button>
      </Group>
      <PartForm key={part} part={part} draft={draft} flows={Object.keys(published).filter((one) => one !== CENTRE)} />
      <Review draft={draft} texts={published} inForce={inForce} />
    </Stack>
  );
}

interface PartFormProps {
  readonly part: FormPart;
  readonly draft: Draft;
  readonly flows: readonly string[];
}

function PartForm({ part, draft, flows }: PartFormProps) {
  const texts = useTexts(centreTexts);
  const centre = useMemo(() => dataOf(draft.text), [draft.text]);
  const entries = entriesOf(centre, part);
  const [chosen, setChosen] = useState<string>();
  const [isAdding, setAdding] = useState(false);
  const name = chosen !== undefined && chosen in entries ? chosen : Object.keys(entries)[0];
  const languages = [centre['languages'] ?? []].flat().map(String);
  const write = (path: readonly string[], value: unknown): void => draft.write(withValue(draft.text, path, value));
  const add = (fresh: string): void => {
    write([part, fresh], begun(part, fresh, languages));
    setChosen(fresh);
    setAdding(false);
  };
  return (
    <Grid>
      <Grid.Col span={{ base: 12, sm: 4, md: 3 }}>
        <Stack gap="xs">
          <nav aria-label={texts.list(texts.parts[part])}>
            {Object.entries(entries).map(([one, data]) => (
              <NavLink
                key={one}
                component="button"
                type="button"
                active={one === name}
                aria-current={one === name ? 'true' : undefined}
                label={one}
                description={titleOf(data)}
                onClick={() => setChosen(one)}
              />
            ))}
          </nav>
          <Button variant="default" leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>
            {texts.add}
          </Button>
        </Stack>
      </Grid.Col>
      <Grid.Col span={{ base: 12, sm: 8, md: 9 }}>
        {name !== undefined && (
          <Paper withBorder p="md">
            <Group justify="space-between" mb="md">
              <Title order={2} size="h3">
                {name}
              </Title>
              <Button
                variant="subtle"
                color="red"
                size="xs"
                aria-label={texts.removeOne(name)}
                onClick={() => write([part, name], undefined)}
              >
                {texts.remove}
              </Button>
            </Group>
            <Form
              key={name}
              fields={FORMS[part]}
              data={entries[name] ?? {}}
              names={namesOf(centre, flows)}
              languages={languages}
              onWrite={(path, value) => write([part, name, ...path], value)}
            />
          </Paper>
        )}
      </Grid.Col>
      {isAdding && <NewEntry part={part} taken={Object.keys(entries)} onAdd={add} onClose={() => setAdding(false)} />}
    </Grid>
  );
}

interface NewEntryProps {
  readonly part: FormPart;
  readonly taken: readonly string[];
  readonly onAdd: (name: string) => void;
  readonly onClose: () => void;
}

function NewEntry({ part, taken, onAdd, onClose }: NewEntryProps) {
  const texts = useTexts(centreTexts);
  const [name, setName] = useState('');
  const isTaken = taken.includes(name);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onAdd(name);
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={texts.parts[part]}
      closeButtonProps={{ 'aria-label': texts.remove }}
      centered
    >
      <form onSubmit={submit}>
        <Stack>
          <TextInput
            data-autofocus
            label={texts.newName}
            description={part === 'numbers' ? texts.newNumberHint : texts.newNameHint}
            error={isTaken ? texts.taken : null}
            autoComplete="off"
            value={name}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
          />
          <Group justify="flex-end">
            <Button type="submit" disabled={isTaken || !NAMES[part].test(name)}>
              {texts.add}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function dataOf(text: string): Readonly<Record<string, unknown>> {
  const { value } = readYaml({ file: 'centre.yaml', text, revision: '' });
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function entriesOf(centre: Readonly<Record<string, unknown>>, part: FormPart): Entries {
  const found = centre[part];
  return typeof found === 'object' && found !== null ? (found as Entries) : {};
}

function namesOf(centre: Readonly<Record<string, unknown>>, flow: readonly string[]) {
  const [queues, agents] = [entriesOf(centre, 'queues'), entriesOf(centre, 'agents')];
  const wanted = Object.values(queues).flatMap(({ skill }) => (typeof skill === 'string' ? [skill] : []));
  return { flow, queue: Object.keys(queues), agent: Object.keys(agents), skill: [...new Set(wanted)] };
}

function titleOf({ title }: Readonly<Record<string, unknown>>): string {
  if (typeof title === 'string') return title;
  return typeof title === 'object' && title !== null ? Object.values(title).join(' · ') : '';
}
