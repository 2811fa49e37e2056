// Webhooks: other systems that are told what happens, and how each is doing.
import { Alert, Anchor, Badge, Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { WireNewSecret, WireWebhook } from '../../contract/webhook/webhook.js';
import { AdminPage, Fault, Waiting } from '../admin/page.js';
import { useTexts } from '../texts/language.js';
import { Moment } from '../texts/moment.js';
import { Deliveries } from './deliveries.js';
import { NewSecret, Sure, WebhookDialog } from './dialogs.js';
import { useWebhookAct, webhooksQuery } from './requests.js';
import { webhookTexts } from './texts.js';

export function WebhooksPage() {
  const texts = useTexts(webhookTexts);
  const { data: webhooks, error } = useQuery(webhooksQuery);
  const [isMaking, setMaking] = useState(false);
  const add = (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setMaking(true)}>
      {texts.make}
    </Button>
  );
  return (
    <AdminPage part="webhooks" action={add}>
      <Text>
        {texts.about}{' '}
        <Anchor component={Link} to="/admin/centre/general">
          {texts.hosts}
        </Anchor>
      </Text>
      {webhooks === undefined && <Waiting error={error} empty={false} />}
      {webhooks?.length === 0 && <Text>{texts.none}</Text>}
      {webhooks?.map((webhook) => (
        <One key={webhook.id} webhook={webhook} />
      ))}
      {isMaking && <WebhookDialog onClose={() => setMaking(false)} />}
    </AdminPage>
  );
}

function One({ webhook }: { readonly webhook: WireWebhook }) {
  const texts = useTexts(webhookTexts);
  const { id, title, url, state, waiting } = webhook;
  return (
    <Paper withBorder p="md" component="section" aria-labelledby={`webhook-${id}`}>
      <Stack gap="sm">
        <Group justify="space-between">
          <Title order={2} size="h4" id={`webhook-${id}`}>
            {title}
          </Title>
          <Group gap="xs">
            {waiting > 0 && <Text size="sm">{texts.waiting(waiting)}</Text>}
            <Badge variant="default">{texts.states[state]}</Badge>
          </Group>
        </Group>
        <Text size="sm" ff="monospace" lineClamp={2}>
          {url}
        </Text>
        <Text size="sm">{webhook.events.map((event) => texts.eventNames[event]).join(' · ')}</Text>
        <Trouble webhook={webhook} />
        <Acts webhook={webhook} />
        <Deliveries webhook={webhook} />
      </Stack>
    </Paper>
  );
}

function Trouble({ webhook: { disabledFor, failures, openUntil } }: { readonly webhook: WireWebhook }) {
  const texts = useTexts(webhookTexts);
  if (disabledFor !== undefined)
    return (
      <Alert color="red" role="alert">
        {texts.disabledFor[disabledFor]}
      </Alert>
    );
  if (failures === 0) return null;
  return (
    <Alert color="yellow" role="status">
      {texts.failing(failures)}
      {openUntil !== undefined && (
        <>
          {' '}
          {texts.resting} <Moment time={openUntil} />.
        </>
      )}
    </Alert>
  );
}

function Acts({ webhook }: { readonly webhook: WireWebhook }) {
  const texts = useTexts(webhookTexts);
  const { id, title, state } = webhook;
  const act = useWebhookAct();
  const secret = useWebhookAct<WireNewSecret>();
  const [open, setOpen] = useState<'edit' | 'secret' | 'remove'>();
  const close = (): void => setOpen(undefined);
  const isActive = state === 'active';
  return (
    <>
      <Fault error={act.error ?? secret.error} />
      <Group gap="xs">
        <Button
          size="xs"
          aria-label={texts.testOf(title)}
          disabled={!isActive}
          onClick={() => act.mutate({ path: `/${id}/test`, method: 'POST' })}
        >
          {texts.test}
        </Button>
        <Button size="xs" variant="default" aria-label={texts.editOf(title)} onClick={() => setOpen('edit')}>
          {texts.edit}
        </Button>
        <Button
          size="xs"
          variant="default"
          aria-label={isActive ? texts.pauseOf(title) : texts.resumeOf(title)}
          onClick={() =>
            act.mutate({ path: `/${id}`, method: 'PATCH', body: { state: isActive ? 'paused' : 'active' } })
          }
        >
          {isActive ? texts.pause : texts.resume}
        </Button>
        <Button size="xs" variant="default" aria-label={texts.replaceSecretOf(title)} onClick={() => setOpen('secret')}>
          {texts.replaceSecret}
        </Button>
        <Button
          size="xs"
          variant="subtle"
          color="red"
          aria-label={texts.removeOf(title)}
          onClick={() => setOpen('remove')}
        >
          {texts.remove}
        </Button>
      </Group>
      {open === 'edit' && <WebhookDialog webhook={webhook} onClose={close} />}
      {open === 'secret' && (
        <Sure
          title={texts.replaceSecretOf(title)}
          text={texts.replaceSure}
          onClose={close}
          onSure={() => secret.mutate({ path: `/${id}/secret`, method: 'POST' })}
        />
      )}
      {open === 'remove' && (
        <Sure
          title={texts.removeOf(title)}
          text={texts.removeSure}
          onClose={close}
          onSure={() => act.mutate({ path: `/${id}`, method: 'DELETE' })}
        />
      )}
      {secret.data !== undefined && <NewSecret title={title} secret={secret.data.secret} onClose={secret.reset} />}
    </>
  );
}
