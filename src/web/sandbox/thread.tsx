// The one interaction, growing line by line.
import { Badge, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useEffect, useRef } from 'react';
import type { WireInteraction } from '../../contract/interaction.js';
import { useTexts } from '../texts/language.js';
import { tourTexts } from './texts.js';
import { TimeOfDay } from './time-of-day.js';

export function Thread({ interaction }: { readonly interaction: WireInteraction | undefined }) {
  const texts = useTexts(tourTexts);
  const list = useRef<HTMLDivElement>(null);
  const lines = interaction?.timeline ?? [];
  // biome-ignore lint/correctness/useExhaustiveDependencies: the newest one is to be seen
  useEffect(() => {
    list.current?.scrollTo({ top: list.current.scrollHeight });
  }, [lines.length]);
  return (
    <Paper component="section" withBorder p="md" aria-label={texts.thread}>
      <Stack gap="sm" h="100%">
        <Group justify="space-between">
          <Title order={2} size="h4">
            {texts.thread}
          </Title>
          {interaction !== undefined && (
            <Badge variant="outline" size="lg" tt="none">
              {interaction.reference}
            </Badge>
          )}
        </Group>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached with the keyboard */}
        <div ref={list} role="log" aria-label={texts.thread} tabIndex={0} className="try-thread">
          {lines.length === 0 && <Text size="sm">{texts.noThread}</Text>}
          <ol className="try-lines">
            {lines.map(({ version, at, text }) => (
              <li key={version}>
                <Text size="xs" component="span" className="try-moment">
                  <TimeOfDay at={at} />
                </Text>
                <Text size="sm" component="span">
                  {text}
                </Text>
              </li>
            ))}
          </ol>
        </div>
      </Stack>
    </Paper>
  );
}
