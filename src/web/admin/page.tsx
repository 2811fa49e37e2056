// The frame of the pages about accounts: their titles, the way from one to the other, and what is shown meanwhile.
import { Alert, Button, Group, Loader, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { PageTitle } from '../shell/page-title.js';
import { useTexts } from '../texts/language.js';
import { adminTexts } from './texts.js';

const PARTS = [
  ['users', '/admin/users'],
  ['sessions', '/admin/sessions'],
  ['tokens', '/admin/tokens'],
  ['webhooks', '/admin/webhooks'],
  ['audit', '/admin/audit'],
] as const;

export type Part = (typeof PARTS)[number][0];

export interface AdminPageProps {
  readonly part: Part;
  /** At the right of the title. */
  readonly action?: ReactNode;
  readonly children: ReactNode;
}

export function AdminPage({ part, action, children }: AdminPageProps) {
  const texts = useTexts(adminTexts);
  return (
    <Stack maw={1200} mx="auto">
      <Group component="nav" aria-label={texts.parts} gap={4}>
        {PARTS.map(([name, path]) => (
          <Button
            key={name}
            component={Link}
            to={path}
            size="compact-md"
            variant={name === part ? 'filled' : 'subtle'}
            aria-current={name === part ? 'page' : undefined}
          >
            {texts[name]}
          </Button>
        ))}
      </Group>
      <Group justify="space-between">
        <PageTitle>{texts[part]}</PageTitle>
        {action}
      </Group>
      {children}
    </Stack>
  );
}

interface WaitingProps {
  readonly error: Error | null;
  readonly empty: boolean;
  /** What is said when it is empty. */
  readonly hint?: string;
}

/** What comes before there is something to show, or in place of it. */
export function Waiting({ error, empty, hint }: WaitingProps) {
  const texts = useTexts(adminTexts);
  if (error !== null) return <Fault error={error} />;
  if (empty) return <Text>{hint ?? texts.nothing}</Text>;
  return (
    <Group role="status">
      <Loader size="sm" aria-hidden />
      <Text>{texts.loading}</Text>
    </Group>
  );
}

export function Fault({ error }: { readonly error: Error | null }) {
  if (error === null) return null;
  return (
    <Alert color="red" role="alert">
      {error.message}
    </Alert>
  );
}
