// What the draft of the centre would change, in sentences and in the text, and the way to publish it.
import { Alert, Button, Group, List, Paper, Stack, Text, Title } from '@mantine/core';
import { isError } from '../../core/document/issue.js';
import type { Effect, EffectPart } from '../../core/routing/effect/centre-effect.js';
import type { Compiled } from '../studio/compiled.js';
import type { Draft } from '../studio/draft.js';
import type { Published } from '../studio/published.js';
import { Changes } from '../studio/publishing/changes.js';
import { PublishButton } from '../studio/publishing/publish.js';
import { useLanguage, useTexts } from '../texts/language.js';
import { labelText } from './texts/field-texts.js';
import { type CentreTexts, centreTexts } from './texts/texts.js';
import { WhomItTouches } from './touched.js';

export const CENTRE = 'centre';

export interface ReviewProps {
  readonly draft: Draft;
  readonly inForce: Published;
  readonly compiled: Compiled;
}

export function Review({ draft, inForce, compiled: { checked, failure } }: ReviewProps) {
  const texts = useTexts(centreTexts);
  const faults = (checked?.issues ?? []).filter(isError);
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="review">
      <Stack>
        <Title order={2} size="h4" id="review">
          {texts.review}
        </Title>
        {failure !== undefined && <Alert color="red">{failure}</Alert>}
        {!draft.isChanged && <Text>{texts.noChanges}</Text>}
        {faults.length > 0 && (
          <Alert color="red" role="alert" title={texts.faults}>
            <List>
              {faults.map(({ line, column, message, advice }) => (
                <List.Item key={`${line} ${column} ${message}`}>
                  {line}:{column}: {message}
                  {advice !== '' && ` (${advice})`}
                </List.Item>
              ))}
            </List>
          </Alert>
        )}
        {draft.isChanged && <Effects effects={checked?.effects} />}
        {draft.isChanged && checked?.touched !== undefined && <WhomItTouches touched={checked.touched} />}
        {draft.isOvertaken && (
          <Alert color="yellow" role="alert">
            <Group justify="space-between">
              {texts.overtaken}
              <Button variant="default" size="xs" onClick={draft.rebase}>
                {texts.rebase}
              </Button>
            </Group>
          </Alert>
        )}
        {draft.isChanged && (
          <details>
            <summary>{texts.textChanges}</summary>
            <Changes draft={draft} inForce={inForce} />
          </details>
        )}
        <Group>
          <PublishButton
            name={CENTRE}
            draft={draft}
            isDisabled={!draft.isChanged || draft.isOvertaken || checked?.isGood !== true}
          />
          {draft.isChanged && (
            <Button variant="default" onClick={draft.drop}>
              {texts.drop}
            </Button>
          )}
        </Group>
      </Stack>
    </Paper>
  );
}

function Effects({ effects }: { readonly effects: readonly Effect[] | undefined }) {
  const texts = useTexts(centreTexts);
  const { language } = useLanguage();
  if (effects === undefined) return null;
  if (effects.length === 0) return <Text role="status">{texts.same}</Text>;
  const parts = new Set(effects.flatMap((effect) => ('part' in effect ? [effect.part] : [])));
  const meanings = [...parts].flatMap((part: EffectPart) => texts.meaning[part] ?? []);
  return (
    <div role="status">
      <List spacing="xs">
        {effects.map((effect) => (
          <List.Item key={JSON.stringify(effect)}>{sentence(effect, texts, labelText[language])}</List.Item>
        ))}
      </List>
      {meanings.map((meaning) => (
        <Text key={meaning} size="sm" mt="xs">
          {meaning}
        </Text>
      ))}
    </div>
  );
}

export function sentence(effect: Effect, texts: CentreTexts, labelOf: (keys: readonly string[]) => string): string {
  switch (effect.kind) {
    case 'added':
      return texts.added(texts.effectPart[effect.part], ahead(effect.name));
    case 'removed':
      return texts.removed(texts.effectPart[effect.part], ahead(effect.name));
    case 'changed': {
      const { part, name, key, from, to } = effect;
      const label = labelOf([key]);
      const what = label.charAt(0).toLowerCase() + label.slice(1);
      return texts.changed(texts.effectPart[part], ahead(name), what, from, to);
    }
    case 'serves':
      return texts.serves(effect.agent, effect.queue);
    case 'serves-no-more':
      return texts.servesNoMore(effect.agent, effect.queue);
  }
}

/** What there is one of has no name. */
function ahead(name: string): string {
  return name === '' ? '' : ` ${name}`;
}
