// The flow as boxes and arrows, in step with its text: a click goes to the line, the line's step is marked, faults are red.
import '@xyflow/react/dist/style.css';
import { useMantineColorScheme } from '@mantine/core';
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
import { useMemo } from 'react';
import { isError } from '../../../core/document/issue.js';
import type { Box, Picture } from '../../../core/ivr/ways/picture.js';
import { useTexts } from '../../texts/language.js';
import { studioTexts } from '../texts.js';
import { BOX, placesOf } from './layout.js';

export interface GraphProps {
  readonly picture: Picture;
  /** Of the cursor, or of the call that is tried. */
  readonly marked: string | undefined;
  readonly onStep: (line: number) => void;
}

type StepNode = Node<
  { readonly box: Box; readonly isMarked: boolean; readonly onStep: (line: number) => void },
  'step'
>;

const NODE_TYPES = { step: Step };

export function Graph({ picture, marked, onStep }: GraphProps) {
  const texts = useTexts(studioTexts);
  const { colorScheme } = useMantineColorScheme();
  const places = useMemo(() => placesOf(picture), [picture]);
  const nodes = picture.boxes.map(
    (box): StepNode => ({
      ...{ id: box.name, type: 'step', ...BOX },
      position: places.get(box.name) ?? { x: 0, y: 0 },
      data: { box, isMarked: box.name === marked, onStep },
    }),
  );
  const edges = useMemo(() => picture.arrows.map(edgeOf), [picture]);
  return (
    <section className="studio-graph" aria-label={texts.graph}>
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
      >
        <Background />
        <Controls showInteractive={false} />
      </ReactFlow>
    </section>
  );
}

function edgeOf({ from, to, label }: Picture['arrows'][number]): Edge {
  return {
    id: `${from} ${to}`,
    ...{ source: from, target: to, label },
    markerEnd: { type: MarkerType.ArrowClosed },
  };
}

function Step({ data: { box, isMarked, onStep } }: NodeProps<StepNode>) {
  const texts = useTexts(studioTexts);
  const { name, deed, role, issues, line } = box;
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
        onClick={() => onStep(line)}
      >
        <strong>{name}</strong> <span>{deed}</span>
        {fault !== 'good' && <em>{texts.faultCount(errors, issues.length - errors)}</em>}
      </button>
      <Handle type="source" position={Position.Bottom} isConnectable={false} />
    </>
  );
}
