// The texts of the centre: read, checked and published as YAML.
import { z } from 'zod';
import { HiloError } from '../../app/errors.js';
import type { Proof } from '../../app/flows.js';
import { checked, flowList, jsonSchema, published } from '../../contract/flow.js';
import { note } from '../../contract/revision.js';
import { name } from '../../contract/wire.js';
import { isError } from '../../core/document/issue.js';
import type { JsonSchema } from '../../core/document/json-schema.js';
import { testSchema } from '../../core/flow-test/test-schema.js';
import { flowSchema } from '../../core/ivr/schema/flow-schema.js';
import { centreJsonSchema } from '../../core/routing/keys/centre-json.js';
import { rule, userOf } from '../access.js';
import { type Api, textAnswer } from '../api.js';
import { ifMatch, overOf } from '../flow-names/over.js';
import type { ApiLimits } from '../limits.js';
import type { ApiServices } from '../services.js';
import { flowTestRoutes } from './flow-tests.js';

const CENTRE = 'centre';
const DRAFT = 'draft';
const YAML_TYPES = ['text/yaml', 'application/yaml', 'text/x-yaml', 'application/x-yaml', 'text/plain'];
const tags = ['flows'];
const params = z.object({ name: name.describe('Of the flow, or `centre`.') });
const consumes = YAML_TYPES.slice(0, 2);
const yaml = z.string().describe('YAML text in UTF-8.');

type Services = Pick<ApiServices, 'flows' | 'flowHistory' | 'audit' | 'clock'>;

export function flowRoutes(api: Api, services: Services, limits: ApiLimits): void {
  const { flows } = services;
  takeYaml(api, limits.flowBytes);
  schemaRoutes(api);
  readingRoutes(api, flows);
  publishingRoute(api, services, limits);
  checkingRoute(api, flows, limits);
  flowTestRoutes(api, services, limits);
}

/** Open: they say no more than the documentation, and editors bring no token. */
function schemaRoutes(api: Api): void {
  const schemas = [
    ['/api/flows/schema', 'The language of flows as JSON Schema, for editors', flowSchema],
    ['/api/flows/schema/tests', 'The language of flow tests as JSON Schema, for editors', testSchema],
    ['/api/flows/schema/centre', 'The language of centre.yaml as JSON Schema, for editors', centreJsonSchema],
  ] as const;
  for (const [path, summary, schemaOf] of schemas) {
    let schema: JsonSchema | undefined;
    api.get(path, rule('open', { tags, summary, response: { 200: jsonSchema } }), async () => {
      schema ??= schemaOf();
      return schema;
    });
  }
}

function readingRoutes(api: Api, flows: ApiServices['flows']): void {
  api.get(
    '/api/flows',
    rule('supervisor', { tags, summary: 'The texts of the centre in force', response: { 200: flowList } }),
    async () => ({
      flows: await Promise.all(
        [CENTRE, ...flows.names()].map(async (one) => ({
          name: one,
          kind: one === CENTRE ? ('centre' as const) : ('flow' as const),
          revision: flows.source(one).revision,
          tests: (await flows.tests(one)) !== undefined,
        })),
      ),
      issues: [...flows.issues()],
    }),
  );

  api.get(
    '/api/flows/:name',
    rule(
      'supervisor',
      { tags, summary: 'The text of a flow in force', params, response: { 200: textAnswer('text/yaml', 'The text.') } },
      ['not-found'],
    ),
    async (request, reply) => {
      const { text, revision } = flows.source(request.params.name);
      return reply.type('text/yaml; charset=utf-8').header('etag', `"${revision}"`).send(text);
    },
  );
}

function publishingRoute(api: Api, { flows, flowHistory, audit, clock }: Services, limits: ApiLimits): void {
  api.put(
    '/api/flows/:name',
    rule(
      'admin',
      {
        tags,
        summary: 'Publish a flow: in force for the next call',
        description:
          'Calls in progress keep the text they began with. A text with mistakes changes nothing, nor does one with which ' +
          'tests beside the flows fail that passed before, or tests of this flow; `force` publishes it although they fail.',
        params,
        consumes,
        headers: z.object({
          'if-match': ifMatch,
          'if-none-match': z.literal('*').optional().describe('Refused when there is a flow of that name.'),
        }),
        querystring: z.strictObject({
          note: note.default(''),
          force: z.enum(['true', 'false']).default('false').describe('Although tests fail; takes a `note`.'),
        }),
        body: yaml,
        response: { 200: published },
      },
      ['invalid-input', 'invalid-flow', 'tests-failed', 'wrong-state', 'version-conflict', 'store-unavailable'],
    ),
    async (request) => {
      const { name: flow } = request.params;
      if (flow !== CENTRE) assertRoom(flows, flow, limits);
      const { note: why, force } = request.query;
      const publication = {
        ...{ author: userOf(request).name, note: why, proof: proofOf(force === 'true', why) },
        ...(request.headers['if-none-match'] === '*' ? { over: null } : overOf(request.headers['if-match'])),
      };
      const { revision } = await flows.publish(flow, request.body, publication);
      await audit.note({ by: publication.author, act: 'text-published', on: flow, detail: { revision } });
      if (force === 'true') {
        const line = { atMs: clock.nowMs(), flow, action: 'forced', by: publication.author } as const;
        await flowHistory.note({ ...line, detail: { revision, note: why } });
      }
      return { name: flow, revision };
    },
  );
}

/** Throws HiloError `wrong-state`: no new flow when there are as many as there may be. */
export function assertRoom(flows: Pick<ApiServices['flows'], 'names'>, flow: string, limits: ApiLimits): void {
  const known = flows.names();
  if (known.includes(flow) || known.length < limits.flows) return;
  throw new HiloError('wrong-state', `there are ${known.length} flows already, which is the most there may be`);
}

/** Throws HiloError `invalid-input`: who passes the tests by says why. */
export function proofOf(isForced: boolean, why: string): Proof {
  if (isForced && why.trim() === '') throw new HiloError('invalid-input', 'note: say why the tests may fail');
  return isForced ? 'untested' : 'tests-pass';
}

function checkingRoute(api: Api, flows: ApiServices['flows'], limits: ApiLimits): void {
  api.post(
    '/api/flows/check',
    limited(
      rule(
        'supervisor',
        {
          tags,
          summary: 'What would be wrong if this text were published; changes nothing',
          querystring: z.strictObject({ name: name.default(DRAFT).describe('As which flow, or `centre`.') }),
          consumes,
          body: yaml,
          response: { 200: checked },
        },
        ['invalid-input'],
      ),
      limits,
    ),
    async (request) => {
      const issues = flows.check(request.query.name, request.body);
      return { ok: !issues.some(isError), issues: [...issues] };
    },
  );
}

/** Compiling is work: a limit of its own. */
function limited<O extends { readonly config: object }>(options: O, { checks, windowMs }: ApiLimits) {
  return { ...options, config: { ...options.config, rateLimit: { max: checks, timeWindow: windowMs } } };
}

/** Only text that is UTF-8, so that what was checked is what is written. */
function takeYaml(api: Api, bodyLimit: number): void {
  api.removeAllContentTypeParsers();
  api.addContentTypeParser(YAML_TYPES, { parseAs: 'buffer', bodyLimit }, (_request, body, done) => {
    try {
      done(null, new TextDecoder('utf-8', { fatal: true }).decode(body as Buffer));
    } catch (error) {
      done(new HiloError('invalid-input', 'the text is not UTF-8', { cause: error }));
    }
  });
}
