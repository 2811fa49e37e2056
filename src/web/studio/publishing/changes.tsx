// What the draft changes of the text in force, place by place; each may be taken back, and one may write here too.
import { yaml } from '@codemirror/lang-yaml';
import { unifiedMergeView } from '@codemirror/merge';
import { EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { Alert, SegmentedControl, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { basicSetup } from 'codemirror';
import { useEffect, useRef, useState } from 'react';
import { nonce } from '../../shell/theme.js';
import { useTexts } from '../../texts/language.js';
import type { Draft } from '../draft.js';
import { colours } from '../editor/colours.js';
import { type Published, revisionQuery } from '../published.js';
import { studioTexts } from '../texts.js';

export interface ChangesProps {
  readonly draft: Draft;
  readonly inForce: Published;
  /** Of a text whose revisions are kept: then one sees what somebody else has changed meanwhile, too. */
  readonly name?: string;
}

export function Changes({ draft, inForce, name }: ChangesProps) {
  const texts = useTexts(studioTexts);
  const [shown, setShown] = useState<'mine' | 'theirs'>('mine');
  if (!draft.isChanged) return <Text>{texts.unchanged}</Text>;
  const isBoth = name !== undefined && draft.isOvertaken && draft.base !== '';
  return (
    <Stack gap="xs">
      {isBoth && (
        <SegmentedControl
          size="xs"
          aria-label={texts.tabs.changes}
          value={shown}
          onChange={(next) => setShown(next as typeof shown)}
          data={[
            { value: 'mine', label: texts.mine },
            { value: 'theirs', label: texts.theirs },
          ]}
        />
      )}
      {isBoth && shown === 'theirs' ? (
        <Theirs name={name} base={draft.base} inForce={inForce} />
      ) : (
        <>
          <Text size="sm">{texts.changesAbout(inForce.revision)}</Text>
          <Difference original={inForce.text} text={draft.text} onChange={draft.write} />
        </>
      )}
    </Stack>
  );
}

interface TheirsProps {
  readonly name: string;
  /** Revision that the draft was begun from. */
  readonly base: string;
  readonly inForce: Published;
}

/** What others have published since the draft was begun; to be read only. */
function Theirs({ name, base, inForce }: TheirsProps) {
  const texts = useTexts(studioTexts);
  const { data, error } = useQuery(revisionQuery(name, base));
  if (error !== null) return <Alert color="red">{error.message}</Alert>;
  if (data === undefined) return <Text>{texts.checking}</Text>;
  return (
    <>
      <Text size="sm">{texts.theirsAbout(base, inForce.revision)}</Text>
      <Difference original={data.text} text={inForce.text} />
    </>
  );
}

interface DifferenceProps {
  readonly original: string;
  readonly text: string;
  /** Absent: it cannot be changed. */
  readonly onChange?: (text: string) => void;
}

function Difference(props: DifferenceProps) {
  const { original, text } = props;
  const texts = useTexts(studioTexts);
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const newest = useRef(props);
  newest.current = props;
  const { takeTheirs, same } = texts;
  const label = texts.tabs.changes;
  const isFixed = props.onChange === undefined;

  useEffect(() => {
    if (place.current === null) return;
    const made = new EditorView({
      parent: place.current,
      state: EditorState.create({
        doc: newest.current.text,
        extensions: [
          EditorView.cspNonce.of(nonce()),
          basicSetup,
          yaml(),
          colours,
          EditorView.lineWrapping,
          EditorState.readOnly.of(isFixed),
          EditorState.phrases.of({ '$ unchanged lines': same }),
          EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
          unifiedMergeView({
            original,
            collapseUnchanged: { margin: 3, minSize: 6 },
            mergeControls: isFixed ? false : (type, action) => control(type, takeTheirs, action),
          }),
          EditorView.updateListener.of(({ state, docChanged }) => {
            if (docChanged) newest.current.onChange?.(state.doc.toString());
          }),
        ],
      }),
    });
    view.current = made;
    return () => made.destroy();
  }, [original, takeTheirs, same, label, isFixed]);

  useEffect(() => {
    const editor = view.current;
    if (editor === undefined || editor.state.doc.toString() === text) return;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: text } });
  }, [text]);

  return <div ref={place} className="studio-diff" />;
}

/** A change is either kept, by doing nothing, or taken back. */
function control(type: 'reject' | 'accept', label: string, action: (event: MouseEvent) => void): HTMLElement {
  if (type === 'accept') return document.createElement('span');
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'studio-take';
  button.textContent = label;
  button.addEventListener('click', action);
  return button;
}
