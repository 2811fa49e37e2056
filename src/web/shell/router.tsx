// Addresses of the application; each area is loaded when somebody goes there.
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router';
import type { Role } from '../../contract/session.js';
import { guideSearchOf } from '../guide/search-of.js';
import { searchOf } from '../history/search-of.js';
import { queries } from '../session/queries.js';
import { mayUse, personQuery } from '../session/session.js';
import { Failed, NotFound } from './faults.js';
import { Frame } from './frame.js';

const root = createRootRoute({ component: Frame, notFoundComponent: NotFound, errorComponent: Failed });

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: lazyRouteComponent(() => import('./home.js'), 'Home'),
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  component: lazyRouteComponent(() => import('./sign-in.js'), 'SignIn'),
  // Only ways inside the application: a link must not lead elsewhere after signing in.
  validateSearch: ({ next }: { next?: unknown }) =>
    typeof next === 'string' && /^\/(?!\/)/.test(next) ? { next } : {},
});

const tryOut = createRoute({
  getParentRoute: () => root,
  path: '/try',
  component: lazyRouteComponent(() => import('../sandbox/try-out.js'), 'TryOut'),
});

const agent = createRoute({
  getParentRoute: () => root,
  path: '/agent',
  beforeLoad: ({ location }) => admit('agent', location.href),
  component: lazyRouteComponent(() => import('../agent/desk.js'), 'Desk'),
});

const phone = createRoute({
  getParentRoute: () => root,
  path: '/agent/phone',
  beforeLoad: ({ location }) => admit('agent', location.href),
  component: lazyRouteComponent(() => import('../phone/phone-page.js'), 'PhonePage'),
});

const workList = createRoute({
  getParentRoute: () => root,
  path: '/agent/work',
  beforeLoad: ({ location }) => admit('agent', location.href),
  component: lazyRouteComponent(() => import('../owed/work-list.js'), 'WorkList'),
});

const supervisor = createRoute({
  getParentRoute: () => root,
  path: '/supervisor',
  beforeLoad: ({ location }) => admit('supervisor', location.href),
  component: lazyRouteComponent(() => import('../supervisor/floor.js'), 'Floor'),
});

const flows = createRoute({
  getParentRoute: () => root,
  path: '/admin/flows',
  beforeLoad: ({ location }) => admit('admin', location.href),
  component: lazyRouteComponent(() => import('../studio/list.js'), 'Flows'),
});

const studio = createRoute({
  getParentRoute: () => root,
  path: '/admin/flows/$name',
  beforeLoad: ({ location }) => admit('admin', location.href),
  // Where the cursor shall stand at first.
  validateSearch: ({ line }: { line?: unknown }): { line?: number } =>
    Number.isInteger(Number(line)) && Number(line) > 0 ? { line: Number(line) } : {},
  component: lazyRouteComponent(() => import('../studio/studio.js'), 'Studio'),
});

const prompts = createRoute({
  getParentRoute: () => root,
  path: '/admin/prompts',
  beforeLoad: ({ location }) => admit('admin', location.href),
  component: lazyRouteComponent(() => import('../prompts/prompts.js'), 'Prompts'),
});

const promptPage = createRoute({
  getParentRoute: () => root,
  path: '/admin/prompts/$name',
  beforeLoad: ({ location }) => admit('admin', location.href),
  component: lazyRouteComponent(() => import('../prompts/prompt-page.js'), 'PromptPage'),
});

const wall = createRoute({
  getParentRoute: () => root,
  path: '/supervisor/wall',
  beforeLoad: ({ location }) => admit('supervisor', location.href),
  component: lazyRouteComponent(() => import('../supervisor/wall.js'), 'Wall'),
});

const figures = createRoute({
  getParentRoute: () => root,
  path: '/supervisor/figures',
  beforeLoad: ({ location }) => admit('supervisor', location.href),
  component: lazyRouteComponent(() => import('../figures/figures.js'), 'Figures'),
});

const interactions = createRoute({
  getParentRoute: () => root,
  path: '/agent/interactions',
  beforeLoad: ({ location }) => admit('agent', location.href),
  validateSearch: searchOf,
  component: lazyRouteComponent(() => import('../history/search.js'), 'Interactions'),
});

const interaction = createRoute({
  getParentRoute: () => root,
  path: '/agent/interactions/$id',
  beforeLoad: ({ location }) => admit('agent', location.href),
  component: lazyRouteComponent(() => import('../history/interaction-page.js'), 'InteractionPage'),
});

const guide = createRoute({
  getParentRoute: () => root,
  path: '/agent/guide',
  beforeLoad: ({ location }) => admit('agent', location.href),
  validateSearch: guideSearchOf,
  component: lazyRouteComponent(() => import('../guide/guide-page.js'), 'GuidePage'),
});

const article = createRoute({
  getParentRoute: () => root,
  path: '/agent/guide/$id',
  beforeLoad: ({ location }) => admit('agent', location.href),
  component: lazyRouteComponent(() => import('../guide/article-page.js'), 'ArticlePage'),
});

const writing = createRoute({
  getParentRoute: () => root,
  path: '/supervisor/guide',
  beforeLoad: ({ location }) => admit('supervisor', location.href),
  validateSearch: ({ article: id }: { article?: unknown }) => (typeof id === 'string' ? { article: id } : {}),
  component: lazyRouteComponent(() => import('../guide/writing-page.js'), 'WritingPage'),
});

/** Pages about accounts, for administrators. */
const users = createRoute({
  getParentRoute: () => root,
  path: '/admin/users',
  beforeLoad: ({ location }) => admit('admin', location.href),
  component: lazyRouteComponent(() => import('../admin/users.js'), 'Users'),
});

const sessions = createRoute({
  getParentRoute: () => root,
  path: '/admin/sessions',
  beforeLoad: ({ location }) => admit('admin', location.href),
  component: lazyRouteComponent(() => import('../admin/open-sessions.js'), 'OpenSessions'),
});

const tokens = createRoute({
  getParentRoute: () => root,
  path: '/admin/tokens',
  beforeLoad: ({ location }) => admit('admin', location.href),
  component: lazyRouteComponent(() => import('../admin/tokens.js'), 'Tokens'),
});

const webhooks = createRoute({
  getParentRoute: () => root,
  path: '/admin/webhooks',
  beforeLoad: ({ location }) => admit('admin', location.href),
  component: lazyRouteComponent(() => import('../webhooks/webhooks.js'), 'WebhooksPage'),
});

const audit = createRoute({
  getParentRoute: () => root,
  path: '/admin/audit',
  beforeLoad: ({ location }) => admit('admin', location.href),
  component: lazyRouteComponent(() => import('../admin/audit.js'), 'AuditLog'),
});

const centre = createRoute({
  getParentRoute: () => root,
  path: '/admin/centre/$part',
  beforeLoad: ({ location }) => admit('admin', location.href),
  component: lazyRouteComponent(() => import('../centre/centre.js'), 'CentreForms'),
});

const account = createRoute({
  getParentRoute: () => root,
  path: '/account',
  beforeLoad: ({ location }) => admit('agent', location.href),
  component: lazyRouteComponent(() => import('../account/own-account.js'), 'OwnAccount'),
});

export const router = createRouter({
  routeTree: root.addChildren([
    home,
    signIn,
    tryOut,
    agent,
    phone,
    workList,
    supervisor,
    wall,
    figures,
    flows,
    studio,
    prompts,
    promptPage,
    interactions,
    interaction,
    guide,
    article,
    writing,
    users,
    sessions,
    tokens,
    webhooks,
    audit,
    centre,
    account,
  ]),
  defaultPreload: 'intent',
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}

/** Hilo checks every request by itself; this only spares people a page full of refusals. */
async function admit(least: Role, next: string): Promise<void> {
  const person = await queries.ensureQueryData(personQuery);
  if (person === null) throw redirect({ to: '/sign-in', search: { next } });
  if (!mayUse(person, least)) throw redirect({ to: '/' });
}
