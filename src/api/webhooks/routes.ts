// Webhooks: other systems that are told what happens; who looks after them is told what became of it.
import { z } from 'zod';
import type { Delivery, Subscription } from '../../app/webhooks/webhook-store.js';
import {
  deliveryPage,
  deliveryQuery,
  madeWebhook,
  newSecret,
  webhook as shown,
  type WireDelivery,
  type WireWebhook,
  webhookChange,
  webhookList,
  webhookWish,
} from '../../contract/webhook/webhook.js';
import { rule, userOf } from '../access.js';
import type { Api } from '../api.js';
import type { ApiServices } from '../services.js';
import { iso } from '../view/time.js';

const tags = ['webhooks'];
const URL = '/api/webhooks';
const params = z.object({ id: z.string().max(64) });
const oneDelivery = params.extend({ number: z.coerce.number().int().positive() });

type Services = Pick<ApiServices, 'subscriptions' | 'audit'>;

export function subscriptionRoutes(api: Api, services: Services): void {
  const { subscriptions } = services;
  api.get(
    URL,
    rule('admin', { tags, summary: 'Webhooks, oldest first; without their secrets', response: { 200: webhookList } }),
    async () => ({ webhooks: (await subscriptions.all()).map(webhookView) }),
  );

  api.get(
    `${URL}/:id/deliveries`,
    rule('admin', {
      ...{ tags, summary: 'What there was to tell, newest first', params },
      ...{ querystring: deliveryQuery, response: { 200: deliveryPage } },
    }),
    async (request) => {
      const { state, before, limit } = request.query;
      const found = await subscriptions.deliveries({
        webhook: request.params.id,
        ...(state === undefined ? {} : { state }),
        ...(before === undefined ? {} : { before }),
        // One more than is shown tells whether there is a next page.
        limit: limit + 1,
      });
      const page = found.slice(0, limit);
      const last = page.at(-1);
      const next = found.length > limit && last !== undefined ? { next: last.number } : {};
      return { deliveries: page.map(deliveryView), ...next };
    },
  );
  changeRoutes(api, services);
  deedRoutes(api, services);
}

function changeRoutes(api: Api, { subscriptions, audit }: Services): void {
  api.post(
    URL,
    rule('admin', { tags, summary: 'Make a webhook', body: webhookWish, response: { 201: madeWebhook } }, [
      'wrong-state',
      'store-unavailable',
    ]),
    async (request, reply) => {
      const by = userOf(request).name;
      const { title, url } = request.body;
      await audit.note({ by, act: 'webhook-made', on: title, detail: { url } });
      const { webhook, secret } = await subscriptions.make(request.body, by);
      return reply.code(201).send({ webhook: webhookView(webhook), secret });
    },
  );

  api.patch(
    `${URL}/:id`,
    rule(
      'admin',
      {
        tags,
        summary: 'Change a webhook, pause it or take it up again',
        params,
        body: webhookChange,
        response: { 200: shown },
      },
      ['not-found', 'store-unavailable'],
    ),
    async (request) => {
      const { id } = request.params;
      const { title, url, events, state } = request.body;
      const what = Object.keys(request.body).join(', ');
      await audit.note({ by: userOf(request).name, act: 'webhook-changed', on: id, detail: { what } });
      return webhookView(
        await subscriptions.change(id, {
          ...(title === undefined ? {} : { title }),
          ...(url === undefined ? {} : { url }),
          ...(events === undefined ? {} : { events }),
          ...(state === undefined ? {} : { state }),
        }),
      );
    },
  );

  api.delete(
    `${URL}/:id`,
    rule('admin', { tags, summary: 'Remove a webhook with its deliveries', params, response: { 204: z.null() } }, [
      'not-found',
      'store-unavailable',
    ]),
    async (request, reply) => {
      await audit.note({ by: userOf(request).name, act: 'webhook-removed', on: request.params.id });
      await subscriptions.remove(request.params.id);
      return reply.code(204).send(null);
    },
  );
}

function deedRoutes(api: Api, { subscriptions, audit }: Services): void {
  api.post(
    `${URL}/:id/secret`,
    rule(
      'admin',
      {
        tags,
        summary: 'Replace the secret; the old one is worth nothing from then on',
        params,
        response: { 200: newSecret },
      },
      ['not-found', 'store-unavailable'],
    ),
    async (request) => {
      await audit.note({ by: userOf(request).name, act: 'webhook-secret-replaced', on: request.params.id });
      return { secret: await subscriptions.newSecret(request.params.id) };
    },
  );

  api.post(
    `${URL}/:id/test`,
    rule('admin', { tags, summary: 'Send an event that means nothing', params, response: { 202: z.null() } }, [
      'not-found',
      'store-unavailable',
    ]),
    async (request, reply) => {
      await subscriptions.test(request.params.id);
      return reply.code(202).send(null);
    },
  );

  api.post(
    `${URL}/:id/deliveries/:number/replay`,
    rule('admin', { tags, summary: 'Send something once more', params: oneDelivery, response: { 202: z.null() } }, [
      'not-found',
      'store-unavailable',
    ]),
    async (request, reply) => {
      const { id, number } = request.params;
      await audit.note({ by: userOf(request).name, act: 'webhook-replayed', on: id, detail: { number } });
      await subscriptions.replay(id, number);
      return reply.code(202).send(null);
    },
  );
}

function webhookView({ standing, events, failingSinceMs, openUntilMs, madeAtMs, ...rest }: Subscription): WireWebhook {
  const { state } = standing;
  return {
    ...rest,
    ...{ events: [...events], state, madeAt: iso(madeAtMs) },
    ...(standing.state === 'disabled' ? { disabledFor: standing.reason, disabledAt: iso(standing.sinceMs) } : {}),
    ...(failingSinceMs === undefined ? {} : { failingSince: iso(failingSinceMs) }),
    ...(openUntilMs === undefined ? {} : { openUntil: iso(openUntilMs) }),
  };
}

function deliveryView({ webhook: _, madeAtMs, nextAtMs, lastAtMs, ...rest }: Delivery): WireDelivery {
  return {
    ...rest,
    madeAt: iso(madeAtMs),
    ...(rest.state === 'waiting' ? { nextAt: iso(nextAtMs) } : {}),
    ...(lastAtMs === undefined ? {} : { lastAt: iso(lastAtMs) }),
  };
}
