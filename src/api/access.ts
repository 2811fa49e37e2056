// Who may do what: every route declares the least role it takes, and nothing is served without such a declaration.

import { isIPv4 } from 'node:net';
import type { FastifyInstance, FastifyRequest, FastifySchema } from 'fastify';
import { type ErrorCode, HiloError } from '../app/errors.js';
import type { UserRow } from '../app/users.js';
import type { Role } from '../contract/session.js';
import type { Sessions } from './account/sessions.js';
import type { CarriedRequests } from './nodes/carried.js';

/**
 * `open`: to everybody. `form`: to everybody; a token, when sent, has to be good. `sandbox`: to everybody on this machine
 * while the sandbox is the channel, else to supervisors. `visitor`: the same, but to nobody else.
 */
export type Access = 'open' | 'form' | 'sandbox' | 'visitor' | Role;

export interface Declaration {
  readonly access: Access;
  /** Refusals of this route's own; those that come with its access and its kind are added in the documentation. */
  readonly errors: readonly ErrorCode[];
}

declare module 'fastify' {
  interface FastifyContextConfig {
    readonly declaration?: Declaration;
  }
  interface FastifyRequest {
    /** Who asks; null on open routes and for a local customer of the sandbox. */
    user: UserRow | null;
  }
}

const RANK: Readonly<Record<Role, number>> = { agent: 1, supervisor: 2, admin: 3 };
/** Of a browser, which keeps the token where no script can read it. */
export const SESSION_COOKIE = 'hilo-session';
/** RFC 9110 §9.2.1. */
const SAFE_METHODS: readonly string[] = ['GET', 'HEAD'];
/** RFC 6750 §2.1. */
const BEARER = /^Bearer +([A-Za-z0-9\-._~+/]{1,512}=*)$/i;

/** Options of a route: its least role, what is documented of it, and the errors that are its own. */
export function rule<S extends FastifySchema>(
  access: Access,
  schema: S,
  errors: readonly ErrorCode[] = [],
): { config: { declaration: Declaration }; schema: S } {
  return { config: { declaration: { access, errors } }, schema };
}

export interface GuardOptions {
  readonly sessions: Sessions;
  /** What other nodes let in and have done here. */
  readonly carried: Pick<CarriedRequests, 'userOf'>;
  /** Whether customers on this machine may use the sandbox without an account. */
  readonly sandboxOpen: () => boolean;
}

/** Guards every route registered on `app` from now on; before the body is read, after requests were counted. */
export function guard(app: FastifyInstance, options: GuardOptions): void {
  const check = async (request: FastifyRequest): Promise<void> => admit(request, options);
  app.decorateRequest('user', null);
  app.addHook('onRoute', (route) => {
    if (route.config?.declaration === undefined) throw new Error(`${route.url} does not say who may use it`);
    // At the end of the route's own hooks, behind the rate limit: guessing tokens costs no look-ups without end.
    const before = [route.onRequest ?? []].flat().filter((hook) => hook !== check);
    route.onRequest = [...before, check];
  });
}

async function admit(request: FastifyRequest, { sessions, carried, sandboxOpen }: GuardOptions): Promise<void> {
  const access = request.routeOptions.config.declaration?.access ?? 'admin';
  if (access === 'open') return;
  if (access === 'form' && request.headers.authorization === undefined) return;
  const isVisiting = (): boolean => sandboxOpen() && isLocal(request);
  if (access === 'sandbox' && isVisiting()) return;
  if (access === 'visitor') {
    if (isVisiting()) return;
    throw new HiloError('not-allowed', 'this is for people at the machine of Hilo, while the sandbox is its channel');
  }
  const user = carried.userOf(request) ?? (await sessions.user(tokenOf(request)));
  const least = access === 'sandbox' ? 'supervisor' : access === 'form' ? 'agent' : access;
  if (!atLeast(user, least))
    throw new HiloError('not-allowed', `this takes the role ${least}; ${user.name} is ${user.role}`);
  request.user = user;
}

/** Who asks, on a route that takes no strangers. */
export function userOf(request: Pick<FastifyRequest, 'user'>): UserRow {
  if (request.user === null) throw new HiloError('not-signed-in', 'send Authorization: Bearer and your token');
  return request.user;
}

export function atLeast(user: UserRow, role: Role): boolean {
  return RANK[user.role] >= RANK[role];
}

/** Throws HiloError `not-signed-in` when there is none, `not-allowed` when another page's browser sends it. */
export function tokenOf(request: FastifyRequest): string {
  const { authorization } = request.headers;
  const cookie = request.cookies[SESSION_COOKIE];
  if (authorization === undefined && cookie !== undefined) {
    checkOrigin(request);
    return cookie;
  }
  if (authorization === undefined) {
    throw new HiloError('not-signed-in', 'POST /api/sign-in, then send Authorization: Bearer and the token');
  }
  const token = BEARER.exec(authorization)?.[1];
  if (token === undefined) throw new HiloError('not-signed-in', 'the header is not `Authorization: Bearer <token>`');
  return token;
}

/** A cookie goes along whoever asks for it: what changes something, and a WebSocket, has to come from our own page. */
function checkOrigin(request: FastifyRequest): void {
  const { headers, method } = request;
  const { origin, upgrade } = headers;
  if (origin === undefined && upgrade === undefined && SAFE_METHODS.includes(method)) return;
  if (origin !== undefined && isOurs(origin, request)) return;
  throw new HiloError('not-allowed', 'a request with the session of a browser has to come from a page of Hilo');
}

/** Throws HiloError `not-allowed` when a page of another site sends it; programs say no origin. */
export function checkOwnPage(request: FastifyRequest): void {
  const { origin } = request.headers;
  if (origin === undefined || isOurs(origin, request)) return;
  throw new HiloError('not-allowed', 'this is for pages of Hilo');
}

function isOurs(origin: string, { host }: FastifyRequest): boolean {
  return URL.canParse(origin) && new URL(origin).host === host;
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || (isIPv4(host) && host.startsWith('127.'));
}

/** Said by proxies, each by some of them. */
const PROXIED = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip'];

/**
 * Whether a person at this machine asks, with a program or with our own page. A proxy on this machine also connects from
 * loopback, and a page of a stranger can be made to point its own name at loopback, or sends there what it cannot read
 * the answer of: all of them tell themselves apart by their headers.
 */
function isLocal(request: FastifyRequest): boolean {
  const { headers, socket, hostname } = request;
  const proxied = PROXIED.some((name) => headers[name] !== undefined);
  const foreign = headers.origin !== undefined && !isOurs(headers.origin, request);
  const from = socket.remoteAddress?.replace(/^::ffff:/, '') ?? '';
  return !proxied && !foreign && isLoopback(from) && isLoopback(hostname);
}
