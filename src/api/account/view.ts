// Accounts, tokens and lines of the audit as they go over the wire.
import type { AuditLine } from '../../app/audit.js';
import type { AccountRow, TokenRow } from '../../app/users.js';
import type { WireAccount, WireAuditPage, WireOpenSession, WireProgramToken } from '../../contract/account/account.js';
import type { Centre } from '../../core/routing/centre.js';
import { iso } from '../view/time.js';
import { ADMIN } from './seed-users.js';

/** undefined: whoever that is does not belong to the centre any more. */
export function accountView(row: AccountRow, centre: Centre): WireAccount | undefined {
  const { name, role, secondFactor, signedInAtMs } = row;
  const agent = centre.agents.get(name);
  const comesFrom = name === ADMIN ? 'hilo' : agent !== undefined ? 'centre' : 'account';
  if (comesFrom === 'account' && row.madeBy === undefined) return undefined;
  return {
    ...{ name, role, comesFrom, secondFactor },
    ...(agent === undefined ? {} : { title: agent.title }),
    password: row.passwordBy === undefined ? 'of-the-file' : 'own',
    disabled: row.disabledBy !== undefined,
    ...(signedInAtMs === undefined ? {} : { signedInAt: iso(signedInAtMs) }),
  };
}

export function sessionView({ id, user, title, address, madeAtMs, expiresAtMs }: TokenRow): WireOpenSession {
  return { id, user, browser: title, address, madeAt: iso(madeAtMs), expiresAt: iso(expiresAtMs) };
}

export function tokenView({ role = 'agent', title, ...row }: TokenRow): WireProgramToken {
  const { browser: _browser, ...rest } = sessionView({ ...row, title: '' });
  return { ...rest, title, role };
}

export function auditView(lines: readonly AuditLine[]): WireAuditPage['lines'] {
  return lines.map(({ number, atMs, by, act, on, detail = {} }) => {
    return { number, at: iso(atMs), by, act, on, detail: { ...detail } };
  });
}
