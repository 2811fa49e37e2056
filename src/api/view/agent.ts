// An agent as the API shows it: configuration and presence in one.
import type { KnownAgent } from '../../app/floor/agents.js';
import type { WireAgent } from '../../contract/agent.js';
import type { AgentPresence, ResumeState } from '../../core/acd/agent.js';
import { iso, optionalIso } from './time.js';

export function agentView({ config, presence, devices }: KnownAgent): WireAgent {
  return {
    id: config.name,
    title: config.title,
    role: config.role,
    skills: { ...config.skills },
    ...(config.team === undefined ? {} : { team: config.team }),
    ...presenceView(presence),
    devices: config.devices.map(({ name, kind }) => ({
      name,
      registered: kind === 'number' || devices.includes(name),
    })),
  };
}

function presenceView(presence: AgentPresence): Pick<WireAgent, 'state' | 'since' | 'idleSince'> & Partial<WireAgent> {
  const { state, sinceMs, idleSinceMs, backOffUntilMs } = presence;
  const shown = {
    state,
    since: iso(sinceMs),
    idleSince: iso(idleSinceMs),
    ...optionalIso('backOffUntil', backOffUntilMs > 0 ? backOffUntilMs : undefined),
  };
  switch (presence.state) {
    case 'break':
      return { ...shown, reason: presence.reason };
    case 'ringing':
      return { ...shown, until: iso(presence.expiresAtMs), afterwards: afterwardsView(presence.afterwards) };
    case 'busy':
      return {
        ...shown,
        ...(presence.outside === undefined ? {} : { reason: presence.outside }),
        interaction: presence.interaction,
        afterwards: afterwardsView(presence.afterwards),
      };
    case 'wrap-up':
      return {
        ...shown,
        ...(presence.call === undefined ? {} : { interaction: presence.call.interaction }),
        until: iso(presence.untilMs),
        afterwards: afterwardsView(presence.afterwards),
      };
    default:
      return shown;
  }
}

function afterwardsView(to: ResumeState): NonNullable<WireAgent['afterwards']> {
  return to.state === 'break' ? { state: to.state, reason: to.reason } : { state: to.state };
}
