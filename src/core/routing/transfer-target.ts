// Where a customer can be transferred to: what an agent asks for in the API, or dials at the phone.
import type { Destination } from '../acd/queue.js';
import type { Centre } from './centre.js';

export type TransferWish = { readonly agent: string } | { readonly queue: string } | { readonly number: string };

/** undefined: there is no such agent or queue. Numbers of the centre lead where callers are led; others are dialled. */
export function transferTarget(centre: Centre, wish: TransferWish): Destination | undefined {
  if ('agent' in wish) return centre.agents.has(wish.agent) ? { kind: 'agent', agent: wish.agent } : undefined;
  if ('queue' in wish) return centre.queues.has(wish.queue) ? { kind: 'queue', queue: wish.queue } : undefined;
  const own = centre.numbers.find(({ number }) => number === wish.number)?.entry;
  if (own === undefined) return { kind: 'number', number: wish.number };
  // A flow asks what the agent knows already.
  return own.kind === 'flow' ? undefined : own;
}

/** `user`: of the address a phone names: an agent, one of their devices, a queue, or a number. */
export function dialledTarget(centre: Centre, user: string): Destination | undefined {
  const owner = [...centre.agents.values()].find(({ devices }) => devices.some(({ name }) => name === user))?.name;
  return (
    transferTarget(centre, { agent: owner ?? user }) ??
    transferTarget(centre, { queue: user }) ??
    (/^[+0-9]/.test(user) || centre.numbers.some(({ number }) => number === user)
      ? transferTarget(centre, { number: user })
      : undefined)
  );
}
