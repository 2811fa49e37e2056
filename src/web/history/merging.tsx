// Profiles of one person: what was put together, taking it apart, and putting another one to it. For supervisors.
import { Alert, Button, Group, Stack, Text, TextInput, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { WireProfile } from '../../contract/history/profile.js';
import { ask } from '../session/http.js';
import { useAddressText } from '../texts/address.js';
import { useTexts } from '../texts/language.js';
import { historyTexts } from './texts.js';
import { dotted, When } from './words.js';

interface Wish {
  readonly contact: string;
  /** Absent: taken out. */
  readonly other?: string;
}

export function Merging({ profile }: { readonly profile: WireProfile }) {
  const texts = useTexts(historyTexts);
  const addressText = useAddressText();
  const queries = useQueryClient();
  const [other, setOther] = useState('');
  const { mutate, error, isPending } = useMutation({
    mutationFn: ({ contact, other: wanted }: Wish) =>
      ask<WireProfile>(
        `/api/contacts/${encodeURIComponent(contact)}/merge`,
        wanted === undefined ? { method: 'DELETE' } : { method: 'POST', body: { with: wanted } },
      ),
    onSuccess: async () => {
      setOther('');
      await queries.invalidateQueries({ queryKey: ['profile'] });
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (other.trim() !== '') mutate({ contact: profile.contact.id, other });
  };
  return (
    <Stack gap="xs" aria-live="polite">
      {profile.members.length > 1 && (
        <Title order={3} size="h4">
          {texts.merged}
        </Title>
      )}
      {profile.members.length > 1 &&
        profile.members.map(({ id, into, name, addresses }) => (
          <Group key={id} justify="space-between" wrap="nowrap">
            <Text size="sm" className="history-text">
              {dotted(name, addresses.map(({ value }) => addressText(value)).join(', '))}
            </Text>
            {into !== undefined && (
              <Button size="xs" variant="default" loading={isPending} onClick={() => mutate({ contact: id })}>
                {texts.unmerge}
              </Button>
            )}
          </Group>
        ))}
      {profile.merges.map(({ act, contact, by, at }) => (
        <Text key={`${at}${contact}${act}`} size="xs">
          {dotted(<When key="when" time={at} />, `${by} ${texts.mergeFact[act]}`)}
        </Text>
      ))}
      <form onSubmit={submit}>
        <Group align="flex-end" wrap="nowrap">
          <TextInput
            flex={1}
            label={texts.mergeTitle}
            description={texts.mergeHint}
            value={other}
            maxLength={64}
            onChange={({ currentTarget }) => setOther(currentTarget.value)}
          />
          <Button type="submit" variant="default" loading={isPending}>
            {texts.merge}
          </Button>
        </Group>
      </form>
      {error && <Alert color="red">{error.message}</Alert>}
    </Stack>
  );
}
