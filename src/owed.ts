// What is owed to customers, as people deal with it: call-backs, calls placed by hand, the work-list.
import { CustomerTurns, type CustomerTurnsPorts } from './app/callback/customer-turns.js';
import { CallbackDesk, type CallbackDeskPorts } from './app/callback/desk.js';
import { PlacedCalls, type PlacedCallsPorts } from './app/callback/placed-calls.js';
import { WorkActs, type WorkActsPorts } from './app/owed/work-acts.js';
import { WorkList, type WorkListPorts } from './app/owed/work-list.js';

export interface OwedPorts
  extends CustomerTurnsPorts,
    WorkListPorts,
    Omit<CallbackDeskPorts, 'turns' | 'store' | 'contacts' | 'centre'>,
    Omit<PlacedCallsPorts, 'turns' | 'store' | 'contacts'>,
    Omit<WorkActsPorts, 'turns' | 'interactions'> {
  readonly store: CallbackDeskPorts['store'];
  readonly contacts: CallbackDeskPorts['contacts'];
}

export interface Owed {
  readonly callbackDesk: CallbackDesk;
  readonly placedCalls: PlacedCalls;
  readonly workList: WorkList;
  readonly workActs: WorkActs;
}

export function buildOwed(ports: OwedPorts): Owed {
  const turns = new CustomerTurns(ports);
  return {
    callbackDesk: new CallbackDesk({ ...ports, turns }),
    placedCalls: new PlacedCalls({ ...ports, turns }),
    workList: new WorkList(ports),
    workActs: new WorkActs({ ...ports, turns }),
  };
}
