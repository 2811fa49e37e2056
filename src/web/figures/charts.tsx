// Today beside yesterday by quarter of an hour, drawn to the same scale.
import { Group, Paper, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useMemo } from 'react';
import { useLanguage, useTexts } from '../texts/language.js';
import { clockAt, type Day, type Series, seriesOf, spanOf, topOf } from './day.js';
import { type Line, Plot } from './plot.js';
import { figureTexts } from './texts.js';

export interface ChartsProps {
  readonly today: Day;
  readonly yesterday: Day;
}

export function Charts({ today, yesterday }: ChartsProps) {
  const texts = useTexts(figureTexts);
  const drawn = useMemo(() => drawingsOf([today, yesterday]), [today, yesterday]);
  const titles = [texts.volume, texts.serviceLevelChart, texts.asaChart];
  return (
    <Stack>
      {drawn.map(({ lines, top }, chart) => (
        <Paper key={titles[chart]} withBorder p="sm">
          <Group justify="space-between" mb="xs">
            <Title order={2} size="h4">
              {titles[chart]}
            </Title>
            {chart === 0 && <Keys />}
          </Group>
          <SimpleGrid cols={{ base: 1, md: 2 }}>
            {[today, yesterday].map((day, index) => (
              <DayPlot
                key={day.fromMs}
                day={day}
                name={index === 0 ? texts.today : texts.yesterday}
                title={titles[chart] ?? ''}
                slots={drawn[chart]?.slots ?? []}
                lines={lines[index] ?? []}
                top={top}
              />
            ))}
          </SimpleGrid>
        </Paper>
      ))}
    </Stack>
  );
}

interface DayPlotProps {
  readonly day: Day;
  readonly name: string;
  readonly title: string;
  readonly slots: readonly number[];
  readonly lines: readonly Line[];
  readonly top: number;
}

function DayPlot({ day, name, title, slots, lines, top }: DayPlotProps) {
  const texts = useTexts(figureTexts);
  const { language } = useLanguage();
  const clockOf = useMemo(() => (slot: number) => clockAt(day, slot, language), [day, language]);
  const { offered, answered, abandoned } = day.total;
  return (
    <div>
      <Text size="sm" fw={600}>
        {name}
      </Text>
      <Plot
        label={texts.chartOf(title, name, texts.summary(offered, answered, abandoned))}
        slots={slots}
        lines={lines}
        top={top}
        clockOf={clockOf}
      />
    </div>
  );
}

function Keys() {
  const texts = useTexts(figureTexts);
  const keys = [
    ['answered', texts.figures.answered],
    ['abandoned', texts.figures.abandoned],
    ['other', texts.other],
  ] as const;
  return (
    <Group gap="md">
      {keys.map(([key, text]) => (
        <Text key={key} size="sm">
          <span className={`figures-key figures-key-${key}`} aria-hidden="true" />
          {text}
        </Text>
      ))}
    </Group>
  );
}

/** Volume, service level and speed of answer; in each the lines of every day, and the top of them all. */
function drawingsOf(days: readonly Day[]) {
  const span = spanOf(days);
  const series = days.map((day) => seriesOf(day, span));
  const slots = series[0]?.slots ?? [];
  const line = (values: readonly (number | null)[]): Line[] => [{ kind: 'line', colour: '--figures-answered', values }];
  return [
    { slots, lines: series.map(barsOf), top: topOf(series.map(({ bars }) => bars[2])) },
    { slots, lines: series.map(({ serviceLevel }) => line(serviceLevel)), top: 100 },
    { slots, lines: series.map(({ asaS }) => line(asaS)), top: topOf(series.map(({ asaS }) => asaS)) },
  ];
}

/** The tallest first: the others are drawn over it. */
function barsOf({ bars: [answered, reached, offered] }: Series): Line[] {
  return [
    { kind: 'bars', colour: '--figures-other', values: offered },
    { kind: 'bars', colour: '--figures-abandoned', values: reached },
    { kind: 'bars', colour: '--figures-answered', values: answered },
  ];
}
