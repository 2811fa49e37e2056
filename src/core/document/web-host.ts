// The systems that flows may talk to, as centre.yaml lists them: `crm.example.com`, or a block with what is unusual.
import { z } from 'zod';
import { custom, strict } from './shape.js';

/** An entry of `http: hosts:`. */
export interface WebHost {
  /** Lower case, without port; IPv6 in brackets. */
  readonly host: string;
  readonly port: number;
  /** Without TLS: http or ws. */
  readonly insecure: boolean;
  /** Addresses that are not public are allowed too. */
  readonly private: boolean;
}

const MAX_HOSTS = 100;
const HTTPS_PORT = 443;
const HTTP_PORT = 80;
/** An address instead of a name. */
const LITERAL = /^(\d{1,3}(\.\d{1,3}){3}|\[.*\])$/;
const LOOPBACK = /^(127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\]|localhost)$/;

/** The key of a host among others: `crm.example.com:443`. */
export function hostKey({ host, port }: Pick<WebHost, 'host' | 'port'>): string {
  return `${host}:${port}`;
}

const written = z.union([
  z.string().transform((host) => ({ host, insecure: false, private: false })),
  strict({
    host: z.string().describe('Name, with a port where it is not 443.'),
    insecure: z.boolean().default(false).describe('Without TLS: http or ws.'),
    private: z.boolean().default(false).describe('Addresses that are not public are allowed too.'),
  }),
]);

const hostSchema = written.transform((raw, context): WebHost => {
  const [, host = '', port] = /^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]{1,253})(?::(\d{1,5}))?$/.exec(raw.host) ?? [];
  const usual = raw.insecure ? HTTP_PORT : HTTPS_PORT;
  const url = host === '' ? undefined : urlOf(`http://${host}:${port ?? usual}`);
  if (url === undefined) {
    return custom(context, `'${raw.host}' is not a host`, 'crm.example.com, or with a port crm.example.com:8443');
  }
  const { hostname } = url;
  if (LITERAL.test(hostname) && !raw.private) {
    return custom(context, `'${raw.host}' is an address, not a name`, `{ host: '${raw.host}', private: true }`);
  }
  return {
    host: hostname,
    port: Number(port ?? usual),
    // On this machine nobody listens on the way.
    insecure: raw.insecure || LOOPBACK.test(hostname),
    private: raw.private,
  };
});

export const webHostsSchema = z
  .array(hostSchema)
  .max(MAX_HOSTS)
  .transform((hosts) => new Map(hosts.map((host) => [hostKey(host), host])));

function urlOf(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}
