// What operators and machines ask for: health, metrics, dead letters, the documentation; and the first page.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MAX_STEP_SERIES } from '../../src/api/flow-metrics.js';
import type { Thread } from '../../src/app/record/thread.js';
import type { InteractionEvent } from '../../src/core/interaction/event.js';
import { fold, initial } from '../../src/core/interaction/interaction.js';
import { type ApiScene, openApiScene } from '../support/api-scene.js';
import { arrived, connected, ended, left, queued, record, recovered, type Told } from '../support/record.js';

let scene: ApiScene;
beforeEach(async () => {
  scene = await openApiScene();
});
afterEach(() => scene?.close());

describe('health', () => {
  test('alive is whoever answers', async () => {
    expect((await scene.ask('GET', '/health/live')).json()).toEqual({ status: 'live' });
  });

  test('ready until a needed part is down', async () => {
    expect((await scene.ask('GET', '/health/ready')).statusCode).toBe(200);
    for (const part of scene.parts) part.up = false;
    const down = await scene.ask('GET', '/health/ready');
    expect(down.statusCode).toBe(503);
    expect(down.json()).toEqual({
      status: 'not-ready',
      parts: [
        { name: 'record', up: false, needed: true },
        { name: 'texts', up: false, needed: false },
      ],
    });
    for (const part of scene.parts) part.up = part.needed;
    expect((await scene.ask('GET', '/health/ready')).statusCode).toBe(200);
  });
});

describe('servers', () => {
  test('are shown, taken out by an administrator, and taken in again', async () => {
    const listed = await scene.ask('GET', '/api/servers', { as: 'sofia' });
    expect(listed.json()).toMatchObject({ servers: [{ server: '127.0.0.1:9022', draining: false }] });
    const drain = (server: string, as: string, draining = true) =>
      scene.ask('PUT', `/api/servers/${encodeURIComponent(server)}`, { as, body: { draining } });
    expect((await drain('127.0.0.1:9022', 'sofia')).statusCode).toBe(403);
    expect((await drain('nobody:1', 'admin')).statusCode).toBe(404);
    expect((await drain('127.0.0.1:9022', 'admin')).json()).toMatchObject({ servers: [{ draining: true }] });
    const { body } = await scene.ask('GET', '/metrics');
    expect(body).toContain('hilo_server_in{server="signalling 127.0.0.1:9022"} 0');
    expect(body).toContain('hilo_load_limited 1');
    expect(body).toContain('hilo_load_pressure{measure="application-busy"} 1.2');
    expect((await drain('127.0.0.1:9022', 'admin', false)).json()).toMatchObject({ servers: [{ draining: false }] });
  });
});

describe('metrics', () => {
  const value = async (series: string): Promise<number | undefined> => {
    const { body } = await scene.ask('GET', '/metrics');
    const line = body.split('\n').find((text) => text.startsWith(`${series} `));
    return line === undefined ? undefined : Number(line.split(' ').at(-1));
  };

  test('show how lines sounded, by party', async () => {
    const data = { segment: 's', party: 'customer', packets: 900, lossPercent: 3, jitterMs: 60, opinion: 3.2 } as const;
    const reported = { lossPercent: 0, opinion: 4.3, roundTripMs: 130 };
    scene.tell({ events: [], state: initial } as Partial<Thread> as Thread, {
      type: 'leg-quality',
      data: { ...data, reported },
    });
    expect({
      many: await value('hilo_leg_opinion_bucket{le="3.1",party="customer"}'),
      some: await value('hilo_leg_opinion_bucket{le="3.6",party="customer"}'),
      loss: await value('hilo_leg_loss_percent_sum{party="customer"}'),
      jitter: await value('hilo_leg_jitter_ms_bucket{le="50",party="customer"}'),
      roundTrip: await value('hilo_leg_round_trip_ms_sum{party="customer"}'),
    }).toEqual({ many: 0, some: 1, loss: 3, jitter: 0, roundTrip: 130 });
  });

  test('count steps of flows by name and outcome, and what surveys said', async () => {
    const tell = (event: InteractionEvent) =>
      scene.tell({ events: [], state: initial } as Partial<Thread> as Thread, event);
    const segment = 's';
    for (const outcome of ['digits:4', 'digits:9', 'key:*', 'not-served:max-wait']) {
      tell({ type: 'flow-step', data: { segment, step: 'main/pay', outcome } });
    }
    tell({ type: 'flow-step', data: { segment, step: 'main/pay', outcome: 'key:*', name: 'payment' } });
    tell({ type: 'survey-answered', data: { segment, survey: 'nps', score: 9, name: 'ask' } });
    expect({
      digits: await value('hilo_flow_steps_total{flow="main",step="pay",outcome="digits"}'),
      key: await value('hilo_flow_steps_total{flow="main",step="pay",outcome="key:*"}'),
      reason: await value('hilo_flow_steps_total{flow="main",step="pay",outcome="not-served"}'),
      named: await value('hilo_flow_steps_total{flow="main",step="payment",outcome="key:*"}'),
      survey: await value('hilo_survey_answers_total{survey="nps",score="9"}'),
    }).toEqual({ digits: 2, key: 1, reason: 1, named: 1, survey: 1 });
  });

  test('show how long callers waited for other systems', async () => {
    const data = { segment: 's', host: 'crm.example.com', method: 'GET', outcome: '2xx', tries: 2, durationMs: 800 };
    scene.tell({ events: [], state: initial } as Partial<Thread> as Thread, { type: 'web-asked', data });
    const series = (what: string): string => `hilo_flow_requests_seconds_${what}host="crm.example.com",outcome="2xx"}`;
    expect(await value(series('bucket{le="0.5",'))).toBe(0);
    expect(await value(series('bucket{le="1",'))).toBe(1);
    expect(await value(series('sum{'))).toBe(0.8);
  });

  test('say how honest estimated waits were, and how many customers were lost and got back', async () => {
    const lostAgain: readonly Told[] = [
      [0, arrived('s1')],
      [1, queued('e1', 1)],
      [
        1,
        {
          type: 'wait-estimated',
          data: { entry: 'e1', queue: 'support', position: 1, agents: 1, samples: 5, waitMs: 60_000 },
        },
      ],
      [30, left('e1', 'caller-hung-up', 29)],
      [30, ended('abandoned')],
      [60, arrived('s2')],
      [61, queued('e2', 1, { segment: 's2' })],
      [
        61,
        {
          type: 'wait-estimated',
          data: { entry: 'e2', queue: 'support', position: 1, agents: 1, samples: 5, waitMs: 60_000 },
        },
      ],
      [151, connected('e2', 90, 's2')],
      [200, ended('served', { segment: 's2', talkedMs: 49_000 })],
    ];
    const events = record(lostAgain);
    events.forEach(({ event }, index) => {
      const before = events.slice(0, index + 1);
      scene.tell({ events: before, state: fold(before) } as Partial<Thread> as Thread, event);
    });
    const elsewhere = record([
      ...lostAgain.slice(0, 5),
      [90, { type: 'recovered-elsewhere', data: { interaction: 'i2', segment: 's9', by: 'callback' } }],
    ]);
    const last = elsewhere.at(-1);
    if (last !== undefined)
      scene.tell({ events: elsewhere, state: fold(elsewhere) } as Partial<Thread> as Thread, last.event);
    expect(await value('hilo_customers_recovered_total{queue="support",by="callback"}')).toBe(1);
    expect({
      told: await value('hilo_wait_estimate_error_seconds_count{queue="support"}'),
      late: await value('hilo_wait_estimate_error_seconds_sum{queue="support"}'),
      lost: await value('hilo_customers_lost_total{queue="support"}'),
      back: await value('hilo_customers_recovered_total{queue="support",by="call"}'),
    }).toEqual({ told: 1, late: 30, lost: 1, back: 1 });
  });

  test('have a bound for steps', async () => {
    const tell = (step: string) =>
      scene.tell({ events: [], state: initial } as Partial<Thread> as Thread, {
        type: 'flow-step',
        data: { segment: 's', step: `main/${step}`, outcome: 'said' },
      });
    for (let index = 0; index < MAX_STEP_SERIES + 3; index += 1) tell(`s${index}`);
    tell('s0');
    expect(await value('hilo_flow_steps_total{flow="other",step="other",outcome="other"}')).toBe(3);
    expect(await value('hilo_flow_steps_total{flow="main",step="s0",outcome="said"}')).toBe(2);
  });

  test('count a story as it is told', async () => {
    const events = record(recovered);
    events.forEach(({ event }, index) => {
      const told = events.slice(0, index + 1);
      scene.tell({ events: told, state: fold(told) } as Partial<Thread> as Thread, event as InteractionEvent);
    });
    expect({
      arrived: await value('hilo_calls_arrived_total'),
      abandoned: await value('hilo_calls_ended_total{direction="in",result="abandoned"}'),
      served: await value('hilo_calls_ended_total{direction="out",result="served"}'),
      made: await value('hilo_offers_total{outcome="made"}'),
      connected: await value('hilo_offers_total{outcome="connected"}'),
      written: await value('hilo_messages_total{channel="sandbox",direction="out",status="queued"}'),
      delivered: await value('hilo_messages_total{channel="sandbox",direction="out",status="delivered"}'),
      answered: await value('hilo_messages_total{channel="sandbox",direction="in",status="received"}'),
      requested: await value('hilo_callbacks_total{event="requested"}'),
      reached: await value('hilo_callbacks_total{event="connected"}'),
      unaccounted: await value('hilo_calls_unaccounted'),
    }).toEqual({
      arrived: 1,
      abandoned: 1,
      served: 1,
      made: 1,
      connected: 1,
      written: 1,
      delivered: 1,
      answered: 1,
      requested: 1,
      reached: 1,
      unaccounted: 0,
    });
  });

  test('show who waits, who works, what is spooled and how the process does', async () => {
    scene.registered.add('ana-desk');
    await scene.agents.setState('ana', { state: 'available' });
    expect(await value('hilo_agents{state="available"}')).toBe(1);
    expect(await value('hilo_agents{state="offline"}')).toBe(3);
    expect(await value('hilo_queue_waiting{queue="support"}')).toBe(0);
    expect(await value('hilo_record_spooled_facts')).toBe(7);
    expect(await value('hilo_part_up{part="record"}')).toBe(1);
    expect(await value('process_resident_memory_bytes')).toBeGreaterThan(0);
    expect(await value('nodejs_eventloop_lag_p99_seconds')).toBeGreaterThanOrEqual(0);
  });

  test('count requests by route, whatever stands in their address', async () => {
    await scene.ask('GET', '/api/agents/ana/state');
    await scene.ask('GET', '/api/agents/bruno/state');
    await scene.ask('GET', `/no/${'x'.repeat(50)}`);
    expect(
      await value('hilo_http_request_seconds_count{method="GET",route="/api/agents/:id/state",status="401"}'),
    ).toBe(2);
    expect(await value('hilo_http_request_seconds_count{method="GET",route="none",status="404"}')).toBe(1);
    expect((await scene.ask('GET', '/metrics')).body).not.toContain('xxx');
  });
});

test('jobs that failed for good are listed with their reason', async () => {
  const { jobs } = (await scene.ask('GET', '/api/jobs/failed', { as: 'sofia' })).json();
  expect(jobs).toEqual([
    {
      id: 'send m1',
      kind: 'send-message',
      interaction: 'i1',
      reason: 'the provider is away',
      attempts: 6,
      failedAt: '1970-01-01T00:00:00.000Z',
    },
  ]);
});

test('debug shows what every owner tells of itself', async () => {
  expect((await scene.ask('GET', '/debug', { as: 'admin' })).json()).toEqual({ centre: { calls: 0 } });
});

describe('the documentation', () => {
  interface Operation {
    readonly summary?: string;
    readonly security: readonly object[];
    readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, object>> }>>;
  }

  test('is OpenAPI 3.1 in which every reference leads somewhere', async () => {
    const { body } = await scene.ask('GET', '/docs/json');
    const document = JSON.parse(body);
    expect(document.openapi).toBe('3.1.0');
    const references = new Set(
      [...body.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name),
    );
    expect([...references].filter((name) => !(String(name) in document.components.schemas))).toEqual([]);
    expect(references).toContain('Problem');
    expect(body).not.toContain('x-hilo');
  });

  test('tells of every operation what it does, what it answers and how it refuses', async () => {
    const { paths } = (await scene.ask('GET', '/docs/json')).json();
    const operations = Object.entries(paths as Record<string, Record<string, Operation>>).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ name: `${method} ${path}`, ...operation })),
    );
    expect(operations.length).toBeGreaterThan(20);
    for (const { name, summary, security, responses } of operations) {
      expect(summary, name).toMatch(/\S/);
      expect(
        Object.keys(responses).some((status) => status.startsWith('2')),
        name,
      ).toBe(true);
      const refusals = security.length === 0 ? ['429', '500'] : ['401', '403', '429', '500', '503'];
      expect(Object.keys(responses), name).toEqual(expect.arrayContaining(refusals));
      for (const [status, { content = {} }] of Object.entries(responses)) {
        if (Number(status) < 400 || name.includes('/health')) continue;
        expect(Object.keys(content), `${name} ${status}`).toEqual(['application/problem+json']);
      }
    }
  });

  test('is shown as a page that loads nothing from elsewhere', async () => {
    const { body, headers, statusCode } = await scene.ask('GET', '/docs');
    expect(statusCode).toBe(200);
    expect(body).not.toMatch(/(src|href)="(https?:)?\/\//);
    expect(headers['content-security-policy']).not.toContain('upgrade-insecure-requests');
    for (const [, path = ''] of body.matchAll(/(?:src|href)="([^"]+)"/g)) {
      expect((await scene.ask('GET', path)).statusCode, path).toBe(200);
    }
  });
});
