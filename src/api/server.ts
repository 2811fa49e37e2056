// The HTTP server: limits, guards, routes and documentation put together, opened and closed.
import type { AddressInfo } from 'node:net';
import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import websocket from '@fastify/websocket';
import fastify, { type FastifyInstance } from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { HiloError } from '../app/errors.js';
import { presentAgent } from '../core/routing/keys/former-names.js';
import { TimedOut, withTimeOut } from '../lib/time-out.js';
import { guard, isLoopback } from './access.js';
import { auditRoutes } from './account/audit-routes.js';
import { openRoutes } from './account/open-routes.js';
import { ownRoutes } from './account/own-routes.js';
import { Passwords } from './account/passwords.js';
import { SecondFactors } from './account/second-factors.js';
import { ADMIN } from './account/seed-users.js';
import { Sessions } from './account/sessions.js';
import { SignInLimit } from './account/sign-in-limit.js';
import { userRoutes } from './account/user-routes.js';
import type { Api } from './api.js';
import { callbackRoutes } from './callbacks/routes.js';
import { callbackWhyRoute } from './callbacks/why.js';
import { channelAccountRoutes } from './centre/accounts.js';
import { chatPageRoutes } from './chat/pages.js';
import { chatRoutes } from './chat/routes.js';
import { chatSocketRoute } from './chat/socket.js';
import { beginningRoutes } from './conversation/beginning.js';
import { fileRoutes } from './conversation/files.js';
import { conversationRoutes } from './conversation/routes.js';
import { DOCS_PATH, openDocs } from './docs.js';
import { figureRoutes } from './figures/routes.js';
import { alarmRoutes } from './floor/alarms.js';
import { noticeRoutes } from './floor/notices.js';
import { placeRoutes } from './floor/places.js';
import { teamRoutes } from './floor/teams.js';
import { whyRoutes } from './floor/why.js';
import { workRoutes } from './floor/works.js';
import { flowNameRoutes } from './flow-names/routes.js';
import { guideRoutes } from './guide/routes.js';
import { type ApiLimits, LIMITS } from './limits.js';
import { LiveHub } from './live/hub.js';
import { liveRoute } from './live/socket.js';
import { liveSources } from './live/sources.js';
import { type Metrics, openMetrics } from './metrics.js';
import { CarriedRequests } from './nodes/carried.js';
import { serveElsewhere } from './nodes/elsewhere.js';
import { placedCallRoutes } from './owed/placed-calls.js';
import { workListRoutes } from './owed/work-list.js';
import { openAssets, type PagesOptions, pageRoutes } from './pages/pages.js';
import { phoneRoutes, serverFor } from './phone/routes.js';
import { KnownPaths, rawProblem, sendProblem } from './problem.js';
import { promptRoutes } from './prompts/routes.js';
import { contactRoutes } from './record/contacts.js';
import { profileRoutes } from './record/profiles.js';
import { recordingRoutes } from './record/recordings.js';
import { agentRoutes } from './routes/agents.js';
import { emergencyRoutes } from './routes/emergency.js';
import { flowRoutes } from './routes/flows.js';
import { interactionRoutes } from './routes/interactions.js';
import { operationRoutes } from './routes/operations.js';
import { queueRoutes } from './routes/queues.js';
import { revisionRoutes } from './routes/revisions.js';
import { rolloutRoutes } from './routes/rollouts.js';
import { sandboxRoutes } from './routes/sandbox.js';
import { serverRoutes } from './routes/servers.js';
import { sessionRoutes } from './routes/session.js';
import { deskRoutes } from './routes/talk/desk.js';
import { monitorRoutes } from './routes/talk/monitors.js';
import { talkRoutes } from './routes/talk/talks.js';
import { textRoutes } from './routes/texts.js';
import { webhookRoutes } from './routes/webhooks.js';
import type { ApiServices } from './services.js';
import { visitRoutes } from './visits/routes.js';
import { subscriptionRoutes } from './webhooks/routes.js';

export interface ApiOptions extends ApiServices {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** What stands in front of us, and is believed who asks; nobody is by default. */
  readonly trustedProxies?: readonly string[];
  readonly limits?: Partial<ApiLimits>;
  /** The web application; none is served without. */
  readonly pages?: PagesOptions;
}

export interface RunningApi {
  /** `http://127.0.0.1:8080`, with the real port. */
  readonly address: string;
  /** Answers what is under way, for a limited time. Safe to call twice. */
  close(): Promise<void>;
}

/** Resolves when requests are answered. Rejects when the address is taken or not ours. */
export async function openApi(options: ApiOptions): Promise<RunningApi> {
  const limits = { ...LIMITS, ...options.limits };
  const app = await buildApi(options, limits);
  // Made here, not while somebody waits for it; and what cannot be described is found at the start.
  app.swagger();
  await app.listen({ host: options.host, port: options.port });
  let closing: Promise<void> | undefined;
  return {
    address: addressOf(app, options.host),
    close() {
      closing ??= closeWithin(app, options, limits.closeMs);
      return closing;
    },
  };
}

/** The server with everything on it, not listening yet. */
export async function buildApi(options: ApiOptions, limits: ApiLimits): Promise<FastifyInstance> {
  const { ids, log } = options;
  const metrics = openMetrics(options);
  const carried = new CarriedRequests(ids);
  const app = fastify({
    logger: false,
    trustProxy: options.trustedProxies === undefined ? false : [...options.trustedProxies],
    genReqId: () => ids.uuid(),
    bodyLimit: limits.bodyBytes,
    connectionTimeout: limits.idleMs,
    requestTimeout: limits.requestMs,
    keepAliveTimeout: limits.keepAliveMs,
    http: { headersTimeout: limits.headersMs, connectionsCheckingInterval: Math.min(1_000, limits.headersMs) },
    routerOptions: { maxParamLength: 200 },
    frameworkErrors: (error, request, reply) => void sendProblem(request, reply, error, log),
    clientErrorHandler(error, socket) {
      log.debug({ code: error.code }, 'not HTTP');
      if (error.code === 'ECONNRESET' || !socket.writable) socket.destroy();
      else socket.end(rawProblem(error, ids.uuid()), () => socket.destroy());
    },
  });
  app.server.maxConnections = limits.connections;
  const paths = new KnownPaths(app);
  app.setErrorHandler((error, request, reply) => sendProblem(request, reply, error, log));
  watchRequests(app, options, metrics);
  await app.register(helmet, {
    // Plain HTTP until something in front of it speaks TLS: browsers must not be told to insist on it.
    // For whatever is no page; the pages have a stricter one of their own. Styles and fonts come from nowhere else.
    contentSecurityPolicy: {
      directives: { upgradeInsecureRequests: null, styleSrc: ["'self'"], fontSrc: ["'self'"] },
    },
    hsts: false,
  });
  await app.register(rateLimit, {
    max: limits.requests,
    timeWindow: limits.windowMs,
    // Counted where they came in.
    allowList: (request) => carried.userOf(request) !== undefined,
    errorResponseBuilder: (_request, { after }) => new HiloError('too-many-requests', `try again in ${after}`),
  });
  app.setNotFoundHandler({ preHandler: app.rateLimit() }, (request, reply) => {
    const { error, allow } = paths.refusal(request.method, request.url);
    if (allow !== undefined) reply.header('allow', allow);
    return sendProblem(request, reply, error, log);
  });
  await app.register(cookie);
  await app.register(websocket, { options: { maxPayload: limits.socketBytes } });
  await openDocs(app);
  if (options.pages !== undefined) await openAssets(app, options.pages);
  await app.register(async (scope) => addRoutes(scope, options, limits, { metrics, carried }));
  await app.ready();
  return app;
}

interface Shared {
  readonly metrics: Metrics;
  readonly carried: CarriedRequests;
}

/** In a scope of their own: the schemas of plugins are JSON Schema, ours are zod. */
async function addRoutes(scope: FastifyInstance, options: ApiOptions, limits: ApiLimits, { metrics, carried }: Shared) {
  const { users, accounts, audit, clock, ids, flows, sandbox, host } = options;
  const { signInFailures: ofUser, signInFailuresOfAddress: ofAddress, signInWindowMs: windowMs, tokenMs } = limits;
  // JSON only: a form of another page can send plain text without being asked.
  scope.removeContentTypeParser('text/plain');
  scope.setValidatorCompiler(validatorCompiler);
  scope.setSerializerCompiler(serializerCompiler);
  const passwords = new Passwords();
  const secondFactors = new SecondFactors({ accounts, clock, ids, key: options.sealKey });
  const sessions = new Sessions({
    belongs: (name) => name === ADMIN || flows.centre().agents.has(name),
    present: (name) => (name === ADMIN ? name : presentAgent(flows.centre(), name)),
    ...{ users, audit, clock, ids, tokenMs, passwords, secondFactors },
    limit: new SignInLimit({ ofUser, ofAddress, windowMs, clock }),
  });
  const sandboxOpen = (): boolean =>
    sandbox !== undefined && flows.centre().recovery.channel === 'sandbox' && isLoopback(host);
  guard(scope, { sessions, carried, sandboxOpen });
  serveElsewhere(scope, options, { sessions, carried });
  scope.addHook('onSend', async (_request, reply) => {
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
  });
  const api: Api = scope.withTypeProvider<ZodTypeProvider>();
  if (options.pages !== undefined) {
    await pageRoutes(api, options.pages, (hostname) => serverFor(hostname, options));
    await chatPageRoutes(api, options, options.pages);
  }
  operationRoutes(api, options, metrics);
  serverRoutes(api, options);
  sessionRoutes(api, sessions);
  userRoutes(api, { ...options, passwords });
  openRoutes(api, { ...options, sessions });
  ownRoutes(api, { ...options, sessions, passwords, secondFactors });
  auditRoutes(api, options);
  const hub = new LiveHub(liveSources(options), clock, ids);
  scope.addHook('preClose', async () => hub.close());
  liveRoute(api, { hub, sessions, clock });
  interactionRoutes(api, options);
  agentRoutes(api, options);
  emergencyRoutes(api, options);
  monitorRoutes(api, options);
  talkRoutes(api, options);
  deskRoutes(api, options);
  textRoutes(api, options);
  contactRoutes(api, options);
  profileRoutes(api, options);
  recordingRoutes(api, options);
  await promptRoutes(api, options, limits);
  queueRoutes(api, options);
  callbackRoutes(api, options, limits);
  callbackWhyRoute(api, options);
  placedCallRoutes(api, options);
  floorRoutes(api, options);
  workListRoutes(api, options);
  figureRoutes(api, options);
  guideRoutes(api, options);
  channelAccountRoutes(api, options);
  subscriptionRoutes(api, options);
  flowNameRoutes(api, options, limits);
  revisionRoutes(api, options);
  rolloutRoutes(api, options, limits);
  visitorRoutes(api, options, limits);
  phoneRoutes(api, options);
  // Each in its own scope, because they take other bodies than JSON.
  await conversations(scope, options, limits);
  await scope.register(async (inner) => flowRoutes(inner.withTypeProvider<ZodTypeProvider>(), options, limits));
  await scope.register(async (inner) =>
    webhookRoutes(inner.withTypeProvider<ZodTypeProvider>(), options.webhooks, limits.webhookBytes),
  );
}

/** People without an account: who tries the centre out at its machine, who plays a customer, who writes on a web page. */
function visitorRoutes(api: Api, options: ApiOptions, limits: ApiLimits): void {
  sandboxRoutes(api, options);
  visitRoutes(api, options);
  chatRoutes(api, options, limits);
  chatSocketRoute(api, options, limits);
}

/** What waits, why, and what supervisors do about it. */
function floorRoutes(api: Api, options: ApiOptions): void {
  workRoutes(api, options);
  whyRoutes(api, options);
  placeRoutes(api, options);
  alarmRoutes(api, options);
  teamRoutes(api, options);
  noticeRoutes(api, options);
}

async function conversations(scope: FastifyInstance, options: ApiOptions, limits: ApiLimits): Promise<void> {
  conversationRoutes(scope.withTypeProvider<ZodTypeProvider>(), options);
  await scope.register(async (inner) => fileRoutes(inner.withTypeProvider<ZodTypeProvider>(), options, limits));
  beginningRoutes(scope.withTypeProvider<ZodTypeProvider>(), options);
}

/** One line and one observation per request; neither holds a body, a token or a number of a customer. */
function watchRequests(app: FastifyInstance, { log }: ApiOptions, metrics: Metrics): void {
  app.addHook('onResponse', async (request, reply) => {
    const route = request.is404 ? 'none' : (request.routeOptions.url ?? 'none');
    const line = { method: request.method, route, status: reply.statusCode, ms: Math.round(reply.elapsedTime) };
    metrics.countRequest({ ...line, ms: reply.elapsedTime });
    const fields = { ...line, request: request.id, ...(request.user ? { user: request.user.name } : {}) };
    if (reply.statusCode >= 400) log.info(fields, 'request refused');
    else if (isRoutine(route)) log.debug(fields, 'request');
    else log.info(fields, 'request');
  });
}

function isRoutine(route: string): boolean {
  return route.startsWith('/health') || route === '/metrics' || route.startsWith(DOCS_PATH);
}

async function closeWithin(app: FastifyInstance, { clock, log }: ApiOptions, limitMs: number): Promise<void> {
  const closing = app.close();
  try {
    await withTimeOut(clock, 'closing the API', limitMs, closing);
  } catch (error) {
    if (!(error instanceof TimedOut)) throw error;
    log.warn({ limitMs }, 'requests under way are cut off');
    app.server.closeAllConnections();
    await closing;
  }
}

function addressOf(app: FastifyInstance, host: string): string {
  const { port } = app.server.address() as AddressInfo;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
