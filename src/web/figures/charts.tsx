// Today beside yesterday by quarter of an hour, drawn to the same scale, each chart with the formulas of what it draws.
import { Group, Paper, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useMemo } from 'react';
import { useLanguage, useTexts } from '../texts/language.js';
import { clockAt, type Day, spanOf, topOf } from './day.js';
import { CHARTS, type Chart, heightsOf, type Mark } from './marks.js';
import { type Line, Plot } from './plot.js';
import { shown } from './shown.js';
import { type FigureName, figureTexts } from './texts.js';

export interface ChartsProps {
  readonly today: Day;
  readonly yesterday: Day;
  /** Whether the formulas are shown. */
  readonly how: boolean;
}

export function Charts({ today, yesterday, how }: ChartsProps) {
  const texts = useTexts(figureTexts);
  const drawn = useMemo(() => drawingsOf([today, yesterday]), [today, yesterday]);
  return (
    <Stack>
      {drawn.map(({ chart, slots, lines, top }) => (
        <Paper key={chart.name} withBorder p="sm">
          <Group justify="space-between" mb="xs">
            <Title order={2} size="h4">
              {texts.chartTitles[chart.name]}
            </Title>
            {chart.marks.length > 1 && <Keys marks={chart.marks} />}
          </Group>
          {how && <Formulas chart={chart} />}
          <SimpleGrid cols={{ base: 1, md: 2 }}>
            {[today, yesterday].map((day, index) => (
              <DayPlot
                key={day.fromMs}
                {...{ day, chart, slots, top }}
                name={index === 0 ? texts.today : texts.yesterday}
                lines={lines[index] ?? []}
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
  readonly chart: Chart;
  readonly slots: readonly number[];
  readonly lines: readonly Line[];
  readonly top: number;
}

function DayPlot({ day, name, chart, slots, lines, top }: DayPlotProps) {
  const texts = useTexts(figureTexts);
  const { language } = useLanguage();
  const clockOf = useMemo(() => (slot: number) => clockAt(day, slot, language), [day, language]);
  const summary = figuresOf(chart)
    .map((figure) => `${texts.figures[figure]}: ${shown(figure, day.total, language) ?? texts.none}`)
    .join(', ');
  return (
    <div>
      <Text size="sm" fw={600}>
        {name}
      </Text>
      <Plot
        label={texts.chartOf(texts.chartTitles[chart.name], name, summary)}
        slots={slots}
        lines={lines}
        top={top}
        clockOf={clockOf}
      />
    </div>
  );
}

/** In the order of what stands on what: the lowest first. */
function Keys({ marks }: { readonly marks: readonly Mark[] }) {
  const texts = useTexts(figureTexts);
  return (
    <Group gap="md">
      {marks.toReversed().map(({ figure, colour }) => (
        <Text key={figure} size="sm">
          <span className={`figures-key figures-key-${colour}`} aria-hidden="true" />
          {figure === 'other' ? texts.other : texts.figures[figure]}
        </Text>
      ))}
    </Group>
  );
}

function Formulas({ chart }: { readonly chart: Chart }) {
  const texts = useTexts(figureTexts);
  return (
    <Stack gap={2} mb="xs">
      {figuresOf(chart).map((figure) => (
        <Text key={figure} size="xs">
          <b>{texts.figures[figure]}</b>: {texts.formulas[figure]}
        </Text>
      ))}
    </Stack>
  );
}

function figuresOf({ marks }: Chart): readonly FigureName[] {
  return marks.flatMap(({ figure }) => (figure === 'other' ? [] : [figure])).toReversed();
}

/** In each chart the lines of every day, and the top of them all. */
function drawingsOf(days: readonly Day[]) {
  const span = spanOf(days);
  const slots = Array.from({ length: span.to - span.from }, (_, index) => span.from + index);
  return CHARTS.map((chart) => {
    const lines = days.map((day) =>
      chart.marks.map((mark): Line => {
        return { kind: mark.kind, colour: `--figures-${mark.colour}`, values: heightsOf(day, span, mark) };
      }),
    );
    return { chart, slots, lines, top: chart.top ?? topOf(lines.flat().map(({ values }) => values)) };
  });
}
