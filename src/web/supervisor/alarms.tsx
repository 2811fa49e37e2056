// Alarms of the queues: shown while they last, announced once when they begin.
import { Alert, Group, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useLanguage, useTexts } from '../texts/language.js';
import type { ShownQueue } from './figures.js';
import { supervisorTexts } from './texts.js';

/** A screen reader says what is added to the region, and nothing while it stays the same. */
export function Alarms({ queues }: { readonly queues: readonly ShownQueue[] }) {
  const texts = useTexts(supervisorTexts);
  const { language } = useLanguage();
  const lines = queues.flatMap(({ queue, alarms }) =>
    alarms.map((kind) => ({ key: `${queue.id} ${kind}`, text: texts.alarm[kind](queue.title[language] ?? queue.id) })),
  );
  return (
    <section aria-label={texts.alarms}>
      <div aria-live="assertive" aria-relevant="additions">
        {lines.length > 0 && (
          <Alert variant="default" className="trouble" icon={<IconAlertTriangle aria-hidden />} py="xs">
            <Group gap="lg">
              {lines.map(({ key, text }) => (
                <Text key={key} size="sm" fw={600}>
                  {text}
                </Text>
              ))}
            </Group>
          </Alert>
        )}
      </div>
    </section>
  );
}
