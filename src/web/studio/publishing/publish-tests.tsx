// Putting the tests beside their flow: with a note, over those they were begun from. Tests that fail may be published.
import { Button, Text } from '@mantine/core';
import { useTexts } from '../../texts/language.js';
import type { Draft } from '../draft.js';
import { usePublishTests } from '../published.js';
import { studioTexts } from '../texts.js';
import { Refusal } from './refusal.js';

export interface PublishTestsProps {
  readonly name: string;
  readonly draft: Draft;
  readonly isDisabled: boolean;
}

export function PublishTestsButton({ name, draft, isDisabled }: PublishTestsProps) {
  const texts = useTexts(studioTexts);
  const publish = usePublishTests(name);
  const { text, base } = draft;
  return (
    <>
      <Text role="status" size="sm">
        {publish.data === undefined || draft.isChanged ? '' : texts.testsPublished(publish.data.revision)}
      </Text>
      <Refusal error={publish.error} />
      <Button
        disabled={isDisabled}
        loading={publish.isPending}
        onClick={() => publish.mutate({ text, base, note: '' })}
      >
        {texts.publishTests}
      </Button>
    </>
  );
}
