// The web application: one page for every address of it, with a policy that lets nothing foreign run, and its files.
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { rule } from '../access.js';
import { type Api, textAnswer } from '../api.js';

/** Written by the build where a nonce has to stand; one of its own for each answer. */
export const NONCE_PLACE = 'hilo-nonce-of-this-answer';
export const NONCE_BYTES = 16;
const YEAR_S = 31_536_000;
/** Addresses of the application itself: what stands behind them is chosen in the browser. */
const PAGES = [
  '/',
  '/sign-in',
  '/account',
  '/try',
  '/agent',
  '/agent/*',
  '/supervisor',
  '/supervisor/*',
  '/admin',
  '/admin/*',
];

export interface PagesOptions {
  /** What the build of the web application has written. */
  readonly folder: string;
}

/** Files carry their content's hash in their names. Register outside of the guarded routes: everybody may read them. */
export async function openAssets(app: FastifyInstance, { folder }: PagesOptions): Promise<void> {
  await app.register(fastifyStatic, {
    root: join(folder, 'assets'),
    prefix: '/assets/',
    index: false,
    // The files that are there now: no others can be asked for.
    wildcard: false,
    // Compressed once, by the build.
    preCompressed: true,
    immutable: true,
    maxAge: YEAR_S * 1000,
    decorateReply: false,
  });
}

/**
 * `sipServer`: what a page that was asked for under that host speaks SIP with (`ws://127.0.0.1:5066`), if anything.
 * Rejects when the application was not built.
 */
export async function pageRoutes(
  api: Api,
  { folder }: PagesOptions,
  sipServer: (hostname: string) => string | undefined,
): Promise<void> {
  const html = await readFile(join(folder, 'index.html'), 'utf8');
  for (const path of PAGES) {
    api.get(
      path,
      rule('open', { hide: true, response: { 200: textAnswer('text/html', 'The web application.') } }),
      async (request, reply) => {
        const nonce = randomBytes(NONCE_BYTES).toString('base64');
        return reply
          .header('content-security-policy', policyOf(nonce, sipServer(request.hostname)))
          .header('permissions-policy', 'microphone=(self), camera=(), geolocation=()')
          .type('text/html; charset=utf-8')
          .send(html.replaceAll(NONCE_PLACE, nonce));
      },
    );
  }
}

function policyOf(nonce: string, sipServer: string | undefined): string {
  return [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}'`,
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "media-src 'self' blob:",
    // Nothing but a scheme, a name and a port can come out of it: the name was in the request.
    ["connect-src 'self'", sipServer === undefined ? [] : new URL(sipServer).origin].flat().join(' '),
    "worker-src 'self'",
    "frame-src 'self'",
    "frame-ancestors 'self'",
    "base-uri 'none'",
    "form-action 'self'",
  ].join('; ');
}
