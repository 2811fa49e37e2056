// Title and text of an article in one language, with what it will look like beside it.
import { Grid, Paper, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useDeferredValue } from 'react';
import { BODY_MAX_CHARS, type GuideLanguage, type GuideText, TITLE_MAX_CHARS } from '../../core/guide/article.js';
import { useTexts } from '../texts/language.js';
import { Markdown } from './markdown.js';
import { guideTexts } from './texts.js';

export interface TextFieldsProps {
  readonly language: GuideLanguage;
  readonly text: GuideText;
  readonly change: (text: GuideText) => void;
}

export function TextFields({ language, text, change }: TextFieldsProps) {
  const texts = useTexts(guideTexts);
  // A long text is drawn when there is time for it: typing does not wait.
  const shown = useDeferredValue(text.body);
  return (
    <Grid>
      <Grid.Col span={{ base: 12, md: 6 }}>
        <Stack>
          <TextInput
            label={texts.titleOf}
            lang={language}
            maxLength={TITLE_MAX_CHARS}
            value={text.title}
            onChange={({ currentTarget }) => change({ ...text, title: currentTarget.value })}
          />
          <Textarea
            className="guide-body"
            label={texts.body}
            description={texts.bodyHint}
            lang={language}
            autosize
            minRows={14}
            maxRows={30}
            maxLength={BODY_MAX_CHARS}
            value={text.body}
            onChange={({ currentTarget }) => change({ ...text, body: currentTarget.value })}
          />
        </Stack>
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 6 }}>
        <Stack gap={4} h="100%">
          <Text size="sm" fw={500}>
            {texts.preview}
          </Text>
          <Paper component="section" withBorder p="md" flex={1} aria-label={texts.preview} lang={language}>
            <Markdown text={shown} />
          </Paper>
        </Stack>
      </Grid.Col>
    </Grid>
  );
}
