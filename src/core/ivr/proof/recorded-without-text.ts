// Proof: what a step plays by name can be heard in each language of its flow, as a sound or as a text.
import { type Draft, issueAt, type Proof, type Subject, stepsOf } from './draft.js';

export const recordedWithoutText: Proof = (subject) =>
  stepsOf(subject).flatMap(({ draft, name, step }) =>
    step.traits.spoken.flatMap(({ recorded, texts, path }) => {
      if (recorded === undefined || texts.size > 0) return [];
      const told = silence(recorded, draft, subject);
      if (told === undefined) return [];
      return [issueAt(draft, ['steps', name, ...path], told.message, told.advice, { severity: 'warning' })];
    }),
  );

function silence(recorded: string, { flow }: Draft, { isHeard }: Subject) {
  if (isHeard === undefined || flow === undefined) {
    const message = `there is no text in reserve for the recording '${recorded}'`;
    return { message, advice: 'say it in words beside it: without the file the caller would hear nothing' };
  }
  const lacking = flow.languages.filter((language) => !isHeard(recorded, language));
  if (lacking.length === 0) return undefined;
  const message = `the prompt '${recorded}' has neither a sound nor a text in ${lacking.map((one) => `'${one}'`).join(' and ')}`;
  return { message, advice: 'give it one on the page Prompts, or say it in words beside it' };
}
