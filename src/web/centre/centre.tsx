// The centre as forms: what is chosen and written here is written into the draft of centre.yaml, and nowhere else.
import { Anchor, Button, Group, NativeSelect, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { Issue } from '../../core/document/issue.js';
import { withValue } from '../../core/document/yaml-edit.js';
import { useCompiled } from '../studio/compiled.js';
import { type Draft, useDraft } from '../studio/draft.js';
import { type Published, schemaQuery, usePublished } from '../studio/published.js';
import { useTexts } from '../texts/language.js';
import { Devices } from './across/devices.js';
import { Dispositions } from './across/dispositions.js';
import { Skills } from './across/skills.js';
import { Teams } from './across/teams.js';
import { dataOf, namesOf } from './data.js';
import { SurroundingsOf } from './form/context.js';
import { Field } from './form/field.js';
import type { Schema } from './form/kind.js';
import { Many } from './many.js';
import { One } from './one.js';
import { FORM_PARTS, type FormPart, GROUPS, PARTS } from './parts.js';
import { CENTRE, Review } from './review.js';
import { centreTexts } from './texts/texts.js';
import './centre.css';
import { PageTitle } from '../shell/page-title.js';

export function CentreForms() {
  const texts = useTexts(centreTexts);
  const published = usePublished();
  const { data: schema } = useQuery(schemaQuery(CENTRE));
  const inForce = published?.[CENTRE];
  if (published === undefined || inForce === undefined || schema === undefined)
    return <Text role="status">{texts.loading}</Text>;
  return <Forms texts={published} inForce={inForce} schema={schema} />;
}

interface FormsProps {
  readonly texts: Readonly<Record<string, Published>>;
  readonly inForce: Published;
  readonly schema: Schema;
}

function Forms({ texts: published, inForce, schema }: FormsProps) {
  const texts = useTexts(centreTexts);
  const { part: asked } = useParams({ strict: false });
  const part = FORM_PARTS.find((one) => one === asked) ?? 'queues';
  const draft = useDraft(CENTRE, inForce);
  const compiled = useCompiled(CENTRE, draft.text, published);
  const flows = Object.keys(published).filter((one) => one !== CENTRE);
  const issues = compiled.checked?.issues ?? [];
  return (
    <Stack maw={1280} mx="auto" className="centre">
      <PageTitle tab={`${texts.parts[part]} · ${texts.centre}`}>{texts.centre}</PageTitle>
      <PartNav part={part} />
      <Text>
        {texts.about[part]}{' '}
        {part === 'general' && (
          <>
            {texts.emergency}{' '}
            <Anchor component={Link} to="/supervisor">
              {texts.emergencyGo}
            </Anchor>
          </>
        )}
      </Text>
      <PartForm key={part} {...{ part, draft, flows, schema, issues }} compiler={compiled.compiler} />
      <Review draft={draft} inForce={inForce} compiled={compiled} />
    </Stack>
  );
}

function PartNav({ part }: { readonly part: FormPart }) {
  const texts = useTexts(centreTexts);
  const navigate = useNavigate();
  return (
    <>
      <NativeSelect
        hiddenFrom="sm"
        label={texts.part}
        value={part}
        data={GROUPS.map(([group, parts]) => ({
          group: texts.groups[group],
          items: parts.map((one) => ({ value: one, label: texts.parts[one] })),
        }))}
        onChange={({ currentTarget }) =>
          void navigate({ to: '/admin/centre/$part', params: { part: currentTarget.value } })
        }
      />
      <Group component="nav" aria-label={texts.partsLabel} gap="lg" align="flex-start" visibleFrom="sm">
        {GROUPS.map(([group, parts]) => (
          <div key={group}>
            <Text size="sm" c="dimmed" id={`centre-${group}`}>
              {texts.groups[group]}
            </Text>
            <Group role="group" aria-labelledby={`centre-${group}`} gap={4}>
              {parts.map((one) => (
                <Button
                  key={one}
                  component={Link}
                  to={`/admin/centre/${one}`}
                  size="compact-sm"
                  variant={one === part ? 'filled' : 'subtle'}
                  aria-current={one === part ? 'page' : undefined}
                >
                  {texts.parts[one]}
                </Button>
              ))}
              {group === 'centre' && (
                <Button component={Link} to="/admin/flows/centre" size="compact-sm" variant="subtle">
                  {texts.rest}
                </Button>
              )}
            </Group>
          </div>
        ))}
      </Group>
    </>
  );
}

interface PartFormProps {
  readonly part: FormPart;
  readonly draft: Draft;
  readonly flows: readonly string[];
  readonly schema: Schema;
  readonly issues: readonly Issue[];
  readonly compiler: ReturnType<typeof useCompiled>['compiler'];
}

function PartForm({ part, draft, flows, schema, issues, compiler }: PartFormProps) {
  const centre = useMemo(() => dataOf(draft.text), [draft.text]);
  const names = useMemo(() => namesOf(centre, flows), [centre, flows]);
  const languages = [centre['languages'] ?? []].flat().map(String);
  const surroundings = {
    ...{ Field, languages, names, issues },
    write: (path: readonly (string | number)[], value: unknown) => draft.write(withValue(draft.text, path, value)),
  };
  const what = PARTS[part];
  const shared = { centre, schema, draft };
  return (
    <SurroundingsOf value={surroundings}>
      {what.kind === 'many' && <Many part={part} what={what} {...shared} compiler={compiler} />}
      {what.kind === 'one' && <One part={part} keys={what.keys} {...shared} />}
      {part === 'teams' && <Teams {...shared} />}
      {part === 'skills' && <Skills {...shared} />}
      {part === 'devices' && <Devices {...shared} />}
      {part === 'dispositions' && <Dispositions {...shared} />}
    </SurroundingsOf>
  );
}
