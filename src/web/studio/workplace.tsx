// The place where one flow is written: its text and its tests at the left, what they come to at the right.
import { SegmentedControl, SimpleGrid, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { useCallback, useMemo, useState } from 'react';
import type { Issue } from '../../core/document/issue.js';
import { useTexts } from '../texts/language.js';
import { Beside, type Tab } from './beside.js';
import { type Compiled, useCompiled } from './compiled.js';
import { type Draft, useDraft } from './draft.js';
import { Editor, type Jump } from './editor/editor.js';
import { Head, Overtaken } from './head.js';
import { Issues } from './issues.js';
import { listQuery, type Published, schemaQuery, testsQuery } from './published.js';
import { firstTests } from './testing/first-tests.js';
import { issuesOf, useTested } from './testing/tested.js';
import { studioTexts } from './texts.js';

export const CENTRE = 'centre';
/** Of a text that nobody has published yet. */
export const NOTHING: Published = { text: '', revision: '' };

export interface WorkplaceProps {
  readonly name: string;
  readonly inForce: Published;
  readonly texts: Readonly<Record<string, Published>>;
}

type File = 'flow' | 'tests';

export function Workplace({ name, inForce, texts: all }: WorkplaceProps) {
  const texts = useTexts(studioTexts);
  const draft = useDraft(name, inForce);
  const compiled = useCompiled(name, draft.text, all);
  const tests = useTests(name);
  const [tab, setTab] = useState<Tab>(name === CENTRE ? 'changes' : 'graph');
  const [file, setFile] = useState<File>('flow');
  const { line: asked } = useSearch({ strict: false });
  const [jumps, setJumps] = useState<Readonly<Record<File, Jump | undefined>>>({
    flow: asked === undefined ? undefined : { line: asked, column: 1 },
    tests: undefined,
  });
  const [line, setLine] = useState(1);
  const [isWide, setWide] = useState(false);
  const playing = useTested(compiled.compiler, name, draft.text, tests?.text === '' ? undefined : tests?.text);
  const jump = useCallback((to: File, at: Jump) => {
    setWide(false);
    setFile(to);
    setJumps((before) => ({ ...before, [to]: { ...at } }));
  }, []);
  const writeTests = (): void => {
    if (tests?.text === '') tests.write(firstTests(name, texts.firstCase));
    setFile('tests');
  };
  const failed = issuesOf(`${name}.test.yaml`, playing.tested, texts.expectedInstead);
  const isShownWide = isWide && tab === 'graph';
  const open = file === 'tests' && tests !== undefined ? tests : draft;
  return (
    <Stack gap="sm">
      <Head {...{ name, draft, tests, compiled, file }} />
      <Overtaken draft={open} inForce={open.inForce} onCompare={() => setTab('changes')} />
      <SimpleGrid cols={isShownWide ? 1 : { base: 1, md: 2 }} spacing="md">
        <Stack gap="xs" display={isShownWide ? 'none' : undefined}>
          {name !== CENTRE && (
            <SegmentedControl
              size="xs"
              aria-label={texts.file}
              value={file}
              onChange={(next) => (next === 'tests' ? writeTests() : setFile('flow'))}
              data={[
                { value: 'flow', label: `${name}.yaml${draft.isChanged ? ' •' : ''}` },
                { value: 'tests', label: `${name}.test.yaml${tests?.isChanged === true ? ' •' : ''}` },
              ]}
            />
          )}
          <OpenFile
            {...{ name, file, compiled, failed }}
            draft={open}
            jump={jumps[file]}
            onJump={jump}
            onCursor={setLine}
          />
        </Stack>
        <Beside
          {...{ name, compiled, tab, playing }}
          draft={draft}
          open={open}
          line={file === 'flow' ? line : 0}
          hasTests={tests !== undefined && tests.text !== ''}
          isWide={isShownWide}
          onWide={setWide}
          onTab={setTab}
          onStep={useCallback((at: number) => jump('flow', { line: at, column: 3 }), [jump])}
          onTestLine={(at, column) => jump('tests', { line: at, column })}
          onWriteTests={writeTests}
        />
      </SimpleGrid>
    </Stack>
  );
}

/** The tests beside the flow as a draft; undefined until they are read, and for the centre. */
function useTests(name: string): Draft | undefined {
  const { data: list } = useQuery(listQuery);
  const isTested = list?.flows.some((flow) => flow.name === name && flow.tests) ?? false;
  const { data } = useQuery({ ...testsQuery(name), enabled: isTested });
  const inForce = isTested ? data : NOTHING;
  const draft = useDraft(`${name}.test`, inForce ?? NOTHING);
  return name === CENTRE || list === undefined || inForce === undefined ? undefined : draft;
}

interface OpenFileProps {
  readonly name: string;
  readonly file: File;
  readonly compiled: Compiled;
  readonly draft: Draft;
  /** What the tests expect in vain. */
  readonly failed: readonly Issue[];
  readonly jump: Jump | undefined;
  readonly onJump: (file: File, at: Jump) => void;
  readonly onCursor: (line: number) => void;
}

function OpenFile({ name, file, compiled: { checked }, draft, failed, jump, onJump, onCursor }: OpenFileProps) {
  const texts = useTexts(studioTexts);
  const { data: schema } = useQuery(schemaQuery(name === CENTRE ? 'centre' : file));
  const fileName = file === 'tests' ? `${name}.test.yaml` : `${name}.yaml`;
  const all = file === 'tests' ? failed : checked?.issues;
  const own = useMemo(() => all?.filter((issue) => issue.file === fileName) ?? [], [all, fileName]);
  return (
    <>
      <Editor
        key={file}
        label={file === 'tests' ? texts.testsEditor(name) : texts.editor(name)}
        text={draft.text}
        onChange={draft.write}
        issues={own}
        schema={schema}
        names={checked?.names}
        jump={jump}
        onCursor={onCursor}
      />
      <div aria-live="polite">
        {all !== undefined && <Issues file={fileName} issues={all} onIssue={(at) => onJump(file, at)} />}
      </div>
    </>
  );
}
