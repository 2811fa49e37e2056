// Turns every failure into one problem document (RFC 9457); what is ours to mend goes to the log, not to the client.
import { STATUS_CODES } from 'node:http';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ERRORS, type ErrorCode, HiloError } from '../app/errors.js';
import type { Problem } from '../contract/problem.js';
import type { Issue } from '../core/document/issue.js';
import { issuesIn } from '../core/document/spanish/spanish.js';
import type { Log } from '../lib/log.js';
import { preferredLanguage } from './language.js';

export const PROBLEM_TYPE = 'application/problem+json';

/** Fastify's own refusals by their status. */
const BY_STATUS: Readonly<Record<number, ErrorCode>> = {
  400: 'invalid-input',
  404: 'not-found',
  405: 'method-not-allowed',
  408: 'request-time-out',
  413: 'too-large',
  414: 'too-large',
  415: 'unsupported-media-type',
  429: 'too-many-requests',
  431: 'too-large',
};

export function problemOf(error: HiloError, requestId: string): Problem {
  const { code, detail, cause, why } = error;
  const { title, http: status } = ERRORS[code];
  const common = { type: `urn:hilo:problem:${code}`, title, status, code, detail, instance: `urn:uuid:${requestId}` };
  if (why !== undefined) return { ...common, why };
  const isAboutText = code === 'invalid-flow' || code === 'tests-failed';
  return isAboutText && Array.isArray(cause) ? { ...common, issues: cause as Issue[] } : common;
}

/** Anything thrown as an error of ours; an unknown one says nothing about itself. */
export function asHiloError(error: unknown): HiloError {
  if (error instanceof HiloError) return error;
  const { statusCode = 500, validation, message } = error as Partial<FastifyError>;
  const code = BY_STATUS[statusCode];
  if (validation !== undefined) return new HiloError('invalid-input', validationText(error as FastifyError));
  if (code !== undefined) return new HiloError(code, message ?? STATUS_CODES[statusCode] ?? '');
  return new HiloError('internal-error', 'It is our fault and it is in the log under this request', { cause: error });
}

/** `query limit: must be …; body state: …`: which member of which part, and what is expected there. */
function validationText({ validationContext, validation = [] }: FastifyError): string {
  const part = validationContext === 'querystring' ? 'query' : (validationContext ?? 'request');
  return validation
    .slice(0, 10)
    .map(({ instancePath, message }) => `${part} ${instancePath.slice(1).replaceAll('/', '.')}: ${message ?? ''}`)
    .map((line) => line.replace(' : ', ': '))
    .join('; ');
}

export function sendProblem(request: FastifyRequest, reply: FastifyReply, error: unknown, log: Log): FastifyReply {
  const told = asHiloError(error);
  if (told.code === 'internal-error') log.error({ err: error, request: request.id }, 'a request failed');
  else if (told.http >= 500) log.warn({ err: told, request: request.id }, 'a request cannot be served now');
  if (told.code === 'not-signed-in') reply.header('www-authenticate', 'Bearer realm="hilo"');
  if (told.http === 503) reply.header('retry-after', '1');
  // As text: the schemas of the routes describe what goes well.
  return reply
    .code(told.http)
    .type(PROBLEM_TYPE)
    .serializer(String)
    .send(JSON.stringify(inLanguageOf(request, problemOf(told, request.id))));
}

/** Mistakes in a text are told in the language of whoever wrote it; the rest is for programs. */
function inLanguageOf(request: FastifyRequest, problem: Problem): Problem {
  const { issues } = problem;
  if (issues === undefined) return problem;
  const language = preferredLanguage(request.headers['accept-language'], 'en');
  return { ...problem, issues: [...issuesIn(language, issues)] };
}

/** The same for a request that did not become one: broken HTTP, or one that took too long. */
export function rawProblem(error: { readonly code?: string }, requestId: string): string {
  const told = refusalOf(error.code);
  const body = JSON.stringify(problemOf(told, requestId));
  const head = [
    `HTTP/1.1 ${told.http} ${STATUS_CODES[told.http] ?? ''}`,
    `Content-Type: ${PROBLEM_TYPE}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}

function refusalOf(code: string | undefined): HiloError {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return new HiloError('request-time-out', 'send the request without pauses');
  if (code === 'HPE_HEADER_OVERFLOW') return new HiloError('too-large', 'the headers have at most 16 kB');
  return new HiloError('invalid-input', 'this is not HTTP/1.1 as RFC 9112 has it');
}

/** A path that exists with another method is 405 with `Allow`, everything else 404 (RFC 9110 §15.5.6). */
export class KnownPaths {
  readonly #methods = new Map<string, Set<string>>();
  #patterns: readonly { readonly pattern: RegExp; readonly methods: Set<string> }[] | undefined;

  constructor(app: FastifyInstance) {
    app.addHook('onRoute', ({ url, method }) => {
      const methods = this.#methods.get(url) ?? new Set();
      for (const one of [method].flat()) methods.add(one);
      this.#methods.set(url, methods);
    });
  }

  refusal(method: string, url: string): { readonly error: HiloError; readonly allow?: string } {
    const [path = ''] = url.split('?');
    this.#patterns ??= [...this.#methods]
      .filter(([route]) => !route.includes('*'))
      .map(([route, methods]) => ({ pattern: patternOf(route), methods }));
    const methods = this.#patterns.find(({ pattern }) => pattern.test(path))?.methods;
    if (methods === undefined || methods.has(method)) {
      return { error: new HiloError('not-found', 'nothing has this address; all there is stands in /docs') };
    }
    const allow = [...methods].sort().join(', ');
    return { error: new HiloError('method-not-allowed', `${method} is not possible here, but ${allow}`), allow };
  }
}

function patternOf(route: string): RegExp {
  const parts = route
    .split('/')
    .map((part) => (part.startsWith(':') ? '[^/]+' : part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')));
  return new RegExp(`^${parts.join('/')}$`);
}
