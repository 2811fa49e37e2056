// The YAML editor: proposals, meanings and mistakes at their place; it follows the text it is given from outside.
import { autocompletion, type Completion } from '@codemirror/autocomplete';
import { yaml } from '@codemirror/lang-yaml';
import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint';
import { EditorState, type Extension, type Text } from '@codemirror/state';
import { EditorView, hoverTooltip } from '@codemirror/view';
import { basicSetup } from 'codemirror';
import { useEffect, useRef } from 'react';
import type { Issue } from '../../../core/document/issue.js';
import type { JsonSchema } from '../../../core/document/json-schema.js';
import { nonce } from '../../shell/theme.js';
import type { Names } from '../compiler/workshop.js';
import { colours } from './colours.js';
import { meaningAt, proposalsAt } from './proposals.js';

/** Where the cursor shall go; a new object each time. */
export interface Jump {
  /** From 1. */
  readonly line: number;
  readonly column: number;
}

export interface EditorProps {
  readonly label: string;
  readonly text: string;
  readonly onChange: (text: string) => void;
  /** Of this text. */
  readonly issues: readonly Issue[];
  readonly schema: JsonSchema | undefined;
  readonly names: Names | undefined;
  readonly jump: Jump | undefined;
  /** Line of the cursor, from 1. */
  readonly onCursor: (line: number) => void;
}

export function Editor(props: EditorProps) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const newest = useRef(props);
  newest.current = props;
  const { label, text, issues, jump } = props;

  useEffect(() => {
    if (place.current === null) return;
    const made = new EditorView({
      parent: place.current,
      state: EditorState.create({ doc: newest.current.text, extensions: extensions(label, () => newest.current) }),
    });
    view.current = made;
    return () => made.destroy();
  }, [label]);

  useEffect(() => {
    const editor = view.current;
    if (editor === undefined || editor.state.doc.toString() === text) return;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: text } });
  }, [text]);

  useEffect(() => {
    const editor = view.current;
    if (editor !== undefined) editor.dispatch(setDiagnostics(editor.state, issues.map(diagnosticIn(editor.state.doc))));
  }, [issues]);

  useEffect(() => {
    const editor = view.current;
    if (editor === undefined || jump === undefined) return;
    const anchor = offsetOf(editor.state.doc, jump);
    editor.dispatch({ selection: { anchor }, effects: EditorView.scrollIntoView(anchor, { y: 'center' }) });
    editor.focus();
  }, [jump]);

  return <div ref={place} className="studio-editor" />;
}

function extensions(label: string, props: () => EditorProps): Extension[] {
  return [
    EditorView.cspNonce.of(nonce()),
    basicSetup,
    yaml(),
    colours,
    lintGutter(),
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
    autocompletion({ override: [({ pos, explicit, state }) => completions(state.doc, pos, explicit, props())] }),
    hoverTooltip((editor, pos) => meaning(editor.state.doc, pos, props().schema)),
    EditorView.updateListener.of(({ state, docChanged, selectionSet }) => {
      if (docChanged) props().onChange(state.doc.toString());
      if (docChanged || selectionSet) props().onCursor(state.doc.lineAt(state.selection.main.head).number);
    }),
  ];
}

function completions(doc: Text, pos: number, isWanted: boolean, { schema, names }: EditorProps) {
  if (schema === undefined || names === undefined) return null;
  const found = proposalsAt(doc.toString(), pos, schema, names);
  // Without a word begun, only whoever asks (Ctrl-Space) is told.
  if (found === undefined || found.options.length === 0 || (!isWanted && found.from === pos)) return null;
  const options = found.options.map(({ label, apply, about }): Completion => ({ label, apply, info: about }));
  return { from: found.from, options, validFor: /^[\w-]*$/ };
}

function meaning(doc: Text, pos: number, schema: JsonSchema | undefined) {
  const found = schema === undefined ? undefined : meaningAt(doc.toString(), pos, schema);
  if (found === undefined) return null;
  const { from, to, about } = found;
  return {
    ...{ pos: from, end: to, above: true },
    create: () => {
      const dom = document.createElement('div');
      dom.className = 'studio-meaning';
      dom.textContent = about;
      return { dom };
    },
  };
}

function diagnosticIn(doc: Text) {
  return ({ severity, message, advice, ...place }: Issue): Diagnostic => {
    const from = offsetOf(doc, place);
    const line = doc.lineAt(from);
    const [word = ' '] = /^[^\s,}\]]+/.exec(line.text.slice(from - line.from)) ?? [];
    const to = Math.min(line.to, from + word.length);
    return { from, to, severity, message: advice === '' ? message : `${message} (${advice})` };
  };
}

function offsetOf(doc: Text, { line, column }: { readonly line: number; readonly column: number }): number {
  const found = doc.line(Math.min(Math.max(1, line), doc.lines));
  return Math.min(found.to, found.from + Math.max(0, column - 1));
}
