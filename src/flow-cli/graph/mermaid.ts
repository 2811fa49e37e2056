// A flow as text for Mermaid, which GitHub and many editors draw.
import { isError } from '../../core/document/issue.js';
import type { Box, Picture } from '../../core/ivr/ways/picture.js';

const SHAPES: Readonly<Record<Box['role'], readonly [string, string]>> = {
  person: ['([', '])'],
  listens: ['{{', '}}'],
  end: ['((', '))'],
  plain: ['[', ']'],
};

export function mermaidOf({ boxes, arrows }: Picture): string {
  const ids = new Map(boxes.map(({ name }, index) => [name, `s${index}`]));
  const lines = boxes.map(({ name, deed, role }) => {
    const [open, close] = SHAPES[role];
    return `  ${ids.get(name)}${open}"${name}<br>${deed}"${close}`;
  });
  const edges = arrows.map(({ from, to, label }) => {
    const word = label === '' ? '' : `|"${label.replaceAll('"', "'").replaceAll('#', '#35;')}"|`;
    return `  ${ids.get(from)} -->${word} ${ids.get(to)}`;
  });
  const faulty = boxes.filter(({ issues }) => issues.length > 0);
  const marked = faulty.map(
    ({ name, issues }) => `  class ${ids.get(name)} ${issues.some(isError) ? 'error' : 'warning'}`,
  );
  const classes = [
    '  classDef error fill:#f8d7da,stroke:#b3261e,stroke-width:3px',
    '  classDef warning stroke:#b3261e,stroke-width:2px,stroke-dasharray:4',
  ];
  return ['flowchart TD', ...lines, ...edges, ...(faulty.length > 0 ? [...classes, ...marked] : []), ''].join('\n');
}
