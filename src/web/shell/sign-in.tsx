// Signing in with user and password.
import { Alert, Button, Container, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { RequestFailed } from '../session/http.js';
import { useSignIn } from '../session/session.js';
import { useTexts } from '../texts/language.js';
import { PageTitle } from './page-title.js';
import { shellTexts } from './texts.js';

export function SignIn() {
  const texts = useTexts(shellTexts);
  const { next = '/' } = useSearch({ from: '/sign-in' });
  const navigate = useNavigate();
  const { mutate, isPending, error } = useSignIn();
  const [user, setUser] = useState('');
  const [password, setPassword] = useState('');
  const [code, setCode] = useState<string>();
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    // The password was right: the code is asked for, and only then.
    const ask = (fault: Error): void => {
      if (isAskingForCode(fault)) setCode((present) => present ?? '');
    };
    const proof = { user, password, ...(code === undefined ? {} : { code }) };
    mutate(proof, { onSuccess: () => void navigate({ to: next }), onError: ask });
  };
  return (
    <Container size="xs" py="xl">
      <form onSubmit={submit}>
        <Stack>
          <PageTitle>{texts.signInTitle}</PageTitle>
          {error !== null && !isAskingForCode(error) && (
            <Alert color="red" role="alert">
              {error.message}
            </Alert>
          )}
          <TextInput
            label={texts.user}
            name="username"
            autoComplete="username"
            required
            value={user}
            onChange={({ currentTarget }) => setUser(currentTarget.value)}
          />
          <PasswordInput
            label={texts.password}
            name="password"
            autoComplete="current-password"
            required
            value={password}
            onChange={({ currentTarget }) => setPassword(currentTarget.value)}
          />
          {code !== undefined && (
            <TextInput
              label={texts.code}
              description={texts.codeHint}
              name="code"
              autoComplete="one-time-code"
              required
              autoFocus
              value={code}
              onChange={({ currentTarget }) => setCode(currentTarget.value)}
            />
          )}
          <Button type="submit" loading={isPending}>
            {texts.signIn}
          </Button>
        </Stack>
      </form>
    </Container>
  );
}

function isAskingForCode(error: Error): boolean {
  return error instanceof RequestFailed && error.code === 'code-needed';
}
