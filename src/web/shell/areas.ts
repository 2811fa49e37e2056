// The areas of the application: who may use them, and where they begin.
import type { Role } from '../../contract/session.js';

export interface Area {
  readonly name: 'supervisor';
  readonly path: '/supervisor';
  readonly least: Role;
}

export const AREAS: readonly Area[] = [{ name: 'supervisor', path: '/supervisor', least: 'supervisor' }];
