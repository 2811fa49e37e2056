// Tests beside the flows: read, published and played on the flows in force.
import { z } from 'zod';
import { HiloError } from '../../app/errors.js';
import { publishedTests, testedFlow } from '../../contract/flow-test.js';
import { note } from '../../contract/revision.js';
import { name } from '../../contract/wire.js';
import { formatIssue } from '../../core/document/issue.js';
import type { FlowCase } from '../../core/flow-test/case.js';
import { percentOf, playSuite, type SuiteResult } from '../../core/flow-test/suite.js';
import { compileTests } from '../../core/flow-test/test-file.js';
import { rule, userOf } from '../access.js';
import { type Api, textAnswer } from '../api.js';
import { ifMatch, overOf } from '../flow-names/over.js';
import type { ApiLimits } from '../limits.js';
import type { ApiServices } from '../services.js';

const tags = ['flows'];
const params = z.object({ name: name.describe('Of the flow.') });
const consumes = ['text/yaml', 'application/yaml'];

/** On a server that takes YAML: see flows.ts. */
export function flowTestRoutes(
  api: Api,
  { flows, audit }: Pick<ApiServices, 'flows' | 'audit'>,
  limits: ApiLimits,
): void {
  api.get(
    '/api/flows/:name/tests',
    rule(
      'supervisor',
      { tags, summary: 'The tests of a flow', params, response: { 200: textAnswer('text/yaml', 'The text.') } },
      ['not-found'],
    ),
    async (request, reply) => {
      const { text, revision } = await testsOf(flows, request.params.name);
      return reply.type('text/yaml; charset=utf-8').header('etag', `"${revision}"`).send(text);
    },
  );

  api.put(
    '/api/flows/:name/tests',
    rule(
      'admin',
      {
        tags,
        summary: 'Put the tests of a flow beside it',
        description:
          'Tests with mistakes are refused; those that fail are not. A text with which they fail is not published (see there).',
        params,
        consumes,
        headers: z.object({ 'if-match': ifMatch, 'if-none-match': z.literal('*').optional() }),
        querystring: z.strictObject({ note: note.default('') }),
        body: z.string().describe('YAML text in UTF-8.'),
        response: { 200: publishedTests },
      },
      ['not-found', 'invalid-flow', 'version-conflict', 'store-unavailable'],
    ),
    async (request) => {
      const flow = request.params.name;
      // Of a flow that is there.
      flows.source(flow);
      const cases = casesOf(flows, flow, request.body);
      const { 'if-none-match': none, 'if-match': match } = request.headers;
      const by = userOf(request).name;
      const { revision } = await flows.publishTests(flow, request.body, {
        ...{ author: by, note: request.query.note },
        ...(none === '*' ? { over: null } : overOf(match)),
      });
      await audit.note({ by, act: 'tests-published', on: flow, detail: { revision } });
      return { name: flow, revision, cases: cases.length };
    },
  );

  runRoute(api, flows, limits);
}

function runRoute(api: Api, flows: ApiServices['flows'], { checks, windowMs }: ApiLimits): void {
  const options = rule(
    'supervisor',
    {
      tags,
      summary: 'Play tests on the flows in force: those beside the flow, or the text that is sent',
      params,
      consumes,
      body: z.string().nullish().describe('YAML text of tests; left out: those beside the flow.'),
      response: { 200: testedFlow },
    },
    ['not-found', 'invalid-flow'],
  );
  const limited = { ...options, config: { ...options.config, rateLimit: { max: checks, timeWindow: windowMs } } };
  api.post('/api/flows/:name/tests/run', limited, async (request) => {
    const flow = request.params.name;
    const text = request.body ?? (await testsOf(flows, flow)).text;
    const cases = casesOf(flows, flow, text);
    return resultOf(playSuite(flows.catalogue(), flows.centre().timeZone, [{ file: flow, cases }]));
  });
}

function resultOf({ files, passed, failed, coverage }: SuiteResult): z.input<typeof testedFlow> {
  return {
    ...{ ok: failed === 0, passed, failed, percent: percentOf(coverage) },
    cases: files.flatMap(({ cases }) =>
      cases.map(({ name: one, failure, story }) => ({
        name: one,
        story: [...story],
        ...(failure === undefined ? {} : { failure: { ...failure, instead: [...failure.instead] } }),
      })),
    ),
    coverage: coverage.map(({ steps, ...flow }) => ({
      ...flow,
      open: steps.flatMap(({ step, open }) => (open.length === 0 ? [] : [{ step, ways: [...open] }])),
    })),
  };
}

/** Rejects with HiloError `not-found`. */
async function testsOf(flows: ApiServices['flows'], flow: string): Promise<{ text: string; revision: string }> {
  const tests = await flows.tests(flow);
  if (tests === undefined) throw new HiloError('not-found', `${flow} has no tests`);
  return tests;
}

/** Throws HiloError `invalid-flow` (cause: the issues). */
function casesOf(flows: ApiServices['flows'], flow: string, text: string): readonly FlowCase[] {
  const source = { file: `${flow}.test.yaml`, text, revision: '' };
  const compiled = compileTests(source, { centre: flows.centre(), flows: flows.catalogue().flows });
  if (compiled.ok) return compiled.value;
  throw new HiloError('invalid-flow', compiled.issues.map(formatIssue).join('\n'), { cause: compiled.issues });
}
