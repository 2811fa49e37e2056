// Requests that another node has carried here for one of its users: let in by a ticket that never leaves this process.
import type { FastifyRequest } from 'fastify';
import type { UserRow } from '../../app/users.js';
import type { Ids } from '../../lib/ids.js';

const HEADER = 'x-hilo-carried';
const TICKET_BYTES = 32;

type Headers = Pick<FastifyRequest, 'headers'>;

export class CarriedRequests {
  readonly #users = new Map<string, UserRow>();

  constructor(private readonly ids: Pick<Ids, 'token'>) {}

  /** Headers with which `user` is let in until `over` is called. */
  admit(user: UserRow): { readonly headers: Readonly<Record<string, string>>; readonly over: () => void } {
    const ticket = this.ids.token(TICKET_BYTES);
    this.#users.set(ticket, user);
    return { headers: { [HEADER]: ticket }, over: () => void this.#users.delete(ticket) };
  }

  /** Undefined: not a carried one, whatever it says. */
  userOf({ headers }: Headers): UserRow | undefined {
    const ticket = headers[HEADER];
    return typeof ticket === 'string' ? this.#users.get(ticket) : undefined;
  }
}
