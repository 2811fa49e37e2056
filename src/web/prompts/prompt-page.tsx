// One prompt: what callers of each language hear, where it is used, and its end.
import './prompts.css';
import { Alert, Anchor, Button, Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import type { WirePrompt } from '../../contract/prompt/prompt.js';
import { PageTitle } from '../shell/page-title.js';
import { useTexts } from '../texts/language.js';
import { promptQuery, useRemoveAll } from './queries.js';
import { promptTexts } from './texts.js';
import { Uses } from './uses.js';
import { Version } from './version.js';

export function PromptPage() {
  const { name } = useParams({ from: '/admin/prompts/$name' });
  const texts = useTexts(promptTexts);
  const { data, error } = useQuery(promptQuery(name));
  return (
    <Stack maw={1280} mx="auto">
      <Group gap="sm">
        <Anchor component={Link} to="/admin/prompts">
          {texts.prompts}
        </Anchor>
        <PageTitle>{name}</PageTitle>
      </Group>
      {error !== null && (
        <Alert color="red" role="alert">
          {error.message}
        </Alert>
      )}
      {data === undefined ? (
        error === null && <Text role="status">{texts.loading}</Text>
      ) : (
        <Whole key={name} prompt={data} />
      )}
    </Stack>
  );
}

function Whole({ prompt }: { readonly prompt: WirePrompt }) {
  const { name, versions, uses } = prompt;
  const isKept = versions.some(({ text, sound }) => text !== undefined || sound !== undefined);
  return (
    <>
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
        {versions.map((version) => (
          <Version key={version.language} name={name} version={version} uses={uses} />
        ))}
      </SimpleGrid>
      <Uses name={name} uses={uses} />
      {isKept && <End name={name} />}
    </>
  );
}

function End({ name }: { readonly name: string }) {
  const texts = useTexts(promptTexts);
  const navigate = useNavigate();
  const { mutate, isPending, error } = useRemoveAll(name);
  const remove = (): void => {
    if (confirm(texts.removeAllSure(name))) {
      mutate(undefined, { onSuccess: () => void navigate({ to: '/admin/prompts' }) });
    }
  };
  return (
    <Stack align="start" gap="xs">
      <Button
        variant="light"
        color="red"
        leftSection={<IconTrash size={16} aria-hidden />}
        loading={isPending}
        onClick={remove}
      >
        {texts.removeAll}
      </Button>
      {error !== null && (
        <Alert color="red" role="alert">
          {error.message}
        </Alert>
      )}
    </Stack>
  );
}
