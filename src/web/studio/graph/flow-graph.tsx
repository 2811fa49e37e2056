// The graph with what is laid over it: callers who are at each step now, or the ways that the tests take.
import { Button, Group, SegmentedControl, Stack, Text } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { Picture } from '../../../core/ivr/ways/picture.js';
import { useLive } from '../../live/live.js';
import { useTexts } from '../../texts/language.js';
import type { StepCoverage } from '../compiler/workshop.js';
import { studioTexts } from '../texts.js';
import { Graph } from './graph.js';
import type { Places } from './layout.js';
import { callersIn, type Overlay } from './overlay.js';

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
  const overlay: Overlay =
    shown === 'coverage' && coverage !== undefined
      ? { kind: 'coverage', steps: coverage }
      : { kind: 'callers', steps: callers.steps };
  return (
    <Stack gap="xs">
      <Group justify="space-between" gap="xs">
        <Text size="sm" role="status">
          {overlay.kind === 'callers' ? texts.callersNow(callers.callers) : texts.coverageAbout}
          {overlay.kind === 'callers' &&
            callers.revisions.some((one) => one.revision !== revision) &&
            ` (${callers.revisions.map((one) => `${one.callers} ${one.revision === revision ? texts.inForce : one.revision}`).join(', ')})`}
          {overlay.kind === 'callers' && callers.elsewhere > 0 && ` ${texts.callersElsewhere(callers.elsewhere)}`}
        </Text>
        <Group gap="xs">
          {coverage !== undefined && (
            <SegmentedControl
              size="xs"
              aria-label={texts.overlay}
              value={overlay.kind}
              onChange={(next) => setShown(next as Overlay['kind'])}
              data={[
                { value: 'callers', label: texts.overlays.callers },
                { value: 'coverage', label: texts.overlays.coverage },
              ]}
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
