// What the draft changes of the text in force, place by place; each may be taken back, and one may write here too.
import { yaml } from '@codemirror/lang-yaml';
import { unifiedMergeView } from '@codemirror/merge';
import { EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { Stack, Text } from '@mantine/core';
import { basicSetup } from 'codemirror';
import { useEffect, useRef } from 'react';
import { nonce } from '../../shell/theme.js';
import { useTexts } from '../../texts/language.js';
import type { Draft } from '../draft.js';
import { colours } from '../editor/colours.js';
import type { Published } from '../published.js';
import { studioTexts } from '../texts.js';

export interface ChangesProps {
  readonly draft: Draft;
  readonly inForce: Published;
}

export function Changes({ draft, inForce }: ChangesProps) {
  const texts = useTexts(studioTexts);
  if (!draft.isChanged) return <Text>{texts.unchanged}</Text>;
  return (
    <Stack gap="xs">
      <Text size="sm">{texts.changesAbout(inForce.revision)}</Text>
      <Difference original={inForce.text} text={draft.text} onChange={draft.write} />
    </Stack>
  );
}

interface DifferenceProps {
  readonly original: string;
  readonly text: string;
  readonly onChange: (text: string) => void;
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
          EditorState.phrases.of({ '$ unchanged lines': same }),
          EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
          unifiedMergeView({
            original,
            collapseUnchanged: { margin: 3, minSize: 6 },
            mergeControls: (type, action) => control(type, takeTheirs, action),
          }),
          EditorView.updateListener.of(({ state, docChanged }) => {
            if (docChanged) newest.current.onChange(state.doc.toString());
          }),
        ],
      }),
    });
    view.current = made;
    return () => made.destroy();
  }, [original, takeTheirs, same, label]);

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
