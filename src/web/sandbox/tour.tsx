// The steps of the tour: what is done, what is to be done now, and why.
import { Alert, Button, Paper, Stack, Text, VisuallyHidden } from '@mantine/core';
import { IconCheck, IconRefresh } from '@tabler/icons-react';
import { useTexts } from '../texts/language.js';
import { type Hindrance, type Progress, STEPS } from './progress.js';
import { tourTexts } from './texts.js';

interface TourProps {
  readonly progress: Progress;
  readonly hindrance: Hindrance | undefined;
  readonly reference: string;
  readonly onRestart: () => void;
}

export function Tour({ progress, hindrance, reference, onRestart }: TourProps) {
  const texts = useTexts(tourTexts);
  const { done, present, detour } = progress;
  const at = present === undefined ? STEPS.length : STEPS.indexOf(present) + 1;
  return (
    <Paper component="section" withBorder p="md" aria-label={texts.tour}>
      <Stack gap="sm">
        <ol className="try-steps">
          {STEPS.map((step, index) => (
            <li
              key={step}
              className="try-step"
              data-done={done.has(step)}
              {...(step === present ? { 'aria-current': 'step' as const } : {})}
            >
              <span className="try-tick" aria-hidden="true">
                {done.has(step) ? <IconCheck size={16} stroke={3} /> : index + 1}
              </span>
              <span>{texts.steps[step].title}</span>
              {done.has(step) && <VisuallyHidden>, {texts.done}</VisuallyHidden>}
            </li>
          ))}
        </ol>
        <div className="try-present">
          <div role="status" className="try-now">
            <Text fw={700} size="lg">
              {present === undefined
                ? texts.allDone
                : `${texts.stepOf(at, STEPS.length)}: ${texts.steps[present].title}`}
            </Text>
            <Text>{present === undefined ? texts.allDoneHow(reference) : texts.steps[present].how}</Text>
          </div>
          <Button variant="default" leftSection={<IconRefresh size={18} />} onClick={onRestart} className="try-fixed">
            {texts.restart}
          </Button>
        </div>
        {hindrance !== undefined && (
          <Alert color="yellow" role="status">
            {texts.hindrances[hindrance]}
          </Alert>
        )}
        {detour !== undefined && (
          <Alert color="yellow" role="alert">
            {texts.detours[detour]}
          </Alert>
        )}
      </Stack>
    </Paper>
  );
}
