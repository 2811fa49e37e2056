// What stands beside the text: graph, telephone, tests, changes, history, roll-out.
import { Tabs, Text } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useTexts } from '../texts/language.js';
import type { Compiled } from './compiled.js';
import type { Draft } from './draft.js';
import { FlowGraph } from './graph/flow-graph.js';
import { Phone } from './phone/phone.js';
import { Changes } from './publishing/changes.js';
import { History } from './publishing/history.js';
import { Rollout } from './publishing/rollout.js';
import { Results } from './testing/results.js';
import { coverageOf, type Playing } from './testing/tested.js';
import { studioTexts } from './texts.js';

export type Tab = keyof (typeof studioTexts)['es']['tabs'];

export interface BesideProps {
  readonly name: string;
  readonly draft: Draft;
  /** The one that is open in the editor: the flow, or its tests. */
  readonly open: Draft;
  readonly compiled: Compiled;
  readonly playing: Playing;
  readonly hasTests: boolean;
  readonly tab: Tab;
  /** Of the cursor in the flow; 0: it is elsewhere. */
  readonly line: number;
  readonly isWide: boolean;
  readonly onWide: (isWide: boolean) => void;
  readonly onTab: (tab: Tab) => void;
  readonly onStep: (line: number) => void;
  readonly onTestLine: (line: number, column: number) => void;
  readonly onWriteTests: () => void;
}

const TABS: readonly Tab[] = ['graph', 'phone', 'tests', 'changes', 'history', 'rollout'];
const OF_CENTRE: readonly Tab[] = ['changes', 'history'];

export function Beside(props: BesideProps) {
  const { name, draft, open, compiled, playing, hasTests, tab, onTab, onTestLine, onWriteTests } = props;
  const texts = useTexts(studioTexts);
  const [called, setCalled] = useState<string>();
  const isNew = draft.inForce.revision === '';
  const tabs =
    name === 'centre' ? OF_CENTRE : TABS.filter((one) => !isNew || !(one === 'history' || one === 'rollout'));
  return (
    <Tabs className="studio-tabs" value={tab} onChange={(next) => onTab(next as Tab)} keepMounted={false}>
      <Tabs.List mb="xs">
        {tabs.map((one) => (
          <Tabs.Tab key={one} value={one}>
            {texts.tabs[one]}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value="graph">
        <GraphPanel {...props} called={called} />
      </Tabs.Panel>
      <Tabs.Panel value="phone">
        <Phone {...{ name, compiled }} text={draft.text} onStep={setCalled} />
      </Tabs.Panel>
      <Tabs.Panel value="tests">
        <Results {...{ playing, hasTests }} onLine={onTestLine} onWrite={onWriteTests} />
      </Tabs.Panel>
      <Tabs.Panel value="changes">
        <Changes draft={open} inForce={open.inForce} {...(open === draft ? { name } : {})} />
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

function GraphPanel({
  name,
  draft,
  compiled: { checked },
  playing,
  line,
  called,
  isWide,
  onWide,
  onStep,
}: BesideProps & { readonly called: string | undefined }) {
  const texts = useTexts(studioTexts);
  const coverage = useMemo(() => coverageOf(playing.tested), [playing.tested]);
  const { picture, places } = checked ?? {};
  if (checked === undefined) return <Text role="status">{texts.checking}</Text>;
  if (picture === undefined || places === undefined) return <Text>{texts.notReadable}</Text>;
  const marked = called ?? picture.boxes.findLast((box) => box.line <= line)?.name;
  const { revision } = draft.inForce;
  return <FlowGraph {...{ name, picture, places, marked, revision, coverage, isWide, onWide, onStep }} />;
}
