// Whether the telephone is heard is for whoever sits in front of this browser to say; it is silent at first.
import { useEffect, useState } from 'react';
import type { Turn } from './hand-call.js';
import { fetchSound, playBlob, Speaker, soundsOf } from './speaker.js';

const KEPT_AS = 'hilo-studio-sound';

export interface PhoneSound {
  readonly isOn: boolean;
  /** What could not be heard last. */
  readonly error: Error | undefined;
  /** Where the call stands is heard at once when it is switched on. */
  readonly toggle: () => void;
  /** In place of what is said now; undefined: the call is over. */
  readonly say: (turn: Turn | undefined) => void;
  /** A key was pressed. */
  readonly interrupt: () => void;
}

/** `turn`: where the call stands now. Silent as soon as the page is gone. */
export function usePhoneSound(turn: Turn | undefined): PhoneSound {
  const [isOn, setOn] = useState(() => localStorage.getItem(KEPT_AS) === 'on');
  const [error, setError] = useState<Error>();
  const [speaker] = useState(() => new Speaker({ fetchSound, play: playBlob }));
  useEffect(() => () => speaker.stop(), [speaker]);
  const sayNow = (next: Turn | undefined): void => {
    setError(undefined);
    speaker.say(next === undefined ? [] : soundsOf(next)).catch((failure: unknown) => {
      setError(failure instanceof Error ? failure : new Error(String(failure)));
    });
  };
  return {
    ...{ isOn, error },
    say: (next) => {
      if (isOn) sayNow(next);
    },
    interrupt: () => {
      if (turn !== undefined && isInterruptible(turn.question)) speaker.stop();
    },
    toggle: () => {
      localStorage.setItem(KEPT_AS, isOn ? 'off' : 'on');
      setOn(!isOn);
      sayNow(isOn ? undefined : turn);
    },
  };
}

function isInterruptible(question: Turn['question']): boolean {
  return question.kind === 'listen' || (question.kind === 'keys' && question.isInterruptible);
}
