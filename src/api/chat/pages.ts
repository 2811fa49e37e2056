// The chat's page, which other sites may show in a frame, and the script with which they do.
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CHAT_PAGE, CHAT_SCRIPT } from '../../contract/chat/link.js';
import { rule } from '../access.js';
import { type Api, textAnswer } from '../api.js';
import { NONCE_BYTES, NONCE_PLACE, type PagesOptions } from '../pages/pages.js';
import { type ChatServices, rulesOf } from './services.js';

/** A site that shows the chat asks for the script with each page: for so long it has it. */
const SCRIPT_KEPT_S = 600;

/** Rejects when the application was not built. */
export async function chatPageRoutes(
  api: Api,
  services: Pick<ChatServices, 'centre'>,
  { folder }: PagesOptions,
): Promise<void> {
  const html = await readFile(join(folder, 'chat', 'chat.html'), 'utf8');
  const script = await readFile(join(folder, 'chat.js'), 'utf8');

  api.get(
    CHAT_PAGE,
    rule('open', { hide: true, response: { 200: textAnswer('text/html', 'The chat.') } }, ['not-found']),
    async (_request, reply) => {
      const { origins } = rulesOf(services);
      const nonce = randomBytes(NONCE_BYTES).toString('base64');
      // Says the same as frame-ancestors, but knows no list.
      reply.removeHeader('x-frame-options');
      return reply
        .header('content-security-policy', policyOf(nonce, origins))
        .header('permissions-policy', 'microphone=(), camera=(), geolocation=()')
        .header('cross-origin-resource-policy', 'cross-origin')
        .type('text/html; charset=utf-8')
        .send(html.replaceAll(NONCE_PLACE, nonce));
    },
  );

  api.get(
    CHAT_SCRIPT,
    rule('open', { hide: true, response: { 200: textAnswer('text/javascript', 'Shows the chat.') } }, ['not-found']),
    async (_request, reply) => {
      rulesOf(services);
      return reply
        .header('cache-control', `public, max-age=${SCRIPT_KEPT_S}`)
        .header('cross-origin-resource-policy', 'cross-origin')
        .type('text/javascript; charset=utf-8')
        .send(script);
    },
  );
}

/** Origins were checked when the file of the centre was compiled: nothing else can stand in them. */
function policyOf(nonce: string, origins: readonly string[]): string {
  return [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}'`,
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self'",
    "connect-src 'self'",
    ["frame-ancestors 'self'", ...origins].join(' '),
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}
