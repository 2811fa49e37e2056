// Every page of the application, as those see it who may: large and light in English, on a telephone and dark in Spanish. Which pages
// there are is asked of the router: one that is added and not visited here fails.
import type { Page, Route } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { FORM_PARTS } from '../../../src/web/centre/parts.js';
import { router } from '../../../src/web/shell/router.js';
import type { Language } from '../../../src/web/texts/language.js';
import { describeInBrowser } from '../../support/chromium/stage.js';
import { accessFaults, type PersonOptions, WebApp } from '../../support/chromium/web-app.js';
import { changeCentre } from '../../support/hilo/centre.js';
import { Scene } from '../../support/hilo/scene.js';
import { eventually } from '../../support/servers.js';
import { keepPicture } from './every-page/kept-pictures.js';
import { type Made, make, putAway } from './every-page/made.js';
import { foreignWords } from './every-page/words.js';

type Place = keyof typeof router.routesByPath;

const VISITS: Readonly<Record<Place, (made: Made) => readonly string[]>> = {
  '/sign-in': () => ['/sign-in'],
  '/try': () => ['/try'],
  '/': () => ['/'],
  '/agent': () => ['/agent'],
  '/agent/phone': () => ['/agent/phone'],
  '/agent/work': () => ['/agent/work'],
  '/agent/interactions': ({ number }) => [`/agent/interactions?text=${encodeURIComponent(number)}`],
  '/agent/interactions/$id': ({ interaction }) => [`/agent/interactions/${interaction}`],
  '/agent/guide': () => ['/agent/guide'],
  '/agent/guide/$id': ({ article }) => [`/agent/guide/${article}`],
  '/account': () => ['/account'],
  '/supervisor': () => ['/supervisor'],
  '/supervisor/wall': () => ['/supervisor/wall'],
  '/supervisor/figures': () => ['/supervisor/figures'],
  '/supervisor/guide': ({ article }) => [`/supervisor/guide?article=${article}`],
  '/admin/flows': () => ['/admin/flows'],
  '/admin/flows/$name': () => ['/admin/flows/main'],
  '/admin/prompts': () => ['/admin/prompts'],
  '/admin/prompts/$name': () => ['/admin/prompts/regret'],
  '/admin/users': () => ['/admin/users'],
  '/admin/sessions': () => ['/admin/sessions'],
  '/admin/tokens': () => ['/admin/tokens'],
  '/admin/webhooks': () => ['/admin/webhooks'],
  '/admin/audit': () => ['/admin/audit'],
  '/admin/centre/$part': () => FORM_PARTS.map((part) => `/admin/centre/${part}`),
};

const LARGE = { language: 'en-GB', colorScheme: 'light', viewport: { width: 1280, height: 800 } } as const;
const SMALL = { language: 'es-ES', colorScheme: 'dark', viewport: { width: 390, height: 844 } } as const;
/** What a page has nothing to show without; who is signed in it knows. */
const ASKED = /\/api\/(?!session|me$|live)/;
/** A page that asks nothing has nothing to wait for. */
const ASKING_MS = 300;
const OTHER_PARTS = /centre\/(?!queues)/;

type Who = 'stranger' | 'agent' | 'supervisor' | 'admin';

describeInBrowser('every page', () => {
  let app: WebApp;
  let scene: Scene;
  let made: Made;
  beforeAll(async () => {
    app = new WebApp(inject('hilo').http, inject('chromium'));
    scene = new Scene(inject('hilo'));
    await changeCentre(scene.hilo.flowsFolder, (centre) => centre.setIn(['queues', 'support', 'record'], true));
    await eventually('the centre records', async () => /record: true/.test(await scene.api.flow('centre')));
    made = await make(scene);
  });
  afterEach(() => app.leave());
  afterAll(async () => {
    await changeCentre(scene.hilo.flowsFolder, (centre) => centre.deleteIn(['queues', 'support', 'record']));
    await putAway(scene, made);
    await scene.close();
    await app.close();
  });

  test('is visited here', () => {
    expect(Object.keys(VISITS).toSorted()).toEqual(Object.keys(router.routesByPath).toSorted());
  });

  describe.each(['stranger', 'agent', 'supervisor', 'admin'] as const)('for %s', (who) => {
    const open = (options: PersonOptions): Promise<Page> => {
      if (who === 'stranger') return app.stranger('/', options);
      return app.person({ agent: made.agent, supervisor: made.supervisor, admin: 'admin' }[who], '/', options);
    };
    const addresses = (): readonly string[] =>
      Object.entries(VISITS).flatMap(([place, addressesOf]) => (whoseIs(place) === who ? addressesOf(made) : []));

    test('large, light, in English: also while it loads', async () => {
      const page = await open(LARGE);
      const faults: string[] = [];
      // The parts of the centre have the same page; each is looked at by the test of the forms.
      for (const address of addresses().filter((one) => !OTHER_PARTS.test(one))) {
        const answers = await holdBack(page);
        const before = await goTo(page, address);
        if (await answers.areAsked())
          faults.push(...(await accessFaults(page)).map((one) => `${address}: ${one} (loading)`));
        await answers.come();
        for (const fault of await faultsOf(page, 'en', before)) faults.push(`${address}: ${fault}`);
        await keepPicture(page, address, 'large');
      }
      expect(faults).toEqual([]);
    });

    test('on a telephone, dark, in Spanish', async () => {
      const page = await open(SMALL);
      const faults: string[] = [];
      for (const address of addresses()) {
        const before = await goTo(page, address);
        for (const fault of await faultsOf(page, 'es', before)) faults.push(`${address}: ${fault}`);
        await keepPicture(page, address, 'small');
      }
      expect(faults).toEqual([]);
    });
  });
});

function whoseIs(place: string): Who {
  if (place === '/account') return 'agent';
  return (['agent', 'supervisor', 'admin'] as const).find((who) => place.startsWith(`/${who}`)) ?? 'stranger';
}

/** As by a link in the head, inside the application; the title that the tab had. */
async function goTo(page: Page, address: string): Promise<string> {
  await page.getByRole('banner').getByRole('link', { name: 'Hilo' }).focus();
  const title = await page.title();
  await page.evaluate((to) => history.pushState({}, '', to), address);
  return title;
}

/** Nothing that the page asks is answered until `come`. */
async function holdBack(page: Page) {
  const held: Route[] = [];
  await page.route(ASKED, (route) => void held.push(route));
  return {
    areAsked: () =>
      eventually('a question', () => held.length > 0, ASKING_MS).then(
        () => true,
        () => false,
      ),
    async come() {
      // Whatever is asked from now on goes its way.
      await page.route(ASKED, (route) => route.continue());
      await Promise.all(held.map((route) => route.continue()));
    },
  };
}

/** What is wrong with the page as it is when everything is there. `before`: the title of the page that was there before it. */
async function faultsOf(page: Page, language: Language, before: string): Promise<readonly string[]> {
  await page.waitForFunction((title) => document.title !== title, before);
  await page.waitForLoadState('networkidle');
  await page.locator('.mantine-Loader-root').first().waitFor({ state: 'detached' });
  const { wide, headings, title, focus } = await page.evaluate(() => ({
    wide: (document.scrollingElement?.scrollWidth ?? 0) - innerWidth,
    headings: [...document.querySelectorAll('h1')].map((one) => one.textContent),
    title: document.title,
    focus: document.activeElement?.tagName,
  }));
  const [heading = ''] = headings;
  return [
    ...(wide > 0 ? [`it is ${wide} pixels wider than the screen`] : []),
    ...(headings.length === 1 ? [] : [`it has ${headings.length} first headings`]),
    ...(title.includes(heading) && title.endsWith('Hilo') ? [] : [`its title is ${title}`]),
    ...(focus === 'H1' || focus === 'MAIN' ? [] : [`the focus is at ${focus}`]),
    ...(await accessFaults(page)),
    ...(await foreignWords(page, language)).map((word) => `not in ${language}: ${word}`),
  ];
}
