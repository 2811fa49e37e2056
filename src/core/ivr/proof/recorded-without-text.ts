// Proof: every recording has a text in reserve, for the day on which its file is missing in one language.
import { issueAt, type Proof, stepsOf } from './draft.js';

export const recordedWithoutText: Proof = (subject) =>
  stepsOf(subject).flatMap(({ draft, name, step }) =>
    step.traits.spoken
      .filter(({ recorded, texts }) => recorded !== undefined && texts.size === 0)
      .map(({ recorded, path }) => {
        const message = `there is no text in reserve for the recording '${recorded}'`;
        const advice = 'say it in words beside it: without the file the caller would hear nothing';
        return issueAt(draft, ['steps', name, ...path], message, advice, { severity: 'warning' });
      }),
  );
