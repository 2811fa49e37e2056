// What is shown in place of a page that is not there or has failed.
import { Alert, Anchor, Button, Stack } from '@mantine/core';
import { type ErrorComponentProps, Link } from '@tanstack/react-router';
import { useTexts } from '../texts/language.js';
import { PageTitle } from './page-title.js';
import { shellTexts } from './texts.js';

export function NotFound() {
  const texts = useTexts(shellTexts);
  return (
    <Stack>
      <PageTitle>{texts.notFound}</PageTitle>
      <Anchor component={Link} to="/">
        {texts.home}
      </Anchor>
    </Stack>
  );
}

export function Failed({ error, reset }: ErrorComponentProps) {
  const texts = useTexts(shellTexts);
  return (
    <Alert color="red" title={texts.failed} role="alert">
      <p>{error instanceof Error ? error.message : String(error)}</p>
      <Button onClick={reset}>{texts.again}</Button>
    </Alert>
  );
}
