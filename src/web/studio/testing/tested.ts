// The flow's tests, played with the draft a moment after each change, and what came of it at its place in the text.
import { useEffect, useState } from 'react';
import type { Issue } from '../../../core/document/issue.js';
import { useLanguage } from '../../texts/language.js';
import type { CompilerThread } from '../compiler/thread.js';
import type { StepCoverage, Tested } from '../compiler/workshop.js';

/** After the last key; later than the check, which is what one waits for. */
const PAUSE_MS = 500;

export interface Playing {
  readonly tested: Tested | undefined;
  /** Of the compiler itself. */
  readonly failure: string | undefined;
  again(): void;
}

/** `tests`: undefined while there are none to be played. */
export function useTested(compiler: CompilerThread, name: string, text: string, tests: string | undefined): Playing {
  const [state, setState] = useState<Omit<Playing, 'again'>>({ tested: undefined, failure: undefined });
  const [round, setRound] = useState(0);
  const { language } = useLanguage();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another round plays the same once more
  useEffect(() => {
    if (tests === undefined) return;
    let isCurrent = true;
    const timer = setTimeout(() => {
      compiler.test(name, text, tests, language).then(
        (tested) => isCurrent && setState({ tested, failure: undefined }),
        (error: Error) => isCurrent && setState({ tested: undefined, failure: error.message }),
      );
    }, PAUSE_MS);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [compiler, name, text, tests, round, language]);
  return { ...state, again: () => setRound((before) => before + 1) };
}

/** Mistakes in the tests, and what was expected in vain, each where it is written. `say`: in words. */
export function issuesOf(
  file: string,
  tested: Tested | undefined,
  say: (expected: string, instead: string) => string,
): readonly Issue[] {
  if (tested === undefined) return [];
  if (tested.kind === 'faulty') return tested.issues;
  return tested.cases.flatMap(({ failure }): Issue[] => {
    if (failure === undefined) return [];
    const { line, column, expected, instead } = failure;
    const message = say(expected, instead.join('; '));
    return [{ severity: 'error', file, line, column, message, advice: '' }];
  });
}

/** By step; undefined while nothing was played. */
export function coverageOf(tested: Tested | undefined): ReadonlyMap<string, StepCoverage> | undefined {
  if (tested?.kind !== 'played') return undefined;
  return new Map(tested.steps.map((step) => [step.step, step]));
}
