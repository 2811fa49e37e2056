// What the draft of the centre would change, in sentences and in the text, and the way to publish it.
import { Alert, Button, Group, List, Paper, Stack, Text, Title } from '@mantine/core';
import { isError } from '../../core/document/issue.js';
import type { Effect } from '../../core/routing/effect/centre-effect.js';
import { useCompiled } from '../studio/compiled.js';
import type { Draft } from '../studio/draft.js';
import type { Published } from '../studio/published.js';
import { Changes } from '../studio/publishing/changes.js';
import { PublishButton } from '../studio/publishing/publish.js';
import { useTexts } from '../texts/language.js';
import { centreTexts } from './texts.js';

export const CENTRE = 'centre';

export interface ReviewProps {
  readonly draft: Draft;
  readonly texts: Readonly<Record<string, Published>>;
  readonly inForce: Published;
}

export function Review({ draft, texts: published, inForce }: ReviewProps) {
  const texts = useTexts(centreTexts);
  const { checked, failure } = useCompiled(CENTRE, draft.text, published);
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
  if (effects === undefined) return null;
  if (effects.length === 0) return <Text role="status">{texts.same}</Text>;
  return (
    <div role="status">
      <List spacing="xs">
        {effects.map((effect) => (
          <List.Item key={JSON.stringify(effect)}>{sentence(effect, texts)}</List.Item>
        ))}
      </List>
    </div>
  );
}

export function sentence(effect: Effect, texts: (typeof centreTexts)['en']): string {
  switch (effect.kind) {
    case 'added':
      return texts.added(texts.effectPart[effect.part], effect.name);
    case 'removed':
      return texts.removed(texts.effectPart[effect.part], effect.name);
    case 'changed': {
      const { part, name, key, from, to } = effect;
      return texts.changed(texts.effectPart[part], name, (texts.fields[key] ?? key).toLowerCase(), from, to);
    }
    case 'serves':
      return texts.serves(effect.agent, effect.queue);
    case 'serves-no-more':
      return texts.servesNoMore(effect.agent, effect.queue);
    case 'other':
      return texts.other(effect.key);
  }
}
