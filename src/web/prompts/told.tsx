// What went wrong, in words that say what to do now.
import { Alert } from '@mantine/core';
import { RequestFailed } from '../session/http.js';
import { useTexts } from '../texts/language.js';
import { promptTexts } from './texts.js';

export function Told({ error }: { readonly error: Error | null }) {
  const texts = useTexts(promptTexts);
  if (error === null) return null;
  const isConflict = error instanceof RequestFailed && error.code === 'version-conflict';
  return (
    <Alert color="red" role="alert">
      {isConflict ? texts.whenConflict : error.message}
    </Alert>
  );
}
