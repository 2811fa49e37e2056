// Somebody rings the phone in this page whom no queue sent: a colleague who asks, a direct call, a customer who is passed on.
import { Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { IconPhone, IconPhoneOff } from '@tabler/icons-react';
import { usePhone } from '../phone/phone-provider.js';
import { useTexts } from '../texts/language.js';
import type { Acting } from './acting.js';
import { deskTexts } from './texts.js';

export function Incoming({ acting }: { readonly acting: Acting }) {
  const texts = useTexts(deskTexts);
  const { call, answer, refuse } = usePhone();
  if (call?.state !== 'ringing' || call.direction !== 'in') return null;
  const { from, fromName, reference, note, transferredBy } = call;
  return (
    <Paper component="section" withBorder p="md" aria-label={texts.incoming}>
      <Stack>
        <Title order={2} size="h4">
          {texts.incoming}
        </Title>
        <Title order={3} className="long-text">
          {fromName === '' ? from : fromName}
        </Title>
        {reference !== undefined && (
          <Text size="sm">
            {texts.reference} <b>{reference}</b>
          </Text>
        )}
        {transferredBy !== undefined && (
          <Text className="long-text">
            {texts.handover(transferredBy)}
            {note === undefined ? '' : `: “${note}”`}
          </Text>
        )}
        <Group grow>
          <Button size="md" color="green" leftSection={<IconPhone size={20} />} onClick={() => acting.attempt(answer)}>
            {texts.accept}
          </Button>
          <Button size="md" variant="default" leftSection={<IconPhoneOff size={20} />} onClick={refuse}>
            {texts.refuse}
          </Button>
        </Group>
      </Stack>
    </Paper>
  );
}
