// How states of agents are coloured: contrast enough for their letters (WCAG 1.4.3); the word always stands beside.
import type { WireAgent } from '../../contract/agent.js';

export const COLOURS: Readonly<Record<WireAgent['state'], { readonly color: string; readonly variant: 'filled' }>> = {
  offline: { color: 'gray.7', variant: 'filled' },
  available: { color: 'teal.9', variant: 'filled' },
  break: { color: 'yellow.5', variant: 'filled' },
  ringing: { color: 'grape.8', variant: 'filled' },
  busy: { color: 'cyan.9', variant: 'filled' },
  'wrap-up': { color: 'violet.8', variant: 'filled' },
};
