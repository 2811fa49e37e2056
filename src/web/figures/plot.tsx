// One drawing by uPlot, as wide as its place, told to screen readers as a picture with a label.
import 'uplot/dist/uPlot.min.css';
import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';

const HEIGHT = 190;
/** Labels of the time at whole hours, so far apart that they can be read. */
const LABEL_PX = 56;
const SLOTS_PER_LABEL = [4, 8, 12, 16, 24, 48];

export interface Line {
  readonly kind: 'bars' | 'line' | 'points';
  /** Custom property of the style sheet. */
  readonly colour: string;
  readonly values: readonly (number | null)[];
}

export interface PlotProps {
  readonly label: string;
  readonly slots: readonly number[];
  /** Drawn one over the other. */
  readonly lines: readonly Line[];
  readonly top: number;
  readonly clockOf: (slot: number) => string;
}

export function Plot({ label, slots, lines, top, clockOf }: PlotProps) {
  const place = useRef<HTMLDivElement>(null);
  const scheme = useComputedColorScheme('light');
  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours of the style sheet follow the scheme
  useEffect(() => {
    const { current } = place;
    if (current === null) return undefined;
    const colourOf = (name: string): string => getComputedStyle(current).getPropertyValue(name).trim();
    const data = [[...slots], ...lines.map(({ values }) => [...values])] as uPlot.AlignedData;
    const options = optionsOf({ lines, top, clockOf, colourOf, width: current.clientWidth });
    const plot = new uPlot(options, data, current);
    const watcher = new ResizeObserver(() => plot.setSize({ width: current.clientWidth, height: HEIGHT }));
    watcher.observe(current);
    return () => {
      watcher.disconnect();
      plot.destroy();
    };
  }, [slots, lines, top, clockOf, scheme]);
  return <div ref={place} className="figures-plot" role="img" aria-label={label} />;
}

interface Drawing extends Pick<PlotProps, 'lines' | 'top' | 'clockOf'> {
  readonly colourOf: (name: string) => string;
  readonly width: number;
}

function optionsOf({ lines, top, clockOf, colourOf, width }: Drawing): uPlot.Options {
  const axis = {
    stroke: colourOf('--figures-ink'),
    grid: { stroke: colourOf('--figures-grid'), width: 1 },
    ticks: { show: false },
    font: '12px system-ui, sans-serif',
  };
  return {
    ...{ width, height: HEIGHT, legend: { show: false }, cursor: { show: false } },
    padding: [8, 16, 0, 0],
    scales: { x: { time: false, range: (_, min, max) => [min - 0.6, max + 0.6] }, y: { range: [0, top * 1.05] } },
    axes: [
      {
        ...axis,
        size: 30,
        grid: { show: false },
        splits: (plot, _, min, max) =>
          hoursBetween(Math.ceil(min), Math.floor(max), plot.bbox.width / devicePixelRatio),
        values: (_, splits) => splits.map(clockOf),
      },
      { ...axis, size: 44, incrs: [1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1_000, 2_000, 5_000] },
    ],
    series: [{}, ...lines.map((line) => seriesOf(line, colourOf))],
  };
}

function seriesOf({ kind, colour }: Line, colourOf: Drawing['colourOf']): uPlot.Series {
  const stroke = colourOf(colour);
  if (kind === 'line') return { stroke, width: 2, spanGaps: false, points: { show: true, size: 6, fill: stroke } };
  if (kind === 'points') return { stroke, points: { show: true, size: 9, fill: stroke }, paths: () => null };
  const { bars } = uPlot.paths;
  const paths = bars?.({ size: [0.8, 40], align: 0 });
  return { stroke, fill: stroke, width: 0, points: { show: false }, ...(paths === undefined ? {} : { paths }) };
}

function hoursBetween(from: number, to: number, widthPx: number): number[] {
  const fitting = Math.max(1, Math.floor(widthPx / LABEL_PX));
  const step = SLOTS_PER_LABEL.find((slots) => (to - from) / slots <= fitting) ?? 48;
  const splits: number[] = [];
  for (let slot = Math.ceil(from / step) * step; slot <= to; slot += step) splits.push(slot);
  return splits;
}
