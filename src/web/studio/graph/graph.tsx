// The flow as boxes and arrows, in step with its text: a click goes to the line, the line's step is marked, faults are red.
import '@xyflow/react/dist/style.css';
import { useMantineColorScheme, VisuallyHidden } from '@mantine/core';
import {
  Background,
  Controls,
  type Edge,
  Handle,
  MarkerType,
  type Node,
  type NodeProps,
  Position,
  ReactFlow,
} from '@xyflow/react';
import { memo, useMemo, useRef } from 'react';
import { isError } from '../../../core/document/issue.js';
import { titleIn } from '../../../core/ivr/step-title.js';
import type { Box, Picture } from '../../../core/ivr/ways/picture.js';
import { useLanguage, useTexts } from '../../texts/language.js';
import { studioTexts } from '../texts.js';
import { BOX, type Places } from './layout.js';
import type { Overlay } from './overlay.js';

export interface GraphProps {
  readonly picture: Picture;
  readonly places: Places;
  /** Of the cursor, or of the call that is tried. */
  readonly marked: string | undefined;
  readonly overlay: Overlay;
  readonly isWide: boolean;
  readonly onStep: (line: number) => void;
}

/** What is told of a step in its corner. */
type Corner =
  | { readonly kind: 'callers'; readonly callers: number; readonly talking: number }
  | { readonly kind: 'today'; readonly left: number; readonly outcomes: string }
  | { readonly kind: 'coverage'; readonly taken: number; readonly open: readonly string[] };

interface StepData extends Record<string, unknown> {
  readonly box: Box;
  readonly isMarked: boolean;
  readonly corner: Corner | undefined;
  readonly onStep: (line: number) => void;
}

type StepNode = Node<StepData, 'step'>;

const NODE_TYPES = { step: memo(Step) };

export function Graph(props: GraphProps) {
  const { picture, isWide } = props;
  const texts = useTexts(studioTexts);
  const { colorScheme } = useMantineColorScheme();
  const nodes = useNodes(props);
  const edges = useMemo(() => picture.arrows.map(edgeOf), [picture]);
  return (
    <section className="studio-graph" data-wide={isWide} aria-label={texts.graph}>
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={NODE_TYPES}
        colorMode={colorScheme === 'auto' ? 'system' : colorScheme}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        elementsSelectable={false}
        minZoom={0.1}
        fitView
        fitViewOptions={{ padding: 0.06, maxZoom: 1 }}
      >
        <Background />
        <Controls showInteractive={false} />
      </ReactFlow>
    </section>
  );
}

/** A node stays the same object until something about it is different: of hundreds only that one is drawn anew. */
function useNodes({ picture, places, marked, overlay, onStep }: GraphProps): StepNode[] {
  const known = useRef(new Map<string, { readonly key: string; readonly node: StepNode }>());
  return useMemo(() => {
    const before = known.current;
    known.current = new Map();
    return picture.boxes.map((box) => {
      const data = { box, isMarked: box.name === marked, corner: cornerOf(overlay, box.name), onStep };
      const position = places.get(box.name) ?? { x: 0, y: 0 };
      const key = JSON.stringify([data, position]);
      const same = before.get(box.name);
      const node =
        same?.key === key && same.node.data.onStep === onStep
          ? same.node
          : { ...{ id: box.name, type: 'step' as const, ...BOX }, position, data };
      known.current.set(box.name, { key, node });
      return node;
    });
  }, [picture, places, marked, overlay, onStep]);
}

function cornerOf(overlay: Overlay, name: string): Corner | undefined {
  if (overlay.kind === 'callers') {
    const here = overlay.steps.get(name);
    return here === undefined ? undefined : { kind: 'callers', callers: here.callers, talking: here.talking };
  }
  if (overlay.kind === 'today') {
    const today = overlay.steps.get(name);
    return today === undefined ? undefined : { kind: 'today', ...today };
  }
  const covered = overlay.steps.get(name);
  if (covered === undefined) return undefined;
  return { kind: 'coverage', taken: covered.taken.length, open: covered.open };
}

function edgeOf({ from, to, label }: Picture['arrows'][number]): Edge {
  return {
    id: `${from} ${to}`,
    ...{ source: from, target: to, label },
    markerEnd: { type: MarkerType.ArrowClosed },
  };
}

function Step({ data: { box, isMarked, corner, onStep } }: NodeProps<StepNode>) {
  const texts = useTexts(studioTexts);
  const { language } = useLanguage();
  const { name, deed, role, issues, line } = box;
  const title = titleIn(box.title, language);
  const errors = issues.filter(isError).length;
  const fault = errors > 0 ? 'error' : issues.length > 0 ? 'warning' : 'good';
  return (
    <>
      <Handle type="target" position={Position.Top} isConnectable={false} />
      <button
        type="button"
        className="studio-step nodrag nopan"
        data-role={role}
        data-fault={fault}
        aria-current={isMarked ? 'step' : undefined}
        title={issues.map(({ message }) => message).join('\n')}
        data-callers={corner?.kind === 'callers' ? corner.callers : undefined}
        onClick={() => onStep(line)}
      >
        <strong>{title ?? name}</strong> <span>{title === undefined ? deed : `${name} · ${deed}`}</span>
        {fault !== 'good' && <em>{texts.faultCount(errors, issues.length - errors)}</em>}
        {corner !== undefined && <CornerMark corner={corner} />}
      </button>
      <Handle type="source" position={Position.Bottom} isConnectable={false} />
    </>
  );
}

function CornerMark({ corner }: { readonly corner: Corner }) {
  const texts = useTexts(studioTexts);
  if (corner.kind === 'callers') {
    const { callers, talking } = corner;
    const told = texts.callersHere(callers, talking);
    return (
      <span className="studio-corner" data-kind="callers" title={told}>
        <span aria-hidden="true">{talking > 0 ? `${callers} (${talking})` : callers}</span>
        <VisuallyHidden>{told}</VisuallyHidden>
      </span>
    );
  }
  if (corner.kind === 'today') {
    const told = texts.leftToday(corner.left, corner.outcomes);
    return (
      <span className="studio-corner" data-kind="today" title={told}>
        <span aria-hidden="true">{corner.left}</span>
        <VisuallyHidden>{told}</VisuallyHidden>
      </span>
    );
  }
  const { taken, open } = corner;
  const told = open.length === 0 ? texts.allWays : `${texts.open}: ${open.join(', ')}`;
  return (
    <span className="studio-corner" data-kind={open.length === 0 ? 'covered' : 'open'} title={told}>
      <span aria-hidden="true">
        {taken}/{taken + open.length}
      </span>
      <VisuallyHidden>{told}</VisuallyHidden>
    </span>
  );
}
