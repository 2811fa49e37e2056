// What stands above a flow that is written: what it is, how its draft stands, and the ways to publish or drop it.
import { Alert, Anchor, Badge, Button, Group, Stack } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { isError } from '../../core/document/issue.js';
import { PageTitle } from '../shell/page-title.js';
import { useTexts } from '../texts/language.js';
import type { Compiled } from './compiled.js';
import type { Draft } from './draft.js';
import type { Published } from './published.js';
import { PublishButton } from './publishing/publish.js';
import { PublishTestsButton } from './publishing/publish-tests.js';
import { studioTexts } from './texts.js';

export interface HeadProps {
  readonly name: string;
  readonly draft: Draft;
  readonly tests: Draft | undefined;
  readonly compiled: Compiled;
  /** Which of the two is open. */
  readonly file: 'flow' | 'tests';
}

export function Head({ name, draft, tests, compiled: { checked, failure }, file }: HeadProps) {
  const texts = useTexts(studioTexts);
  const errors = checked?.issues.filter(isError).length ?? 0;
  const open = file === 'tests' && tests !== undefined ? tests : draft;
  const isNew = draft.inForce.revision === '';
  const drop = (): void => {
    if (confirm(texts.dropSure)) open.drop();
  };
  return (
    <>
      <Group justify="space-between">
        <Group gap="sm">
          <Anchor component={Link} to="/admin/flows">
            {texts.flows}
          </Anchor>
          <PageTitle>{name}</PageTitle>
          <Badge color={open.isChanged ? 'cyan' : 'gray'}>
            {isNew && file === 'flow' ? texts.isNew : open.isChanged ? texts.changed : texts.asPublished}
          </Badge>
          {errors > 0 && <Badge color="red">{texts.faultCount(errors, (checked?.issues.length ?? 0) - errors)}</Badge>}
        </Group>
        <Group gap="xs">
          <Button variant="default" disabled={!open.isChanged} onClick={drop}>
            {texts.drop}
          </Button>
          {file === 'tests' && tests !== undefined ? (
            <PublishTestsButton name={name} draft={tests} isDisabled={!tests.isChanged || isNew} />
          ) : (
            <PublishButton
              name={name}
              draft={draft}
              isDisabled={!draft.isChanged || errors > 0}
              {...(tests?.isChanged === true ? { tests } : {})}
            />
          )}
        </Group>
      </Group>
      {failure !== undefined && (
        <Alert color="red" role="alert" title={texts.compilerFailed}>
          {failure}
        </Alert>
      )}
      {open.isUnkept && (
        <Alert color="yellow" role="alert">
          {texts.unkept}
        </Alert>
      )}
    </>
  );
}

interface OvertakenProps {
  readonly draft: Draft;
  readonly inForce: Published;
  readonly onCompare: () => void;
}

export function Overtaken({ draft, inForce, onCompare }: OvertakenProps) {
  const texts = useTexts(studioTexts);
  if (!draft.isOvertaken) return null;
  return (
    <Alert color="yellow" role="alert" title={texts.overtaken(inForce.revision)}>
      <Stack gap="xs">
        {texts.overtakenAbout}
        <Group gap="xs">
          <Button size="xs" onClick={onCompare}>
            {texts.compare}
          </Button>
          <Button size="xs" variant="default" onClick={draft.rebase}>
            {texts.rebase}
          </Button>
        </Group>
      </Stack>
    </Alert>
  );
}
