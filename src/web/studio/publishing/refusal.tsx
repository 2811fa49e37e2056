// Why Hilo did not take a text: with the mistakes, or the cases that fail.
import { Alert, Text } from '@mantine/core';
import { RequestFailed } from '../../session/http.js';
import { useTexts } from '../../texts/language.js';
import { studioTexts } from '../texts.js';

/** What Hilo said, with the mistakes or the cases that fail. */
export function Refusal({ error }: { readonly error: Error | null }) {
  const texts = useTexts(studioTexts);
  if (error === null) return null;
  const issues = error instanceof RequestFailed ? (error.issues ?? []) : [];
  const failsTests = error instanceof RequestFailed && error.code === 'tests-failed';
  return (
    <Alert color="red" role="alert" title={failsTests ? texts.testsFailed : undefined}>
      {issues.length === 0
        ? error.message
        : issues.map(({ file, line, column, message }) => (
            <Text key={`${file} ${line} ${column} ${message}`} size="sm">
              {file}:{line}:{column}: {message}
            </Text>
          ))}
    </Alert>
  );
}
