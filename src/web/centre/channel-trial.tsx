// Whether a channel works: a message to one's own number, and what the provider says to it.
import { Alert, Button, Group, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { WireChannelTried } from '../../contract/account/channel-account.js';
import { ask, RequestFailed } from '../session/http.js';
import { useLanguage, useTexts } from '../texts/language.js';
import { type TrialTexts, trialTexts } from './texts/trial-texts.js';

export function ChannelTrial({ channel }: { readonly channel: string }) {
  const texts = useTexts(trialTexts);
  const { language } = useLanguage();
  const [to, setTo] = useState('');
  const { mutate, data, error, isPending } = useMutation({
    mutationFn: () =>
      ask<WireChannelTried>(`/api/channels/${channel}/trials`, { method: 'POST', body: { to: to.trim(), language } }),
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    mutate();
  };
  return (
    <form onSubmit={submit}>
      <Group align="end">
        <TextInput label={texts.to} type="tel" value={to} onChange={({ currentTarget: { value } }) => setTo(value)} />
        <Button type="submit" variant="default" loading={isPending} disabled={to.trim() === ''}>
          {texts.send}
        </Button>
      </Group>
      <div role="status">
        {data !== undefined && <Text size="sm">{texts.taken(data.number, data.providerId)}</Text>}
        {channel === 'whatsapp' && data !== undefined && <Text size="sm">{texts.template}</Text>}
      </div>
      {error !== null && (
        <Alert color="red" variant="light" mt="xs" role="alert">
          {faultText(error, texts)}
        </Alert>
      )}
    </form>
  );
}

function faultText(error: Error, texts: TrialTexts): string {
  if (!(error instanceof RequestFailed)) return error.message;
  const own = texts.reasons[error.why?.reason ?? ''] ?? texts.reasons[error.code];
  if (own === undefined) return error.message;
  return error.code.startsWith('message-') ? `${own} ${error.detail ?? ''}` : own;
}
