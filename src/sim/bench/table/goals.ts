// What the table promises: each row with what is to be reached and what is aimed at, and what a measured figure is worth.

export const ROWS = [
  'legs',
  'bridged',
  'webrtc',
  'light',
  'full',
  'cpu-light',
  'cpu-full',
  'digit',
  'held',
  'options',
  'memory',
] as const;
export type RowName = (typeof ROWS)[number];

export interface Goal {
  readonly what: string;
  readonly unit: string;
  readonly reach: number;
  readonly aim: number;
  readonly better: 'more' | 'less';
}

export const GOALS: Readonly<Record<RowName, Goal>> = {
  legs: { what: 'play, receive, detect digits', unit: 'legs/core', reach: 600, aim: 1_500, better: 'more' },
  bridged: { what: 'bridged G.711 calls', unit: 'calls/core', reach: 350, aim: 1_000, better: 'more' },
  webrtc: { what: 'WebRTC, G.711', unit: 'legs/core', reach: 350, aim: 800, better: 'more' },
  light: { what: 'served calls, light media', unit: 'calls/s', reach: 45, aim: 80, better: 'more' },
  full: { what: 'served calls, full media', unit: 'calls/s', reach: 30, aim: 50, better: 'more' },
  'cpu-light': { what: 'CPU for 1000 calls, light', unit: 's', reach: 30, aim: 18, better: 'less' },
  'cpu-full': { what: 'CPU for 1000 calls, full', unit: 's', reach: 55, aim: 40, better: 'less' },
  digit: { what: 'digit → agent INVITE, p95, 20/s', unit: 'ms', reach: 40, aim: 10, better: 'less' },
  held: { what: 'callers held with music', unit: 'callers', reach: 500, aim: 1_000, better: 'more' },
  options: { what: 'OPTIONS answered', unit: '1/s/core', reach: 8_000, aim: 20_000, better: 'more' },
  memory: { what: 'memory for a call in progress', unit: 'kB', reach: 150, aim: 60, better: 'less' },
};

/** `open`: the run ended early, and what it found so far decides nothing. */
export type Verdict = 'aim' | 'reach' | 'not' | 'open';

/** @param bounded the figure is the most that was tried: the truth may be better */
export function verdictOf({ reach, aim, better }: Goal, value: number, bounded: boolean): Verdict {
  const meets = (goal: number): boolean => (better === 'more' ? value >= goal : value <= goal);
  if (meets(aim)) return 'aim';
  if (meets(reach)) return 'reach';
  return bounded ? 'open' : 'not';
}

/** How many times better than `other`; undefined where that says nothing. */
export function timesBetter({ better }: Goal, value: number, other: number): number | undefined {
  if (value <= 0 || other <= 0) return undefined;
  return better === 'more' ? value / other : other / value;
}
