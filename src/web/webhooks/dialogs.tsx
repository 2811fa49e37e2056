// What is asked when a webhook is made, changed or removed, and its secret, shown once.
import { Button, Checkbox, Group, Modal, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { WireMadeWebhook, WireWebhook } from '../../contract/webhook/webhook.js';
import { WEBHOOK_EVENT_TYPES } from '../../core/interaction/outward/webhook-event.js';
import { ShownOnce } from '../admin/shown-once.js';
import { RequestFailed } from '../session/http.js';
import { useTexts } from '../texts/language.js';
import { useWebhookAct } from './requests.js';
import { webhookTexts } from './texts.js';

export interface WebhookDialogProps {
  /** Absent: a new one. */
  readonly webhook?: WireWebhook;
  readonly onClose: () => void;
}

export function WebhookDialog({ webhook, onClose }: WebhookDialogProps) {
  const texts = useTexts(webhookTexts);
  const [title, setTitle] = useState(webhook?.title ?? '');
  const [url, setUrl] = useState(webhook?.url ?? '');
  const [events, setEvents] = useState<readonly string[]>(webhook?.events ?? []);
  const { mutate, isPending, error, data } = useWebhookAct<WireMadeWebhook>();
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const body = { title, url, events };
    if (webhook === undefined) mutate({ path: '', method: 'POST', body });
    else mutate({ path: `/${webhook.id}`, method: 'PATCH', body }, { onSuccess: onClose });
  };
  if (webhook === undefined && data !== undefined)
    return <NewSecret title={title} secret={data.secret} onClose={onClose} />;
  const heading = webhook === undefined ? texts.make : texts.editOf(webhook.title);
  const isAll = events.length === WEBHOOK_EVENT_TYPES.length;
  return (
    <Modal opened onClose={onClose} size="lg" title={heading} closeButtonProps={{ 'aria-label': texts.close }} centered>
      <form onSubmit={submit}>
        <Stack>
          <TextInput
            label={texts.title}
            required
            maxLength={80}
            data-autofocus
            value={title}
            onChange={({ currentTarget }) => setTitle(currentTarget.value)}
          />
          <TextInput
            label={texts.url}
            description={texts.urlHint}
            required
            type="url"
            value={url}
            error={error === null ? null : refusal(error, texts.hostRefused)}
            onChange={({ currentTarget }) => setUrl(currentTarget.value)}
          />
          <Checkbox
            label={texts.all}
            checked={isAll}
            indeterminate={!isAll && events.length > 0}
            onChange={() => setEvents(isAll ? [] : WEBHOOK_EVENT_TYPES)}
          />
          <Checkbox.Group label={texts.events} value={[...events]} onChange={setEvents} withAsterisk>
            <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xs" mt="xs">
              {WEBHOOK_EVENT_TYPES.map((type) => (
                <Checkbox key={type} value={type} label={texts.eventNames[type]} />
              ))}
            </SimpleGrid>
          </Checkbox.Group>
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {texts.cancel}
            </Button>
            <Button type="submit" loading={isPending} disabled={events.length === 0}>
              {webhook === undefined ? texts.create : texts.save}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function refusal(error: Error, hostRefused: string): string {
  const isHost = error instanceof RequestFailed && error.code === 'invalid-input' && /hosts:/.test(error.detail ?? '');
  return isHost ? hostRefused : error.message;
}

export function NewSecret(props: { readonly title: string; readonly secret: string; readonly onClose: () => void }) {
  const texts = useTexts(webhookTexts);
  const { title, secret, onClose } = props;
  return (
    <Modal opened onClose={onClose} title={title} closeButtonProps={{ 'aria-label': texts.close }} centered>
      <ShownOnce warning={texts.secretOnce} secret={secret} onClose={onClose} />
    </Modal>
  );
}

export interface SureProps {
  readonly title: string;
  readonly text: string;
  readonly onClose: () => void;
  readonly onSure: () => void;
}

export function Sure({ title, text, onClose, onSure }: SureProps) {
  const texts = useTexts(webhookTexts);
  const go = (): void => {
    onSure();
    onClose();
  };
  return (
    <Modal opened onClose={onClose} title={title} closeButtonProps={{ 'aria-label': texts.close }} centered>
      <Stack>
        <Text>{text}</Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            {texts.cancel}
          </Button>
          <Button color="red" onClick={go}>
            {texts.yes}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
