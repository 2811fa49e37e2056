// The sound of alarms: two short tones when one begins, and again every half minute until somebody has seen it.
import { useEffect, useState } from 'react';

/** Whether this browser sounds is for whoever sits in front of it to say. */
const KEPT_AS = 'hilo-alarm-sound';
const AGAIN_MS = 30_000;
const TONES_HZ = [880, 660] as const;
const TONE_S = 0.18;
const LOUDNESS = 0.2;

let context: AudioContext | undefined;

function chime(): void {
  context ??= new AudioContext();
  // A page on which nobody has clicked yet may not sound: it stays suspended, and is seen all the same.
  if (context.state === 'suspended') void context.resume();
  const gain = new GainNode(context, { gain: LOUDNESS });
  gain.connect(context.destination);
  TONES_HZ.forEach((frequency, index) => {
    if (context === undefined) return;
    const tone = new OscillatorNode(context, { frequency });
    tone.connect(gain);
    const startS = context.currentTime + index * TONE_S;
    tone.start(startS);
    tone.stop(startS + TONE_S);
  });
}

export interface AlarmSound {
  readonly isOn: boolean;
  readonly toggle: () => void;
}

/** `loud`: the alarms that nobody has seen yet, by a name of their own. */
export function useAlarmSound(loud: readonly string[]): AlarmSound {
  const [isOn, setOn] = useState(() => localStorage.getItem(KEPT_AS) === 'on');
  const names = [...loud].sort().join('\n');
  useEffect(() => {
    if (!isOn || names === '') return;
    chime();
    const timer = setInterval(chime, AGAIN_MS);
    return () => clearInterval(timer);
  }, [isOn, names]);
  const toggle = (): void => {
    localStorage.setItem(KEPT_AS, isOn ? 'off' : 'on');
    // Heard at once, so that one knows how loud it is.
    if (!isOn) chime();
    setOn(!isOn);
  };
  return { isOn, toggle };
}
