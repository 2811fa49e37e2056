// Extra agents for load tests: `agent001` … with one SIP device each and the skill of one queue.
import type { AgentConfig, Centre } from './centre.js';

/** The centre with `count` more agents who serve `queue`; those named in the file stay as they are. */
export function withDemoAgents(centre: Centre, count: number, queue: string): Centre {
  const skill = centre.queues.get(queue)?.skill;
  if (count === 0 || skill === undefined) return centre;
  const agents = new Map(centre.agents);
  for (let number = 1; number <= count; number += 1) {
    const name = `agent${String(number).padStart(3, '0')}`;
    if (!agents.has(name)) agents.set(name, demoAgent(name, skill));
  }
  return { ...centre, agents };
}

function demoAgent(name: string, skill: string): AgentConfig {
  return {
    name,
    title: name,
    skills: { [skill]: 1 },
    // For a load test the phone's account is the agent's name: SIPp's CSV needs only one column.
    devices: [{ name, kind: 'sip' }],
    ring: 'together',
    availableOnRegister: true,
    forwards: [],
    role: 'agent',
  };
}
