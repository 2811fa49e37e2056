// The figures of both days as tiles, each with its formula.
import { ActionIcon, Group, Paper, SimpleGrid, Text, Tooltip } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import type { Counts } from '../../core/interaction/figures/counts.js';
import { useTexts } from '../texts/language.js';
import { useFigureText } from './figure-text.js';
import { FIGURES } from './shown.js';
import { type FigureName, figureTexts } from './texts.js';

export interface TilesProps {
  readonly today: Counts;
  readonly yesterday: Counts;
  readonly how: boolean;
}

export function Tiles({ today, yesterday, how }: TilesProps) {
  return (
    <SimpleGrid cols={{ base: 2, sm: 3, lg: 4 }} spacing="sm">
      {FIGURES.map((name) => (
        <Tile key={name} name={name} today={today} yesterday={yesterday} how={how} />
      ))}
    </SimpleGrid>
  );
}

function Tile({ name, today, yesterday, how }: TilesProps & { readonly name: FigureName }) {
  const texts = useTexts(figureTexts);
  const title = texts.figures[name];
  const formula = texts.formulas[name];
  const value = useFigureText();
  return (
    <Paper component="section" withBorder p="sm" aria-label={title}>
      <Group justify="space-between" wrap="nowrap" align="start" gap={4}>
        <Text size="sm" className="figures-quiet">
          {title}
        </Text>
        <Tooltip label={formula} multiline w={280} withArrow events={{ hover: true, focus: true, touch: true }}>
          <ActionIcon variant="subtle" size="sm" color="gray" aria-label={texts.howOf(title)}>
            <IconInfoCircle size={16} />
          </ActionIcon>
        </Tooltip>
      </Group>
      <Text className="figure" fz={28} fw={700} lh={1.2}>
        {value(name, today)}
      </Text>
      <Text className="figure figures-quiet" size="sm">
        {texts.yesterday}: {value(name, yesterday)}
      </Text>
      {how && (
        <Text size="xs" mt={6}>
          {formula}
        </Text>
      )}
    </Paper>
  );
}
