// Which devices of an agent ring, and in which rounds.
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
