// A customer who talks with Ana, for the stories of what may become of that.
import { HiloError } from '../../../src/app/errors.js';
import type { Talk } from '../../../src/app/talk/talk.js';
import type { Caller } from '../../support/fakes/caller.js';
import type { FakeLeg } from '../../support/fakes/leg.js';
import { openScene, type Scene } from '../scene.js';

export const BY_ANA = { by: 'ana' };
export const BRUNO = { kind: 'agent', agent: 'bruno' } as const;

export interface Talking {
  readonly scene: Scene;
  readonly caller: Caller;
  readonly customer: FakeLeg;
  readonly talk: Talk;
  leg(agent: string): FakeLeg | undefined;
}

/** Ana talks with a customer who came by the queue; the others have phones. */
export async function talking(others: readonly string[] = ['bruno']): Promise<Talking> {
  const scene = await openScene({ agents: ['ana'] });
  const caller = scene.call('1001');
  await scene.until('they talk', () => caller.leg?.partner !== undefined);
  for (const agent of others) scene.agentComes(agent);
  await scene.advance(100);
  const customer = caller.leg;
  if (customer === undefined) throw new Error('nobody answered');
  const talk = scene.node.centre.talks.of(scene.events()[0]?.interaction ?? '');
  return { scene, caller, customer, talk, leg: (agent) => scene.network.talking(`${agent}-desk`) };
}

export function isWith(customer: FakeLeg, other: FakeLeg | undefined): boolean {
  return other !== undefined && customer.partner === other;
}

export async function refusal(act: Promise<unknown> | (() => unknown)): Promise<string> {
  try {
    await (typeof act === 'function' ? act() : act);
  } catch (error) {
    return error instanceof HiloError ? error.code : String(error);
  }
  return 'none';
}
