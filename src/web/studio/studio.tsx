// The flow studio: a draft with its text, and beside it the graph, a telephone, tests, changes, history, the roll-out.
import './studio.css';
import { Alert, Anchor, Badge, Button, Group, SimpleGrid, Stack, Tabs, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useCallback, useState } from 'react';
import { isError } from '../../core/document/issue.js';
import { useTexts } from '../texts/language.js';
import { type Compiled, useCompiled } from './compiled.js';
import { type Draft, useDraft } from './draft.js';
import { Editor, type Jump } from './editor/editor.js';
import { Graph } from './graph/graph.js';
import { Issues } from './issues.js';
import { Phone } from './phone/phone.js';
import { type Published, schemaQuery, usePublished } from './published.js';
import { Changes } from './publishing/changes.js';
import { History } from './publishing/history.js';
import { PublishButton } from './publishing/publish.js';
import { Rollout } from './publishing/rollout.js';
import { Tests } from './tests.js';
import { studioTexts } from './texts.js';

export function Studio() {
  const { name } = useParams({ from: '/admin/flows/$name' });
  const texts = useTexts(studioTexts);
  const published = usePublished();
  if (published === undefined) return <Text role="status">{texts.checking}</Text>;
  const inForce = published[name];
  if (inForce === undefined) return <Title>{texts.noSuchFlow(name)}</Title>;
  return <Workplace key={name} name={name} inForce={inForce} texts={published} />;
}

interface WorkplaceProps {
  readonly name: string;
  readonly inForce: Published;
  readonly texts: Readonly<Record<string, Published>>;
}

type Tab = keyof (typeof studioTexts)['es']['tabs'];

function Workplace({ name, inForce, texts: all }: WorkplaceProps) {
  const texts = useTexts(studioTexts);
  const draft = useDraft(name, inForce);
  const compiled = useCompiled(name, draft.text, all);
  const { data: schema } = useQuery(schemaQuery(name));
  const [tab, setTab] = useState<Tab>(name === 'centre' ? 'changes' : 'graph');
  const [jump, setJump] = useState<Jump>();
  const [line, setLine] = useState(1);
  const { checked } = compiled;
  const file = `${name}.yaml`;
  const own = checked?.issues.filter((issue) => issue.file === file) ?? NONE;
  return (
    <Stack gap="sm">
      <Head name={name} draft={draft} compiled={compiled} />
      <Overtaken draft={draft} inForce={inForce} onCompare={() => setTab('changes')} />
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
        <Stack gap="xs">
          <Editor
            label={texts.editor(name)}
            text={draft.text}
            onChange={draft.write}
            issues={own}
            schema={schema}
            names={checked?.names}
            jump={jump}
            onCursor={setLine}
          />
          <div aria-live="polite">
            {checked !== undefined && (
              <Issues file={file} issues={checked.issues} onIssue={(at) => setJump({ ...at })} />
            )}
          </div>
        </Stack>
        <Beside
          {...{ name, draft, inForce, compiled, tab, line }}
          onTab={setTab}
          onStep={useCallback((at: number) => setJump({ line: at, column: 3 }), [])}
        />
      </SimpleGrid>
    </Stack>
  );
}

const NONE: readonly [] = [];

interface HeadProps {
  readonly name: string;
  readonly draft: Draft;
  readonly compiled: Compiled;
}

function Head({ name, draft, compiled: { checked, failure } }: HeadProps) {
  const texts = useTexts(studioTexts);
  const errors = checked?.issues.filter(isError).length ?? 0;
  const drop = (): void => {
    if (confirm(texts.dropSure)) draft.drop();
  };
  return (
    <>
      <Group justify="space-between">
        <Group gap="sm">
          <Anchor component={Link} to="/admin/flows">
            {texts.flows}
          </Anchor>
          <Title order={1} size="h2">
            {name}
          </Title>
          <Badge color={draft.isChanged ? 'cyan' : 'gray'}>{draft.isChanged ? texts.changed : texts.asPublished}</Badge>
          {errors > 0 && <Badge color="red">{texts.faultCount(errors, (checked?.issues.length ?? 0) - errors)}</Badge>}
        </Group>
        <Group gap="xs">
          <Button variant="default" disabled={!draft.isChanged} onClick={drop}>
            {texts.drop}
          </Button>
          <PublishButton name={name} draft={draft} isDisabled={!draft.isChanged || errors > 0} />
        </Group>
      </Group>
      {failure !== undefined && (
        <Alert color="red" role="alert" title={texts.compilerFailed}>
          {failure}
        </Alert>
      )}
      {draft.isUnkept && (
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

function Overtaken({ draft, inForce, onCompare }: OvertakenProps) {
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

interface BesideProps extends HeadProps {
  readonly inForce: Published;
  readonly tab: Tab;
  readonly line: number;
  readonly onTab: (tab: Tab) => void;
  readonly onStep: (line: number) => void;
}

function Beside({ name, draft, inForce, compiled, tab, line, onTab, onStep }: BesideProps) {
  const texts = useTexts(studioTexts);
  const [called, setCalled] = useState<string>();
  const picture = compiled.checked?.picture;
  const tabs = name === 'centre' ? (['changes', 'history'] as const) : TABS;
  const marked = called ?? picture?.boxes.findLast((box) => box.line <= line)?.name;
  return (
    <Tabs value={tab} onChange={(next) => onTab(next as Tab)} keepMounted={false}>
      <Tabs.List mb="xs">
        {tabs.map((one) => (
          <Tabs.Tab key={one} value={one}>
            {texts.tabs[one]}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value="graph">
        {picture === undefined ? <Text>{texts.notReadable}</Text> : <Graph {...{ picture, marked, onStep }} />}
      </Tabs.Panel>
      <Tabs.Panel value="phone">
        <Phone {...{ name, compiled }} text={draft.text} onStep={setCalled} />
      </Tabs.Panel>
      <Tabs.Panel value="tests">
        <Tests {...{ name }} text={draft.text} compiler={compiled.compiler} />
      </Tabs.Panel>
      <Tabs.Panel value="changes">
        <Changes {...{ draft, inForce }} />
      </Tabs.Panel>
      <Tabs.Panel value="history">
        <History {...{ name, draft }} />
      </Tabs.Panel>
      <Tabs.Panel value="rollout">
        <Rollout {...{ name, draft }} />
      </Tabs.Panel>
    </Tabs>
  );
}

const TABS: readonly Tab[] = ['graph', 'phone', 'tests', 'changes', 'history', 'rollout'];
