// Colours of YAML in the editor, as classes: what they are is in studio.css, for light and dark.
import { HighlightStyle, syntaxHighlighting, syntaxTree } from '@codemirror/language';
import type { Extension, Range } from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView, ViewPlugin, type ViewUpdate } from '@codemirror/view';

const CLASSES: Readonly<Record<string, string>> = {
  Key: 'yaml-key',
  Comment: 'yaml-comment',
  QuotedLiteral: 'yaml-text',
  Literal: 'yaml-text',
  BlockLiteralContent: 'yaml-text',
};

class Painter {
  decorations: DecorationSet;

  constructor(view: EditorView) {
    this.decorations = painted(view);
  }

  update(update: ViewUpdate): void {
    const grown = syntaxTree(update.startState) !== syntaxTree(update.state);
    if (update.docChanged || update.viewportChanged || grown) this.decorations = painted(update.view);
  }
}

function painted(view: EditorView): DecorationSet {
  const found: Range<Decoration>[] = [];
  for (const { from, to } of view.visibleRanges) {
    syntaxTree(view.state).iterate({
      ...{ from, to },
      enter: (node) => {
        const name = CLASSES[node.name];
        if (name === undefined || node.from === node.to) return true;
        found.push(Decoration.mark({ class: name }).range(node.from, node.to));
        return false;
      },
    });
  }
  return Decoration.set(found, true);
}

/** The empty style takes the place of the usual colours, which are not readable on dark. */
export const colours: Extension = [
  ViewPlugin.fromClass(Painter, { decorations: ({ decorations }) => decorations }),
  syntaxHighlighting(HighlightStyle.define([])),
  EditorView.theme({
    '&': { fontSize: '13px', height: '100%' },
    '.cm-scroller': { fontFamily: 'ui-monospace, "SF Mono", Menlo, Consolas, monospace', lineHeight: '1.5' },
  }),
];
