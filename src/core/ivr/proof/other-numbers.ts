// Proof: no text sends people to another number. Who calls is to be helped in this call.
import { findOtherNumber } from '../../document/other-number.js';
import { issueAt, type Proof, stepsOf } from './draft.js';

export const otherNumbers: Proof = (subject) =>
  stepsOf(subject).flatMap(({ draft, name, step }) =>
    step.traits.texts.flatMap(({ path, source }) => {
      const found = findOtherNumber(source);
      if (found === undefined) return [];
      const at = draft.text.placeInside(['steps', name, ...path], found.offset);
      const message = `this text sends people to another number: '${found.words}'`;
      const advice = 'take them there: forward, queue, or a call-back';
      return [{ ...issueAt(draft, [], message, advice, { severity: 'warning' }), ...at }];
    }),
  );
