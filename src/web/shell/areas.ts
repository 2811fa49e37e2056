// The areas of the application: who may use them, and where they begin.
import type { Role } from '../../contract/session.js';

export interface Area {
  readonly name: 'agent' | 'interactions' | 'supervisor' | 'figures' | 'users' | 'centre' | 'flows';
  readonly path:
    | '/agent'
    | '/agent/interactions'
    | '/supervisor'
    | '/supervisor/figures'
    | '/admin/users'
    | '/admin/centre/queues'
    | '/admin/flows';
  readonly least: Role;
}

export const AREAS: readonly Area[] = [
  { name: 'agent', path: '/agent', least: 'agent' },
  { name: 'interactions', path: '/agent/interactions', least: 'agent' },
  { name: 'supervisor', path: '/supervisor', least: 'supervisor' },
  { name: 'figures', path: '/supervisor/figures', least: 'supervisor' },
  { name: 'users', path: '/admin/users', least: 'admin' },
  { name: 'centre', path: '/admin/centre/queues', least: 'admin' },
  { name: 'flows', path: '/admin/flows', least: 'admin' },
];
