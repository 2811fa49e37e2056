// `hours`: goes one way inside the opening hours, another way outside.
import { z } from 'zod';
import { stepKind, stepName } from '../step-kind.js';

const shape = {
  hours: z.string().describe('Name of opening hours of the centre.'),
  open: stepName.describe('Now is inside them.'),
  closed: stepName.describe('Now is outside, or the day is a closed one.'),
};

const about = {
  summary: 'Goes one way inside the opening hours, another way outside.',
  example: `
do: hours
hours: office
open: support
closed: voicemail`,
  keys: shape,
};

export const hours = stepKind(about, (keys, scope) => {
  const name = scope.named('hours', ['hours'], keys.hours);
  const open = scope.exit(['open'], keys.open);
  const closed = scope.exit(['closed'], keys.closed);
  return {
    enter: (at) =>
      at.isOpen(name) ? { kind: 'go', to: open, outcome: 'open' } : { kind: 'go', to: closed, outcome: 'closed' },
  };
});
