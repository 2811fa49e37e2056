// Why somebody is waiting, and why a matter went as it did: the sentences that Hilo has for it.
import { Alert, List, Loader, Modal, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { ask } from '../../session/http.js';
import { useLanguage, useTexts } from '../../texts/language.js';
import { supervisorTexts } from '../texts.js';
import { useActing } from './act.js';

export function WhyWaiting({ queue, entry }: { readonly queue: string; readonly entry: string }) {
  const texts = useTexts(supervisorTexts);
  const read = async () => {
    const { sentences } = await ask<{ readonly sentences: readonly string[] }>(
      `/api/queues/${encodeURIComponent(queue)}/entries/${encodeURIComponent(entry)}/why`,
    );
    return [{ key: entry, sentences }];
  };
  return <Why title={texts.whyWaiting} about={`${queue} ${entry}`} read={read} />;
}

export function WhyCallback({ id }: { readonly id: string }) {
  const texts = useTexts(supervisorTexts);
  const read = async () => {
    const { sentences } = await ask<{ readonly sentences: readonly string[] }>(
      `/api/callbacks/${encodeURIComponent(id)}/why`,
    );
    return [{ key: id, sentences }];
  };
  return <Why title={texts.why} about={id} read={read} />;
}

interface Decisions {
  readonly decisions: readonly { readonly version: number; readonly sentences: readonly string[] }[];
}

export function WhyAgent({ interaction }: { readonly interaction: string }) {
  const texts = useTexts(supervisorTexts);
  const read = async () => {
    const { decisions } = await ask<Decisions>(`/api/interactions/${encodeURIComponent(interaction)}/why`);
    return decisions.map(({ version, sentences }) => ({ key: String(version), sentences }));
  };
  return <Why title={texts.whyAgent} about={interaction} read={read} />;
}

interface Group {
  readonly key: string;
  readonly sentences: readonly string[];
}

interface WhyProps {
  readonly title: string;
  readonly about: string;
  readonly read: () => Promise<readonly Group[]>;
}

/** The first sentence of a group says what happened, the others why. */
function Why({ title, about, read }: WhyProps) {
  const texts = useTexts(supervisorTexts);
  const { language } = useLanguage();
  const { open } = useActing();
  const { data, error } = useQuery({ queryKey: ['why', about, language], queryFn: read });
  return (
    <Modal
      opened
      onClose={() => open(undefined)}
      title={title}
      size="lg"
      closeButtonProps={{ 'aria-label': texts.close }}
      centered
    >
      <Stack aria-live="polite" gap="md">
        {error && <Alert color="red">{error.message}</Alert>}
        {!data && !error && <Loader size="sm" />}
        {data?.map(({ key, sentences: [what = '', ...why] }) => (
          <div key={key}>
            <Text fw={600}>{what}</Text>
            {why.length > 0 && (
              <List size="sm" mt={4}>
                {[...new Set(why)].map((sentence) => (
                  <List.Item key={sentence}>{sentence}</List.Item>
                ))}
              </List>
            )}
          </div>
        ))}
      </Stack>
    </Modal>
  );
}
