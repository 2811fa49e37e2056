// Every page of the application, as those see it who may: large and light in English, on a telephone and dark in Spanish. Which pages
// there are is asked of the router: one that is added and not visited here fails.
import type { Page, Route } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { FORM_PARTS } from '../../../src/web/centre/parts.js';
import { router } from '../../../src/web/shell/router.js';
import type { Language } from '../../../src/web/texts/language.js';
import { describeInBrowser } from '../../support/chromium/stage.js';
import { accessFaults, type PersonOptions, WebApp } from '../../support/chromium/web-app.js';
import { changeCentre, TONES } from '../../support/hilo/centre.js';
import { Scene } from '../../support/hilo/scene.js';
import { PASSWORD } from '../../support/hilo/server.js';
import { eventually } from '../../support/servers.js';
import { keepPicture } from './every-page/kept-pictures.js';
import { type Made, make, putAway } from './every-page/made.js';
import { foreignWords } from './every-page/words.js';

type Place = keyof typeof router.routesByPath;

const VISITS: Readonly<Record<Place, (made: Made) => readonly string[]>> = {
  '/': () => ['/'],
  '/sign-in': () => ['/sign-in'],
  '/try': () => ['/try'],
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

type Who = 'stranger' | 'agent' | 'supervisor' | 'admin';

describeInBrowser('every page', () => {
  let app: WebApp;
  let scene: Scene;
  let made: Made;
  beforeAll(async () => {
    const { http, flowsFolder } = inject('hilo');
    app = new WebApp(http, TONES.other);
    scene = new Scene(inject('hilo'));
    await changeCentre(flowsFolder, (centre) => centre.setIn(['queues', 'support', 'record'], true));
    await eventually('the centre records', async () => /record: true/.test(await scene.api.flow('centre')));
    made = await make(scene, PASSWORD);
  });
  afterEach(() => app.leave());
  afterAll(async () => {
    await putAway(scene, made);
    await changeCentre(inject('hilo').flowsFolder, (centre) => centre.deleteIn(['queues', 'support', 'record']));
    await scene.close();
    await app.close();
  });

  test('is visited here', () => {
    expect(Object.keys(VISITS).toSorted()).toEqual(Object.keys(router.routesByPath).toSorted());
  });

  const open = (who: Who, options: PersonOptions): Promise<Page> => {
    if (who === 'stranger') return app.stranger('/', options);
    return app.person({ agent: 'ana', supervisor: made.supervisor, admin: 'admin' }[who], '/', options);
  };
  const addressesOf = (who: Who): readonly string[] =>
    Object.entries(VISITS).flatMap(([place, addresses]) => (whoseIs(place) === who ? addresses(made) : []));

  describe.each(['stranger', 'agent', 'supervisor', 'admin'] as const)('for %s', (who) => {
    test('large, light, in English: also while it loads', async () => {
      const page = await open(who, LARGE);
      const faults: string[] = [];
      for (const address of addressesOf(who)) {
        const arrive = await holdBack(page);
        await goTo(page, address);
        if (await arrive.isAsked()) faults.push(...(await accessFaults(page)).map((one) => `${address} loads: ${one}`));
        await arrive.goOn();
        for (const fault of await faultsOf(page, 'en')) faults.push(`${address}: ${fault}`);
        await keepPicture(page, address, 'large');
      }
      expect(faults).toEqual([]);
    });

    test('on a telephone, dark, in Spanish', async () => {
      const page = await open(who, SMALL);
      const faults: string[] = [];
      for (const address of addressesOf(who)) {
        await goTo(page, address);
        for (const fault of await faultsOf(page, 'es')) faults.push(`${address}: ${fault}`);
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

/** As by a link in the head, inside the application. */
async function goTo(page: Page, address: string): Promise<void> {
  await page.getByRole('banner').getByRole('link', { name: 'Hilo' }).focus();
  await page.evaluate((to) => history.pushState({}, '', to), address);
}

/** Nothing that is asked is answered until `goOn`. */
async function holdBack(page: Page) {
  const held: Route[] = [];
  await page.route(ASKED, (route) => void held.push(route));
  return {
    isAsked: () =>
      eventually('a question', () => held.length > 0, 300).then(
        () => true,
        () => false,
      ),
    async goOn() {
      // Told before they are answered: whatever is asked from now on goes its way.
      await page.route(ASKED, (route) => route.continue());
      await Promise.all(held.map((route) => route.continue()));
    },
  };
}

/** What is wrong with the page as it is when everything is there. */
async function faultsOf(page: Page, language: Language): Promise<readonly string[]> {
  await page.waitForFunction(() => {
    const isLoading = document.querySelector('.mantine-Loader-root') !== null;
    return document.querySelector('h1') !== null && !isLoading;
  });
  await page.waitForTimeout(300);
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
