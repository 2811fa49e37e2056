// The web application's page and files as the server hands them out.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { NONCE_PLACE } from '../../src/api/pages/pages.js';
import { type ApiScene, openApiScene } from '../support/api-scene.js';

let folder: string;
let scene: ApiScene;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hilo-pages-'));
  mkdirSync(join(folder, 'assets'));
  writeFileSync(
    join(folder, 'index.html'),
    `<script nonce="${NONCE_PLACE}" src="/assets/a.js"></script>${NONCE_PLACE}`,
  );
  writeFileSync(join(folder, 'assets', 'a.js'), 'start();');
  mkdirSync(join(folder, 'chat'));
  for (const file of ['chat.js', join('chat', 'chat.html')]) writeFileSync(join(folder, file), '');
  scene = await openApiScene({ change: (options) => ({ ...options, pages: { folder } }) });
});
afterEach(async () => {
  await scene?.close();
  rmSync(folder, { recursive: true });
});

const policyOf = (response: { headers: Record<string, unknown> }) =>
  String(response.headers['content-security-policy']);

describe('the page', () => {
  test.each(['/', '/sign-in', '/supervisor', '/admin/flows/main'])('%s is the application', async (path) => {
    const response = await scene.ask('GET', path);
    expect(response.statusCode).toBe(200);
    expect(response.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(response.headers['cache-control']).toBe('no-store');
  });

  test('lets nothing run but its own files, by a nonce that is new each time', async () => {
    const [one, two] = [await scene.ask('GET', '/'), await scene.ask('GET', '/')];
    const nonce = /nonce="([^"]+)"/.exec(one.body)?.[1] ?? '';
    expect(nonce).toMatch(/^[A-Za-z0-9+/]{22}==$/);
    expect(one.body).not.toContain(NONCE_PLACE);
    expect(policyOf(one)).toContain(`script-src 'self' 'nonce-${nonce}'`);
    expect(policyOf(one)).not.toMatch(/unsafe-(inline|eval)/);
    expect(two.body).not.toContain(nonce);
  });

  test.each(['/', '/api/me', '/api/health', '/assets/a.js', '/docs/static/index.html', '/nowhere'])(
    '%s: no answer lets in what stands inside of a page, or comes from anywhere',
    async (path) => {
      const policy = policyOf(await scene.ask('GET', path));
      expect(policy).toMatch(/(object|default)-src 'none'/);
      expect(policy).not.toMatch(/unsafe-|style-src[^;]*(https:|\*)/);
    },
  );

  test('an address that is none of its pages is a problem document', async () => {
    const response = await scene.ask('GET', '/nowhere');
    expect(response.statusCode).toBe(404);
    expect(response.json()).toMatchObject({ code: 'not-found' });
  });
});

describe('its files', () => {
  test('go out as small as the browser can take them, and say what they are', async () => {
    writeFileSync(join(folder, 'assets', 'a.js.br'), brotliCompressSync('start();'));
    writeFileSync(join(folder, 'assets', 'a.js.gz'), gzipSync('start();'));
    const anew = await openApiScene({ change: (options) => ({ ...options, pages: { folder } }) });
    const ask = async (encoding: string) => {
      const { headers, rawPayload } = await anew.ask('GET', '/assets/a.js', {
        headers: { 'accept-encoding': encoding },
      });
      expect(headers).toMatchObject({
        vary: 'accept-encoding',
        'content-type': 'application/javascript; charset=utf-8',
      });
      return [headers['content-encoding'], rawPayload] as const;
    };
    const [br, gz, plain] = [await ask('gzip, br'), await ask('gzip'), await ask('identity')];
    expect([br[0], brotliDecompressSync(br[1]).toString()]).toEqual(['br', 'start();']);
    expect([gz[0], gunzipSync(gz[1]).toString()]).toEqual(['gzip', 'start();']);
    expect([plain[0], plain[1].toString()]).toEqual([undefined, 'start();']);
    await anew.close();
  });

  test('are kept by the browser for ever: another content has another name', async () => {
    const response = await scene.ask('GET', '/assets/a.js');
    expect(response.body).toBe('start();');
    expect(response.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(response.headers['x-content-type-options']).toBe('nosniff');
  });

  test.each(['/assets/../index.html', '/assets/%2e%2e/index.html', '/assets/', '/assets/missing.js'])(
    '%s is not there',
    async (path) => {
      expect((await scene.ask('GET', path)).statusCode).toBe(404);
    },
  );
});
