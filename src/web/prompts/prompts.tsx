// All prompts as a table: what callers of each language hear of each, and what is missing.
import './prompts.css';
import { Alert, Anchor, Button, Group, Modal, Stack, Switch, Table, Text, Textarea, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import type { WirePromptList, WirePromptSummary } from '../../contract/prompt/prompt.js';
import { PageTitle } from '../shell/page-title.js';
import { useLanguage, useTexts } from '../texts/language.js';
import { HeardBadge, languageName } from './heard.js';
import { listQuery, useSetText } from './queries.js';
import { promptTexts } from './texts.js';

const NAME = /^[a-z0-9][a-z0-9-]{0,63}$/;
const TEXT_MAX = 2_000;

export function Prompts() {
  const texts = useTexts(promptTexts);
  const { data, error } = useQuery(listQuery);
  const [isMaking, setMaking] = useState(false);
  return (
    <Stack maw={1200} mx="auto">
      <Group justify="space-between">
        <PageTitle>{texts.prompts}</PageTitle>
        <Button leftSection={<IconPlus size={16} aria-hidden />} disabled={!data} onClick={() => setMaking(true)}>
          {texts.newPrompt}
        </Button>
      </Group>
      <Text>{texts.about}</Text>
      {error !== null && (
        <Alert color="red" role="alert">
          {error.message}
        </Alert>
      )}
      {data === undefined ? error === null && <Text role="status">{texts.loading}</Text> : <PromptTable list={data} />}
      {isMaking && data !== undefined && <NewPrompt languages={data.languages} onClose={() => setMaking(false)} />}
    </Stack>
  );
}

function PromptTable({ list: { prompts, languages } }: { readonly list: WirePromptList }) {
  const texts = useTexts(promptTexts);
  const { language: shown } = useLanguage();
  const [search, setSearch] = useState('');
  const [onlyMissing, setOnlyMissing] = useState(false);
  const lacks = ({ versions }: WirePromptSummary): boolean => versions.some(({ heard }) => heard === 'missing');
  const missing = prompts.flatMap(({ versions }) => versions.filter(({ heard }) => heard === 'missing')).length;
  const found = prompts.filter((one) => one.name.includes(search.trim().toLowerCase()) && (!onlyMissing || lacks(one)));
  return (
    <>
      <Alert color={missing === 0 ? 'green' : 'red'} role="status">
        {texts.missingCount(missing)}
      </Alert>
      <Group>
        <TextInput
          aria-label={texts.search}
          placeholder={texts.search}
          value={search}
          onChange={({ currentTarget }) => setSearch(currentTarget.value)}
        />
        <Switch
          label={texts.onlyMissing}
          checked={onlyMissing}
          onChange={({ currentTarget }) => setOnlyMissing(currentTarget.checked)}
        />
      </Group>
      {found.length === 0 ? (
        <Text>{texts.none}</Text>
      ) : (
        <Table.ScrollContainer minWidth={520}>
          <Table highlightOnHover verticalSpacing="xs" aria-label={texts.prompts}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{texts.name}</Table.Th>
                {languages.map((language) => (
                  <Table.Th key={language}>{languageName(language, shown)}</Table.Th>
                ))}
                <Table.Th ta="end">{texts.uses}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {found.map((one) => (
                <PromptRow key={one.name} prompt={one} languages={languages} />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </>
  );
}

interface PromptRowProps {
  readonly prompt: WirePromptSummary;
  readonly languages: readonly string[];
}

function PromptRow({ prompt: { name, uses, versions }, languages }: PromptRowProps) {
  return (
    <Table.Tr>
      <Table.Th scope="row">
        <Anchor component={Link} to={`/admin/prompts/${name}`}>
          {name}
        </Anchor>
      </Table.Th>
      {languages.map((language) => {
        const version = versions.find((one) => one.language === language);
        return (
          <Table.Td key={language}>
            {version && <HeardBadge heard={version.heard} durationMs={version.durationMs} />}
          </Table.Td>
        );
      })}
      <Table.Td ta="end" className="figure">
        {uses}
      </Table.Td>
    </Table.Tr>
  );
}

interface NewPromptProps {
  readonly languages: readonly string[];
  readonly onClose: () => void;
}

function NewPrompt({ languages, onClose }: NewPromptProps) {
  const texts = useTexts(promptTexts);
  const navigate = useNavigate();
  const { language: shown } = useLanguage();
  const [name, setName] = useState('');
  const [text, setText] = useState('');
  const [isTried, setTried] = useState(false);
  const language = languages[0] ?? 'es';
  const { mutate, isPending, error } = useSetText({ name, language, revision: 0 });
  const isWrong = !NAME.test(name);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if (isWrong) return;
    mutate({ text, voice: '' }, { onSuccess: () => void navigate({ to: `/admin/prompts/${name}` }) });
  };
  return (
    <Modal opened onClose={onClose} title={texts.newPrompt} closeButtonProps={{ 'aria-label': texts.close }} centered>
      <form onSubmit={submit} noValidate>
        <Stack>
          <TextInput
            label={texts.name}
            description={texts.nameHint}
            required
            data-autofocus
            error={isTried && isWrong ? texts.nameWrong : undefined}
            value={name}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
          />
          <Textarea
            label={`${texts.text}: ${languageName(language, shown)}`}
            description={texts.textHint}
            required
            autosize
            minRows={3}
            maxLength={TEXT_MAX}
            value={text}
            onChange={({ currentTarget }) => setText(currentTarget.value)}
          />
          {error !== null && (
            <Alert color="red" role="alert">
              {error.message}
            </Alert>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {texts.cancel}
            </Button>
            <Button type="submit" loading={isPending} disabled={text.trim() === ''}>
              {texts.create}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
