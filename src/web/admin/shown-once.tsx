// A secret that is shown this one time: with a way to copy it.
import { Alert, Button, Code, CopyButton, Group, Stack } from '@mantine/core';
import { useTexts } from '../texts/language.js';
import { adminTexts } from './texts.js';

export interface ShownOnceProps {
  /** That it is not shown again, and what to do with it. */
  readonly warning: string;
  readonly secret: string;
  readonly onClose: () => void;
}

export function ShownOnce({ warning, secret, onClose }: ShownOnceProps) {
  const texts = useTexts(adminTexts);
  return (
    <Stack>
      <Alert color="yellow" role="status">
        {warning}
      </Alert>
      <Code block tabIndex={0}>
        {secret}
      </Code>
      <Group justify="flex-end">
        <CopyButton value={secret}>
          {({ copied, copy }) => (
            <Button variant="default" onClick={copy} aria-live="polite">
              {copied ? texts.copied : texts.copy}
            </Button>
          )}
        </CopyButton>
        <Button onClick={onClose}>{texts.close}</Button>
      </Group>
    </Stack>
  );
}
