// Accounts of agents who have another name now: they keep password, second factor and tokens of programs, and sign in anew.
import type { AccountStore } from '../../app/users.js';
import { seal, unseal } from './sealed.js';
import { ADMIN } from './seed-users.js';

export interface RenamedPorts {
  readonly accounts: Pick<AccountStore, 'secondFactor' | 'rename'>;
  /** Second factors are sealed with it, for their owner. */
  readonly key: () => string;
}

export interface RenamedAgent {
  readonly name: string;
  readonly formerly?: readonly string[];
}

/** May be done again and again, by several nodes at once. Rejects with HiloError `store-unavailable`. */
export async function followRenamed({ accounts, key }: RenamedPorts, agents: Iterable<RenamedAgent>): Promise<void> {
  for (const { name, formerly = [] } of agents) {
    // Whatever the file says: the account of the administration is nobody's former one.
    for (const former of formerly.filter((one) => one !== ADMIN)) {
      const factor = await accounts.secondFactor(former);
      const secret = factor === undefined ? undefined : unseal(factor.secret, former, key());
      await accounts.rename(former, name, secret === undefined ? undefined : seal(secret, name, key()));
    }
  }
}
