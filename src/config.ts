// The environment as one typed, frozen object: the only place where the application reads it.
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { z } from 'zod';

const port = z.coerce.number().int().min(0).max(65_535);
const list = z.string().transform((text) =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
);
const optional = z.string().min(1).optional();

/** Settings that only the embedded switch reads, and checks: handed on to it as they are. */
const SWITCH_SETTINGS = [
  'HILO_MEDIA_ENGINE',
  'HILO_SIPS_PORT',
  'HILO_WS_PORT',
  'HILO_WSS_PORT',
  'HILO_WEBRTC_PORT',
  'HILO_TLS_CERT',
  'HILO_TLS_KEY',
  'HILO_TLS_CA',
  'HILO_WS_ORIGINS',
  'HILO_SIP_CONNECTIONS',
  'HILO_SIP_CONNECTIONS_PER_ADDRESS',
  'HILO_SIP_IDLE',
  'HILO_SIP_RATE',
  'HILO_SIP_LOST_CONNECTION',
] as const;

const environment = z.object({
  HILO_DATA: z.string().default('./data'),
  HILO_FLOWS: z.string().default('./ivr-flows'),
  HILO_NODE: z
    .string()
    .regex(/^[A-Za-z0-9_.-]{1,64}$/)
    .default(hostname().replace(/[^A-Za-z0-9_.-]/g, '-') || 'node'),
  HILO_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
  HILO_HTTP_HOST: z.string().default('127.0.0.1'),
  HILO_HTTP_PORT: port.default(8080),
  HILO_TRUSTED_PROXIES: list.pipe(z.array(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()]))).optional(),
  HILO_SIP_HOST: z.string().default('127.0.0.1'),
  HILO_SIP_PORT: port.default(5060),
  HILO_WEB_SIP_URL: z.url({ protocol: /^wss?$/, error: 'ws://host:port or wss://host:port' }).optional(),
  HILO_RTP_PORTS: z
    .string()
    .regex(/^\d+-\d+$/, 'first-last, e.g. 16384-32767')
    .default('16384-32767'),
  HILO_MEDIA_WORKERS: z.coerce.number().int().min(1).max(64).default(1),
  HILO_GRACE_SECONDS: z.coerce.number().min(0).max(3600).default(30),
  HILO_DEMO_PASSWORD: optional,
  HILO_DEMO_AGENTS: z.coerce.number().int().min(0).max(10_000).default(0),
  DRACHTIO_HOST: list.optional(),
  DRACHTIO_PORT: port.default(9022),
  DRACHTIO_SECRET: z.string().default('cymru'),
  FREESWITCH_HOST: list.optional(),
  FREESWITCH_PORT: port.default(8021),
  FREESWITCH_SECRET: z.string().default('ClueCon'),
  FREESWITCH_PROFILE: z.string().default('drachtio_mrf'),
  ESL_LISTEN_ADDRESS: z.string().default('127.0.0.1'),
  ESL_ADVERTISED_ADDRESS: optional,
  HILO_REALM: z.string().default('hilo'),
  DATABASE_URL: optional,
  REDIS_URL: optional,
  HILO_TAKE_OVER: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .optional(),
  HILO_EMERGENCY_NUMBERS: z
    .string()
    .default('112,911')
    .transform((text) => text.split(',').map((number) => number.trim())),
  SMPP_URL: optional,
  SMPP_SOURCE: z.string().default('Hilo'),
  WHATSAPP_BASE_URL: z.string().default('https://graph.facebook.com/v21.0'),
  WHATSAPP_TOKEN: optional,
  WHATSAPP_PHONE_ID: optional,
  WHATSAPP_APP_SECRET: optional,
  WHATSAPP_VERIFY_TOKEN: optional,
});

/** What flows may put into requests: `HILO_SECRET_CRM_TOKEN` is called `CRM_TOKEN` there. */
const SECRET = /^HILO_SECRET_([A-Z][A-Z0-9_]{0,39})$/;

export interface Server {
  readonly host: string;
  readonly port: number;
  readonly secret: string;
}

export interface Config {
  readonly node: string;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
  readonly dataFolder: string;
  readonly flowsFolder: string;
  readonly graceMs: number;
  /** `trustedProxies`: what they say of who asks is believed (`10.0.0.5`, `10.0.0.0/8`). */
  readonly http: { readonly host: string; readonly port: number; readonly trustedProxies?: readonly string[] };
  /** Where browsers speak SIP with us, when something stands in front. */
  readonly webSipUrl?: string;
  readonly sip: { readonly host: string; readonly port: number; readonly realm: string };
  readonly media: { readonly firstPort: number; readonly lastPort: number; readonly workers: number };
  readonly switchSettings: Readonly<Record<string, string>>;
  /** Dialled by somebody who may not be refused, whatever the load. */
  readonly emergencyNumbers: readonly string[];
  /** Talks that outlived their node are taken over: the embedded switch allows it, drachtio does not. */
  readonly takesOver: boolean;
  readonly demo: { readonly password?: string; readonly extraAgents: number };
  /** Undefined: the embedded switch takes that part. */
  readonly drachtio?: readonly Server[];
  readonly freeswitch?: readonly Server[];
  readonly freeswitchProfile: string;
  readonly eventSocket: { readonly listenAddress: string; readonly advertisedAddress?: string };
  /** By name, for requests of flows. */
  readonly secrets: ReadonlyMap<string, string>;
  readonly databaseUrl?: string;
  readonly redisUrl?: string;
  readonly smpp?: { readonly url: string; readonly source: string };
  readonly whatsapp?: {
    readonly baseUrl: string;
    readonly token: string;
    readonly phoneId: string;
    readonly appSecret: string;
    readonly verifyToken: string;
  };
}

export class InvalidConfig extends Error {
  override readonly name = 'InvalidConfig';
}

type Environment = z.infer<typeof environment>;

/** Throws {@link InvalidConfig} with one line for each variable that is wrong. */
export function readConfig(variables: Readonly<Record<string, string | undefined>>): Config {
  const present = Object.fromEntries(
    Object.entries(variables).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = environment.safeParse(present);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new InvalidConfig(`The environment is not usable:\n  ${lines.join('\n  ')}`);
  }
  const env = parsed.data;
  const [firstPort = 0, lastPort = 0] = env.HILO_RTP_PORTS.split('-').map(Number);
  if (firstPort < 1024 || lastPort > 65_535 || lastPort - firstPort < 2) {
    throw new InvalidConfig(`HILO_RTP_PORTS: ${env.HILO_RTP_PORTS} is no range within 1024-65535`);
  }
  const config: Config = {
    node: env.HILO_NODE,
    logLevel: env.HILO_LOG_LEVEL,
    dataFolder: resolve(env.HILO_DATA),
    flowsFolder: resolve(env.HILO_FLOWS),
    graceMs: env.HILO_GRACE_SECONDS * 1000,
    http: {
      ...{ host: env.HILO_HTTP_HOST, port: env.HILO_HTTP_PORT },
      ...defined('trustedProxies', env.HILO_TRUSTED_PROXIES),
    },
    sip: { host: env.HILO_SIP_HOST, port: env.HILO_SIP_PORT, realm: env.HILO_REALM },
    media: { firstPort, lastPort, workers: env.HILO_MEDIA_WORKERS },
    switchSettings: Object.fromEntries(
      SWITCH_SETTINGS.flatMap((name) => (present[name] === undefined ? [] : [[name, present[name]]])),
    ),
    secrets: secretsIn(present),
    emergencyNumbers: env.HILO_EMERGENCY_NUMBERS,
    takesOver: env.HILO_TAKE_OVER ?? (env.DRACHTIO_HOST === undefined && env.FREESWITCH_HOST === undefined),
    demo: { extraAgents: env.HILO_DEMO_AGENTS, ...defined('password', env.HILO_DEMO_PASSWORD) },
    freeswitchProfile: env.FREESWITCH_PROFILE,
    eventSocket: {
      listenAddress: env.ESL_LISTEN_ADDRESS,
      ...defined('advertisedAddress', env.ESL_ADVERTISED_ADDRESS),
    },
    ...defined('drachtio', servers(env.DRACHTIO_HOST, env.DRACHTIO_PORT, env.DRACHTIO_SECRET)),
    ...defined('freeswitch', servers(env.FREESWITCH_HOST, env.FREESWITCH_PORT, env.FREESWITCH_SECRET)),
    ...defined('webSipUrl', env.HILO_WEB_SIP_URL),
    ...defined('databaseUrl', env.DATABASE_URL),
    ...defined('redisUrl', env.REDIS_URL),
    ...defined('smpp', env.SMPP_URL === undefined ? undefined : { url: env.SMPP_URL, source: env.SMPP_SOURCE }),
    ...defined('whatsapp', whatsapp(env)),
  };
  return Object.freeze(config);
}

function secretsIn(present: Readonly<Record<string, string | undefined>>): Map<string, string> {
  const secrets = new Map<string, string>();
  for (const [variable, value = ''] of Object.entries(present)) {
    const name = SECRET.exec(variable)?.[1];
    // RFC 9110 §5.5: it is going to stand in a header.
    if (name !== undefined && !/^[\x21-\x7e]{1,2000}$/.test(value)) {
      throw new InvalidConfig(`${variable}: a secret is plain text without spaces`);
    }
    if (name !== undefined) secrets.set(name, value);
  }
  return secrets;
}

function defined<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [P in K]?: V });
}

/** `host`, `host:port` items share secret and default port. */
function servers(hosts: readonly string[] | undefined, defaultPort: number, secret: string): Server[] | undefined {
  if (hosts === undefined || hosts.length === 0) return undefined;
  return hosts.map((item) => {
    const [host = item, own] = item.split(':');
    return { host, port: own === undefined ? defaultPort : Number(own), secret };
  });
}

function whatsapp(env: Environment): Config['whatsapp'] {
  if (env.WHATSAPP_TOKEN === undefined) return undefined;
  const missing = (['WHATSAPP_PHONE_ID', 'WHATSAPP_APP_SECRET', 'WHATSAPP_VERIFY_TOKEN'] as const).filter(
    (name) => env[name] === undefined,
  );
  if (missing.length > 0) throw new InvalidConfig(`WHATSAPP_TOKEN is set, but not ${missing.join(', ')}`);
  return {
    baseUrl: env.WHATSAPP_BASE_URL,
    token: env.WHATSAPP_TOKEN,
    phoneId: env.WHATSAPP_PHONE_ID ?? '',
    appSecret: env.WHATSAPP_APP_SECRET ?? '',
    verifyToken: env.WHATSAPP_VERIFY_TOKEN ?? '',
  };
}
