// Changes that touch several places of the centre's text at once: a team, a skill, a device.
import { withKey, withValue } from '../../../core/document/yaml-edit.js';
import { type Data, dataOf, listOf, recordOf } from '../data.js';

/** Under another name everywhere: of its agents, and where queues let it in later. */
export function withTeamNamed(text: string, from: string, to: string): string {
  const { agents, queues } = dataOf(text);
  const renamed = Object.entries(recordOf(agents))
    .filter(([, agent]) => recordOf(agent)['team'] === from)
    .reduce((so, [name]) => withValue(so, ['agents', name, 'team'], to), text);
  return Object.entries(recordOf(queues))
    .filter(([, queue]) => from in recordOf(recordOf(queue)['team-delays']))
    .reduce((so, [name]) => withKey(so, ['queues', name, 'team-delays', from], to), renamed);
}

/** The team is these agents, and nobody else. */
export function withTeam(text: string, team: string, members: readonly string[]): string {
  return Object.entries(recordOf(dataOf(text)['agents'])).reduce((so, [name, agent]) => {
    const isIn = recordOf(agent)['team'] === team;
    if (isIn === members.includes(name)) return so;
    return withValue(so, ['agents', name, 'team'], isIn ? undefined : team);
  }, text);
}

/** Nobody is in it any more, and no queue waits for it. */
export function withoutTeam(text: string, team: string): string {
  return Object.entries(recordOf(dataOf(text)['queues'])).reduce(
    (so, [name, queue]) => withoutPair(so, ['queues', name, 'team-delays'], recordOf(queue)['team-delays'], team),
    withTeam(text, team, []),
  );
}

/** Under another name everywhere: of agents, of queues and their steps. */
export function withSkillNamed(text: string, from: string, to: string): string {
  const { agents, queues } = dataOf(text);
  const ofAgents = Object.entries(recordOf(agents))
    .filter(([, agent]) => from in recordOf(recordOf(agent)['skills']))
    .reduce((so, [name]) => withKey(so, ['agents', name, 'skills', from], to), text);
  return Object.entries(recordOf(queues)).reduce((so, [name, value]) => {
    const queue = recordOf(value);
    const one = queue['skill'] === from ? withValue(so, ['queues', name, 'skill'], to) : so;
    return listOf(queue['skills']).reduce<string>((steps, step, index) => {
      const path = ['queues', name, 'skills', index] as const;
      const { skill, skills } = recordOf(step);
      const renamed = skill === from ? withValue(steps, [...path, 'skill'], to) : steps;
      return from in recordOf(skills) ? withKey(renamed, [...path, 'skills', from], to) : renamed;
    }, one);
  }, ofAgents);
}

/** `level` undefined: the agent has not learnt it. */
export function withLevel(text: string, agent: string, skill: string, level: number | undefined): string {
  const skills = recordOf(recordOf(recordOf(dataOf(text)['agents'])[agent])['skills']);
  if (level === undefined) return withoutPair(text, ['agents', agent, 'skills'], skills, skill, {});
  return withValue(text, ['agents', agent, 'skills', skill], level);
}

/** The last one of another agent from now on. */
export function withDeviceOf(text: string, from: string, index: number, to: string): string {
  const devices = devicesOf(text, from);
  const moved = devices[index];
  if (moved === undefined || from === to) return text;
  const without = withDevices(
    text,
    from,
    devices.filter((_, one) => one !== index),
  );
  return withDevices(without, to, [...devicesOf(without, to), moved]);
}

export function withDevices(text: string, agent: string, devices: readonly Data[]): string {
  return withValue(text, ['agents', agent, 'devices'], devices);
}

export function devicesOf(text: string, agent: string): readonly Data[] {
  return listOf(recordOf(recordOf(dataOf(text)['agents'])[agent])['devices']).map(recordOf);
}

/** Without that key; the mapping goes with its last one, or stays as `empty`. */
function withoutPair(text: string, path: readonly string[], value: unknown, key: string, empty?: unknown): string {
  const { [key]: gone, ...rest } = recordOf(value);
  if (gone === undefined) return text;
  return Object.keys(rest).length > 0 ? withValue(text, [...path, key], undefined) : withValue(text, path, empty);
}
