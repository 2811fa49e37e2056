// What becomes of an event that a webhook wants: sent, tried again, left alone for a while, given up.
import { expect, test } from 'vitest';
import { Audit } from '../../../src/app/audit.js';
import { LEASE_MS, type Sent, WebhookDelivering } from '../../../src/app/webhooks/delivering.js';
import { afterFailure, DISABLED_AFTER_MS, FAILURES_MAX, RETRY_AFTER_MS } from '../../../src/app/webhooks/schedule.js';
import { hostFor, WEBHOOKS_MAX, Webhooks } from '../../../src/app/webhooks/webhooks.js';
import type { WebHost } from '../../../src/core/document/web-host.js';
import { WEBHOOK_EVENT_TYPES, webhookBody } from '../../../src/core/interaction/outward/webhook-event.js';
import { FakeClock } from '../../../src/lib/clock.js';
import { seededIds, seededRandom } from '../../../src/lib/ids.js';
import { silentLog } from '../../../src/lib/log.js';
import { FakeAudit } from '../../support/fakes/audit.js';
import { FakeWebhooks } from '../../support/fakes/webhooks.js';

const HOSTS: ReadonlyMap<string, WebHost> = new Map([
  ['crm.example.com:443', { host: 'crm.example.com', port: 443, insecure: false, private: false }],
  ['127.0.0.1:9000', { host: '127.0.0.1', port: 9000, insecure: true, private: true }],
]);
const WISH = { title: 'CRM', url: 'https://crm.example.com/hilo', events: WEBHOOK_EVENT_TYPES };
const NOTHING_THERE: Sent = { outcome: 'failed', reason: 'unreachable' };
const OK: Sent = { outcome: 'answered', status: 204 };

function scene() {
  const [store, audited, clock] = [new FakeWebhooks(), new FakeAudit(), new FakeClock(0)];
  const ids = seededIds(seededRandom(1));
  const centre = () => ({ webHosts: HOSTS });
  const sent: string[] = [];
  let answer: Sent = OK;
  const sender = {
    send: async ({ event }: { readonly event: string }) => {
      sent.push(event);
      return answer;
    },
  };
  const audit = new Audit({ store: audited, clock });
  const delivering = new WebhookDelivering({ store, sender, audit, centre, clock, log: silentLog });
  const webhooks = new Webhooks({ store, centre, clock, ids });
  return {
    ...{ store, audited, clock, delivering, webhooks, sent },
    answers: (next: Sent) => {
      answer = next;
    },
    look: async () => {
      await delivering.look();
      await delivering.sent();
    },
    one: async () => (await webhooks.all())[0] ?? expect.fail('there is no webhook'),
  };
}

test('a test event is sent once, and its delivery says so', async () => {
  const { webhooks, look, sent } = scene();
  const { webhook } = await webhooks.make(WISH, 'admin');
  await webhooks.test(webhook.id);
  await look();
  await look();
  expect(sent).toHaveLength(1);
  expect(await webhooks.deliveries({ webhook: webhook.id, limit: 10 })).toMatchObject([
    { state: 'delivered', status: 204, attempts: 1, type: 'test' },
  ]);
});

test('what fails is tried again at its times, and given up after the last; by hand it is sent once more', async () => {
  const { webhooks, look, sent, clock, answers, store } = scene();
  const { webhook } = await webhooks.make(WISH, 'admin');
  await webhooks.test(webhook.id);
  answers({ outcome: 'answered', status: 500 });
  for (const delay of RETRY_AFTER_MS) {
    await look();
    const [delivery] = await webhooks.deliveries({ webhook: webhook.id, limit: 1 });
    expect(delivery).toMatchObject({
      state: 'waiting',
      status: 500,
      error: 'status 500',
      nextAtMs: clock.nowMs() + delay,
    });
    // As if another event had arrived meanwhile: the row of failures is another matter.
    await store.changeWebhook(webhook.id, { state: 'active' });
    clock.advance(delay - 1);
    const before = sent.length;
    await look();
    expect(sent).toHaveLength(before);
    clock.advance(1);
  }
  await look();
  expect(sent).toHaveLength(RETRY_AFTER_MS.length + 1);
  const [failed] = await webhooks.deliveries({ webhook: webhook.id, limit: 1 });
  expect(failed).toMatchObject({ state: 'failed' });
  answers(OK);
  await store.changeWebhook(webhook.id, { state: 'active' });
  await webhooks.replay(webhook.id, failed?.number ?? 0);
  await look();
  expect(await webhooks.deliveries({ webhook: webhook.id, limit: 1 })).toMatchObject([
    { state: 'delivered', attempts: 1 },
  ]);
  expect(new Set(sent).size).toBe(1);
});

test('after five failures in a row it is left alone, then one is tried; when that arrives the rest follows', async () => {
  const { webhooks, look, sent, clock, answers, one } = scene();
  const { webhook } = await webhooks.make(WISH, 'admin');
  for (let event = 0; event < FAILURES_MAX + 3; event += 1) await webhooks.test(webhook.id);
  answers(NOTHING_THERE);
  await look();
  const { openUntilMs = 0, failures } = await one();
  expect(failures).toBe(FAILURES_MAX + 3);
  sent.length = 0;
  clock.advance(openUntilMs - clock.nowMs() - 1);
  await look();
  expect(sent).toEqual([]);
  clock.advance(1);
  await look();
  expect(sent).toHaveLength(1);
  answers(OK);
  clock.advance(15 * 60_000);
  await look();
  expect(sent).toHaveLength(2);
  expect(await one()).toMatchObject({ failures: 0 });
  await look();
  expect(sent).toHaveLength(FAILURES_MAX + 3 + 1);
});

test('nothing arrives for five days: it is disabled, which the audit tells; taken up again, what waited is sent', async () => {
  const { webhooks, look, clock, answers, one, audited, sent } = scene();
  const { webhook } = await webhooks.make(WISH, 'admin');
  answers(NOTHING_THERE);
  await webhooks.test(webhook.id);
  await look();
  clock.advance(DISABLED_AFTER_MS);
  await webhooks.test(webhook.id);
  await look();
  expect((await one()).standing).toEqual({ state: 'disabled', reason: 'failing', sinceMs: DISABLED_AFTER_MS });
  expect(audited.lines.map(({ act, on }) => [act, on])).toEqual([['webhook-disabled', webhook.id]]);
  sent.length = 0;
  clock.advance(86_400_000);
  await look();
  expect(sent).toEqual([]);
  answers(OK);
  await webhooks.change(webhook.id, { state: 'active' });
  await look();
  expect(sent).toHaveLength(2);
});

test('a host that the centre does not name gets nothing, also when it was taken out later', async () => {
  const { webhooks, look, store, sent } = scene();
  await expect(webhooks.make({ ...WISH, url: 'https://elsewhere.example.com/' }, 'admin')).rejects.toMatchObject({
    ...{ code: 'invalid-input', why: { reason: 'host-not-allowed' } },
  });
  const { webhook } = await webhooks.make(WISH, 'admin');
  await store.changeWebhook(webhook.id, { url: 'https://elsewhere.example.com/' });
  await webhooks.test(webhook.id);
  await look();
  expect(sent).toEqual([]);
  expect(await webhooks.deliveries({ webhook: webhook.id, limit: 1 })).toMatchObject([{ error: 'host-not-allowed' }]);
});

test.each([
  ['https://crm.example.com/a?b=c', true],
  ['https://crm.example.com:443/', true],
  ['http://127.0.0.1:9000/', true],
  ['http://crm.example.com/', false],
  ['https://127.0.0.1:9000/', false],
  ['https://user:password@crm.example.com/', false],
  ['https://crm.example.com.evil.example/', false],
  ['ftp://crm.example.com/', false],
  ['crm.example.com', false],
])('%s: %s', (url, allowed) => {
  expect(hostFor(url, HOSTS) !== undefined).toBe(allowed);
});

test('a closed node leaves what it held to others, after the lease', async () => {
  const { webhooks, delivering, store, clock } = scene();
  const { webhook } = await webhooks.make(WISH, 'admin');
  await webhooks.test(webhook.id);
  const closing = delivering.look();
  await delivering.close();
  await closing;
  expect(await webhooks.deliveries({ webhook: webhook.id, limit: 1 })).toMatchObject([{ state: 'waiting' }]);
  expect(await store.claim(clock.nowMs(), 0, 10, 5, [])).toEqual([]);
  clock.advance(LEASE_MS);
  expect(await store.claim(clock.nowMs(), 0, 10, 5, [])).toHaveLength(1);
});

test('there is a bound to how many there are, and a secret is shown once', async () => {
  const { webhooks } = scene();
  const { webhook, secret } = await webhooks.make(WISH, 'admin');
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  expect(JSON.stringify(await webhooks.all())).not.toContain(secret);
  expect(await webhooks.newSecret(webhook.id)).not.toBe(secret);
  for (let more = 1; more < WEBHOOKS_MAX; more += 1) await webhooks.make(WISH, 'admin');
  await expect(webhooks.make(WISH, 'admin')).rejects.toMatchObject({ code: 'wrong-state' });
});

test('the pauses after failures grow up to a quarter of an hour', () => {
  const opens = [4, 5, 6, 9, 30].map((failures) => afterFailure({ attempts: 1, failures }, 0).openUntilMs);
  expect(opens).toEqual([30_000, 60_000, 120_000, 900_000, 900_000]);
  expect(afterFailure({ attempts: 1, failures: 3 }, 0).openUntilMs).toBeUndefined();
});

test('of a fact only what is promised goes out', () => {
  const fact = { interaction: 'i1', reference: 'H-1', version: 2, atMs: 0 };
  const data = { segment: 's1', callId: 'c', from: '+34600123456', to: '1000', trunk: 'lab', node: 'n1' };
  const told = webhookBody({ ...fact, type: 'call-arrived', data });
  expect(told?.id).toBe('i1.2');
  expect(JSON.parse(told?.body ?? '')).toEqual({
    ...{ id: 'i1.2', type: 'call-arrived', timestamp: '1970-01-01T00:00:00.000Z' },
    ...{ interaction: 'i1', reference: 'H-1', version: 2 },
    data: { segment: 's1', from: '+34600123456', to: '1000', trunk: 'lab' },
  });
  expect(webhookBody({ ...fact, type: 'flow-step', data })).toBeUndefined();
});
