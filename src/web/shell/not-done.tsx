// What was asked for and could not be done, and why; until one closes it.
import { Alert } from '@mantine/core';
import { useTexts } from '../texts/language.js';
import { shellTexts } from './texts.js';

interface NotDoneProps {
  /** Undefined: it was done. */
  readonly failure: string | undefined;
  readonly forget: () => void;
}

export function NotDone({ failure, forget }: NotDoneProps) {
  const texts = useTexts(shellTexts);
  if (failure === undefined) return null;
  return (
    <Alert
      color="red"
      role="alert"
      title={texts.notDone}
      withCloseButton
      closeButtonLabel={texts.close}
      onClose={forget}
    >
      {failure}
    </Alert>
  );
}
