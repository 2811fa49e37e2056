// Which devices of an agent ring, and in which rounds.
import type { DeviceKind } from '../acd/agent.js';
import type { AgentConfig, DeviceConfig } from './centre.js';

/**
 * Devices that can be tried now, by rounds: those of one round ring together, the next round begins when all of it has failed.
 * SIP devices that are not registered are left out; numbers are always there. [] = the agent cannot be reached.
 */
export function ringRounds(
  agent: AgentConfig,
  isRegistered: (device: string) => boolean,
): readonly (readonly DeviceConfig[])[] {
  const reachable = agent.devices.filter((device) => device.kind === 'number' || isRegistered(device.name));
  if (reachable.length === 0) return [];
  return agent.ring === 'together' ? [reachable] : reachable.map((device) => [device]);
}

export function kindOf({ kind, browser }: Pick<DeviceConfig, 'kind' | 'browser'>): DeviceKind {
  if (kind === 'number') return 'number';
  return browser === true ? 'browser' : 'desk';
}

/** Those the agent wants to be rung at; all, when none of that kind is there any more. */
export function chosenDevices(
  devices: readonly DeviceConfig[],
  rings: DeviceKind | undefined,
): readonly DeviceConfig[] {
  const chosen = devices.filter((device) => rings === undefined || kindOf(device) === rings);
  return chosen.length === 0 ? devices : chosen;
}
