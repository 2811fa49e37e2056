// Signing in with user and password.
import { Alert, Button, Container, PasswordInput, Stack, TextInput, Title } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useSignIn } from '../session/session.js';
import { useTexts } from '../texts/language.js';
import { shellTexts } from './texts.js';

export function SignIn() {
  const texts = useTexts(shellTexts);
  const { next = '/' } = useSearch({ from: '/sign-in' });
  const navigate = useNavigate();
  const { mutate, isPending, error } = useSignIn();
  const [user, setUser] = useState('');
  const [password, setPassword] = useState('');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    mutate({ user, password }, { onSuccess: () => void navigate({ to: next }) });
  };
  return (
    <Container size="xs" py="xl">
      <form onSubmit={submit}>
        <Stack>
          <Title>{texts.signInTitle}</Title>
          {error !== null && (
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
          <Button type="submit" loading={isPending}>
            {texts.signIn}
          </Button>
        </Stack>
      </form>
    </Container>
  );
}
