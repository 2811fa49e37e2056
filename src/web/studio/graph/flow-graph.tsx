// The graph with what is laid over it: callers who are at each step now, or the ways that the tests take.
import { Button, Group, SegmentedControl, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { WireFlowToday } from '../../../contract/studio/flow-today.js';
import type { Picture } from '../../../core/ivr/ways/picture.js';
import { useLive } from '../../live/live.js';
import { useTexts } from '../../texts/language.js';
import type { StepCoverage } from '../compiler/workshop.js';
import { todayQuery } from '../published.js';
import { studioTexts } from '../texts.js';
import { Graph } from './graph.js';
import type { Places } from './layout.js';
import { callersIn, type FlowCallers, type Overlay, todayOf } from './overlay.js';

export interface FlowGraphProps {
  readonly name: string;
  readonly picture: Picture;
  readonly places: Places;
  readonly marked: string | undefined;
  readonly revision: string;
  /** Absent: the flow has no tests, or they cannot be played. */
  readonly coverage: ReadonlyMap<string, StepCoverage> | undefined;
  /** Over the whole page, without the text beside it. */
  readonly isWide: boolean;
  readonly onWide: (isWide: boolean) => void;
  readonly onStep: (line: number) => void;
}

export function FlowGraph(props: FlowGraphProps) {
  const { name, picture, places, marked, revision, coverage, isWide, onWide, onStep } = props;
  const texts = useTexts(studioTexts);
  const [shown, setShown] = useState<Overlay['kind']>('callers');
  const live = useLive('flow');
  const callers = useMemo(
    () => callersIn(name, live.values(), new Set(picture.boxes.map((box) => box.name))),
    [name, live, picture],
  );
  const today = useQuery({ ...todayQuery(name), enabled: shown === 'today' && revision !== '' });
  const overlay = overlayOf(shown, callers.steps, today.data, coverage);
  const choices = (['callers', 'today', 'coverage'] as const).filter(
    (one) => one === 'callers' || (one === 'coverage' ? coverage !== undefined : revision !== ''),
  );
  return (
    <Stack gap="xs">
      <Group justify="space-between" gap="xs">
        <Text size="sm" role="status">
          {overlay.kind === 'callers' ? (
            <Callers callers={callers} revision={revision} />
          ) : (
            texts.overlayAbout[overlay.kind]
          )}
        </Text>
        <Group gap="xs">
          {choices.length > 1 && (
            <SegmentedControl
              size="xs"
              aria-label={texts.overlay}
              value={overlay.kind}
              onChange={(next) => setShown(next as Overlay['kind'])}
              data={choices.map((value) => ({ value, label: texts.overlays[value] }))}
            />
          )}
          <Button size="xs" variant="default" aria-pressed={isWide} onClick={() => onWide(!isWide)}>
            {isWide ? texts.narrow : texts.wide}
          </Button>
        </Group>
      </Group>
      <Graph key={String(isWide)} {...{ picture, places, marked, overlay, isWide, onStep }} />
    </Stack>
  );
}

function overlayOf(
  shown: Overlay['kind'],
  callers: FlowCallers['steps'],
  today: WireFlowToday | undefined,
  coverage: FlowGraphProps['coverage'],
): Overlay {
  if (shown === 'today') return { kind: 'today', steps: today === undefined ? new Map() : todayOf(today) };
  if (shown === 'coverage' && coverage !== undefined) return { kind: 'coverage', steps: coverage };
  return { kind: 'callers', steps: callers };
}

/** How many there are, and in which texts where there are several. */
function Callers({ callers, revision }: { readonly callers: FlowCallers; readonly revision: string }) {
  const texts = useTexts(studioTexts);
  const { callers: count, revisions, elsewhere } = callers;
  const isMixed = revisions.some((one) => one.revision !== revision);
  const each = revisions.map((one) => `${one.callers} ${one.revision === revision ? texts.inForce : one.revision}`);
  return `${texts.callersNow(count)}${isMixed ? ` (${each.join(', ')})` : ''}${
    elsewhere > 0 ? `. ${texts.callersElsewhere(elsewhere)}` : ''
  }`;
}
