// Where a request goes and what stands in its head: checked against the hosts that the centre allows.
import { z } from 'zod';
import { strict } from '../../document/shape.js';
import { compileUrl } from '../../document/url-template.js';
import { hostKey } from '../../document/web-host.js';
import type { Path } from '../../document/yaml-text.js';
import { textNames, textValues } from '../facts.js';
import type { StepContext } from '../flow.js';
import type { Scope } from '../scope.js';
import type { WebHeader } from './web-request.js';

const MAX_HEADERS = 20;
/** Hilo writes these itself, or they would change what is sent and to whom. */
const OWN_HEADERS = ['host', 'content-length', 'transfer-encoding', 'connection', 'upgrade', 'expect', 'trailer', 'te'];
/** Where passwords usually stand: a value in the file is a secret in the file. */
const SECRET_HEADERS = ['authorization', 'proxy-authorization', 'cookie', 'x-api-key', 'api-key'];

const headerName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,63}$/, { error: 'a header is written in lower case: x-request' });
// RFC 9110 §5.5: visible characters and spaces; no line can be ended.
const headerValue = z.string().regex(/^[\x20-\x7e]{0,500}$/, { error: 'a header is plain text on one line' });

export const headersSchema = z
  .record(
    headerName,
    z.union([
      headerValue,
      strict({
        secret: z
          .string()
          .regex(/^[A-Z][A-Z0-9_]{0,39}$/, { error: 'a secret is named in capitals: CRM_TOKEN' })
          .describe('Name of a secret: HILO_SECRET_… of the environment.'),
        before: headerValue.default('').describe('What stands before it.'),
      }),
    ]),
  )
  .default({});

/** undefined when the values make no good address. */
export function compileAddress(
  path: Path,
  source: string,
  schemes: readonly [secure: string, insecure: string],
  scope: Scope,
): (at: StepContext) => string | undefined {
  const compiled = compileUrl(source, schemes, textNames(scope.header.variables));
  if (!compiled.ok) {
    scope.issueInside(path, compiled.offset, compiled.message, compiled.advice);
    return () => undefined;
  }
  const { url } = compiled;
  for (const name of url.reads) scope.read(path, name, 'value');
  const host = scope.webHosts.get(hostKey(url));
  if (host === undefined) {
    const known = [...scope.webHosts.keys()].join(', ') || 'none so far';
    scope.issue(path, `the centre does not allow requests to ${hostKey(url)}`, `add it to http: hosts: (${known})`);
  } else if (url.scheme === schemes[1] && !host.insecure) {
    scope.issue(path, `'${url.scheme}//' is not secure`, `write ${schemes[0]}//, or allow it: insecure: true`);
  }
  return (at) => url.render(textValues(at.facts));
}

export function compileHeaders(path: Path, raw: z.output<typeof headersSchema>, scope: Scope): readonly WebHeader[] {
  const entries = Object.entries(raw);
  if (entries.length > MAX_HEADERS) scope.issue(path, 'too many headers', `at most ${MAX_HEADERS}`);
  return entries.map(([name, value]): WebHeader => {
    const at = [...path, name];
    if (OWN_HEADERS.includes(name)) scope.issue(at, `'${name}' is written by Hilo`, 'leave it away', 'key');
    if (typeof value !== 'string') {
      if (scope.environmentSecrets?.has(value.secret) === false) {
        scope.issue(
          [...at, 'secret'],
          `there is no secret '${value.secret}'`,
          `start Hilo with HILO_SECRET_${value.secret} in the environment`,
        );
      }
      return { name, ...value };
    }
    if (SECRET_HEADERS.includes(name)) {
      scope.issue(at, 'a secret does not stand in a flow', `${name}: { secret: NAME }, with HILO_SECRET_NAME set`);
    }
    return { name, value };
  });
}
