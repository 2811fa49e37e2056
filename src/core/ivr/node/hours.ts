// `hours`: goes one way inside the opening hours, another way outside.
import { z } from 'zod';
import { stepKind } from '../step-kind.js';

export const hours = stepKind({ hours: z.string(), open: z.string(), closed: z.string() }, (keys, scope) => {
  const name = scope.named('hours', ['hours'], keys.hours);
  const open = scope.exit(['open'], keys.open);
  const closed = scope.exit(['closed'], keys.closed);
  return {
    enter: (at) =>
      at.isOpen(name) ? { kind: 'go', to: open, outcome: 'open' } : { kind: 'go', to: closed, outcome: 'closed' },
  };
});
