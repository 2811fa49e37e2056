// The figures a simulation shows, each with its name, its unit and where it comes from.
import type { StaffingFigures } from '../../../core/staffing/erlang.js';
import type { QueueFigures } from './figures.js';

export interface Metric {
  readonly name: string;
  readonly key: string;
  readonly unit: 'share' | 'ms' | 'count';
  readonly of: (figures: QueueFigures) => number | undefined;
  /** The same by queueing theory, where it has it. */
  readonly theory?: (figures: StaffingFigures) => number;
}

export const SERVICE_LEVEL: Metric = {
  name: 'service level',
  key: 'serviceLevel',
  unit: 'share',
  of: ({ serviceLevel }) => serviceLevel,
  theory: ({ serviceLevel }) => serviceLevel,
};

export const ABANDONED: Metric = {
  name: 'abandoned',
  key: 'abandonRate',
  unit: 'share',
  of: ({ abandonRate }) => abandonRate,
  theory: ({ abandonRate }) => abandonRate,
};

export const METRICS: readonly Metric[] = [
  SERVICE_LEVEL,
  {
    name: 'average wait (ASA)',
    key: 'asaMs',
    unit: 'ms',
    of: ({ asaMs }) => asaMs,
    theory: ({ asaMs }) => asaMs,
  },
  ABANDONED,
  {
    name: 'occupancy',
    key: 'occupancy',
    unit: 'share',
    of: ({ occupancy }) => occupancy,
    theory: ({ occupancy }) => occupancy,
  },
  { name: 'longest wait', key: 'longestWaitMs', unit: 'ms', of: ({ longestWaitMs }) => longestWaitMs },
  { name: 'calls', key: 'offered', unit: 'count', of: ({ offered }) => offered },
  { name: 'answered', key: 'answered', unit: 'count', of: ({ answered }) => answered },
  { name: 'left for the overflow', key: 'flowedOut', unit: 'count', of: ({ flowedOut }) => flowedOut },
  {
    name: 'call-backs asked for',
    key: 'callbacksRequested',
    unit: 'count',
    of: ({ callbacks }) => callbacks.requested,
  },
  { name: 'call-backs reached', key: 'callbacksConnected', unit: 'count', of: ({ callbacks }) => callbacks.connected },
];

/** `81.2 %`, `12.3 s`, `4:05 min`, `412`. */
export function shown(unit: Metric['unit'], value: number): string {
  if (unit === 'share') return `${(value * 100).toFixed(1)} %`;
  if (unit === 'count') return Math.abs(value) < 100 ? value.toFixed(1) : value.toFixed(0);
  const seconds = value / 1000;
  if (Math.abs(seconds) < 120) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(Math.abs(seconds));
  return `${seconds < 0 ? '-' : ''}${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')} min`;
}

/** A difference; of shares in percentage points. */
export function signed(unit: Metric['unit'], value: number): string {
  const text = unit === 'share' ? `${(value * 100).toFixed(1)} pt` : shown(unit, value);
  return value > 0 ? `+${text}` : text;
}
