// The areas of the application: whose they are, who may use them, and where they begin.
import type { Role } from '../../contract/session.js';

export type AreaGroup = 'work' | 'supervision' | 'administration';

export interface Area {
  readonly name:
    | 'agent'
    | 'work-list'
    | 'phone'
    | 'interactions'
    | 'guide'
    | 'supervisor'
    | 'wall'
    | 'figures'
    | 'users'
    | 'centre'
    | 'flows'
    | 'prompts';
  readonly path:
    | '/agent'
    | '/agent/work'
    | '/agent/phone'
    | '/agent/interactions'
    | '/agent/guide'
    | '/supervisor'
    | '/supervisor/wall'
    | '/supervisor/figures'
    | '/admin/users'
    | '/admin/centre/queues'
    | '/admin/flows'
    | '/admin/prompts';
  readonly group: AreaGroup;
  readonly least: Role;
}

/** In the order of the menu. */
export const AREAS: readonly Area[] = [
  { name: 'agent', path: '/agent', group: 'work', least: 'agent' },
  { name: 'work-list', path: '/agent/work', group: 'work', least: 'agent' },
  { name: 'interactions', path: '/agent/interactions', group: 'work', least: 'agent' },
  { name: 'guide', path: '/agent/guide', group: 'work', least: 'agent' },
  { name: 'phone', path: '/agent/phone', group: 'work', least: 'agent' },
  { name: 'supervisor', path: '/supervisor', group: 'supervision', least: 'supervisor' },
  { name: 'wall', path: '/supervisor/wall', group: 'supervision', least: 'supervisor' },
  { name: 'figures', path: '/supervisor/figures', group: 'supervision', least: 'supervisor' },
  { name: 'centre', path: '/admin/centre/queues', group: 'administration', least: 'admin' },
  { name: 'flows', path: '/admin/flows', group: 'administration', least: 'admin' },
  { name: 'prompts', path: '/admin/prompts', group: 'administration', least: 'admin' },
  { name: 'users', path: '/admin/users', group: 'administration', least: 'admin' },
];

const GROUPS: readonly AreaGroup[] = ['work', 'supervision', 'administration'];

/** What this person may go to, group by group; no group is empty. */
export function areasFor(mayUse: (least: Role) => boolean): [AreaGroup, readonly Area[]][] {
  const open = AREAS.filter(({ least }) => mayUse(least));
  return GROUPS.map((group): [AreaGroup, readonly Area[]] => [
    group,
    open.filter((area) => area.group === group),
  ]).filter(([, areas]) => areas.length > 0);
}
