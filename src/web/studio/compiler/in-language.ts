// What the compiler found, in the language of the page.
import { inSpanish, issuesIn } from '../../../core/document/spanish/spanish.js';
import type { Checked, Tested } from './workshop.js';

export function checkedIn(language: string, checked: Checked): Checked {
  const { issues, picture } = checked;
  const told = { ...checked, issues: issuesIn(language, issues) };
  if (picture === undefined) return told;
  const boxes = picture.boxes.map((box) => ({ ...box, issues: issuesIn(language, box.issues) }));
  return { ...told, picture: { ...picture, boxes } };
}

export function testedIn(language: string, tested: Tested): Tested {
  if (tested.kind === 'faulty') return { ...tested, issues: issuesIn(language, tested.issues) };
  if (language !== 'es') return tested;
  const cases = tested.cases.map((one) => {
    const { failure } = one;
    if (failure === undefined) return one;
    const say = (english: string): string => inSpanish(english) ?? english;
    return { ...one, failure: { ...failure, expected: say(failure.expected), instead: failure.instead.map(say) } };
  });
  return { ...tested, cases };
}
