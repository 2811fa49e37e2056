// `hours`: goes one way inside the opening hours, another way outside, and a third one on holidays.
import { z } from 'zod';
import { stepKind, stepName } from '../step-kind.js';

const shape = {
  hours: z.string().describe('Name of opening hours of the centre.'),
  open: stepName.describe('Now is inside them.'),
  closed: stepName.describe('Now is outside.'),
  holiday: stepName.optional().describe('The day is a closed one or a public holiday; else as `closed`.'),
};

const about = {
  summary: 'Goes one way inside the opening hours, another way outside, and a third one on holidays.',
  example: `
do: hours
hours: office
open: support
closed: voicemail
holiday: goodbye`,
  keys: shape,
};

export const hours = stepKind(about, (keys, scope) => {
  const name = scope.named('hours', ['hours'], keys.hours);
  const open = scope.exit(['open'], keys.open);
  const closed = scope.exit(['closed'], keys.closed);
  const holiday = scope.optionalExit(['holiday'], keys.holiday);
  return {
    enter(at) {
      if (at.isOpen(name)) return { kind: 'go', to: open, outcome: 'open' };
      if (at.isHoliday(name)) return { kind: 'go', to: holiday ?? closed, outcome: 'holiday' };
      return { kind: 'go', to: closed, outcome: 'closed' };
    },
  };
});
