// Staged roll-outs of a flow: begin, look at the figures, promote or abort.
import { z } from 'zod';
import { HiloError } from '../../app/errors.js';
import type { RolloutRequest } from '../../app/publishing/rollouts.js';
import { abortRequest, rollout, rolloutRequest, rolloutWithFigures } from '../../contract/revision.js';
import { name } from '../../contract/wire.js';
import { rule, userOf } from '../access.js';
import type { Api } from '../api.js';
import type { ApiLimits } from '../limits.js';
import type { ApiServices } from '../services.js';
import { comparisonView, rolloutView } from '../view/rollout.js';
import { proofOf } from './flows.js';

/** Of who aborts without a word. */
const NO_REASON = 'aborted';
const tags = ['flows'];
const params = z.object({ name: name.describe('Of the flow.') });

type Services = Pick<ApiServices, 'rollouts' | 'audit'>;

export function rolloutRoutes(api: Api, services: Services, limits: ApiLimits): void {
  const { rollouts, audit } = services;
  beginRoute(api, services, limits);

  api.get(
    '/api/flows/:name/rollout',
    rule(
      'supervisor',
      {
        tags,
        summary: 'The newest roll-out of a flow, with both sides compared',
        params,
        response: { 200: rolloutWithFigures },
      },
      ['not-found', 'store-unavailable'],
    ),
    async (request) => {
      const found = await rollouts.of(request.params.name);
      return { ...rolloutView(found.rollout), comparison: comparisonView(found.comparison) };
    },
  );

  api.post(
    '/api/flows/:name/rollout/promote',
    rule('admin', { tags, summary: 'Put the candidate in force for everybody', params, response: { 200: rollout } }, [
      'not-found',
      'wrong-state',
      'invalid-flow',
      'version-conflict',
      'store-unavailable',
    ]),
    async (request) => {
      const by = userOf(request).name;
      const promoted = await rollouts.promote(request.params.name, by);
      await audit.note({ by, act: 'rollout-promoted', on: request.params.name });
      return rolloutView(promoted);
    },
  );

  api.post(
    '/api/flows/:name/rollout/abort',
    rule(
      'admin',
      {
        tags,
        summary: 'End the roll-out: everybody gets the text in force',
        params,
        body: abortRequest.nullish(),
        response: { 200: rollout },
      },
      ['not-found', 'wrong-state', 'version-conflict', 'store-unavailable'],
    ),
    async (request) => {
      const by = userOf(request).name;
      const aborted = await rollouts.abort(request.params.name, by, request.body?.reason ?? NO_REASON);
      await audit.note({ by, act: 'rollout-aborted', on: request.params.name });
      return rolloutView(aborted);
    },
  );
}

function beginRoute(api: Api, { rollouts, audit }: Services, limits: ApiLimits): void {
  const options = rule(
    'admin',
    {
      tags,
      summary: 'Give a share of the callers another text of a flow, and take it back when they fare worse',
      description:
        'One roll-out at a time. The same caller always gets the same text. See docs/revisions.md for the rule that stops it.',
      params,
      body: rolloutRequest,
      response: { 200: rollout },
    },
    ['not-found', 'wrong-state', 'invalid-input', 'invalid-flow', 'tests-failed', 'too-large', 'store-unavailable'],
  );
  api.post('/api/flows/:name/rollout', { ...options, bodyLimit: 2 * limits.flowBytes }, async (request) => {
    const { percent, watch, text, force, note = '' } = request.body;
    const flow = request.params.name;
    // As JSON it may be longer than as the text that it is.
    if (text !== undefined && Buffer.byteLength(text) > limits.flowBytes)
      throw new HiloError('too-large', `a text has at most ${limits.flowBytes} bytes`);
    const asked: RolloutRequest = {
      flow,
      candidate: candidateOf(request.body),
      percent,
      watch: definedOf(watch),
      note,
      proof: proofOf(force, note),
    };
    const by = userOf(request).name;
    const begun = await rollouts.begin(asked, by);
    await audit.note({ by, act: 'rollout-started', on: flow, detail: { percent } });
    return rolloutView(begun);
  });
}

function candidateOf({ revision, text }: z.output<typeof rolloutRequest>): RolloutRequest['candidate'] {
  if (revision !== undefined && text === undefined) return { revision };
  if (text !== undefined && revision === undefined) return { text };
  throw new HiloError('invalid-input', 'a candidate is either a revision or a text');
}

function definedOf({ measures, minCalls, alpha }: z.output<typeof rolloutRequest>['watch']): RolloutRequest['watch'] {
  return {
    ...(measures === undefined ? {} : { measures }),
    ...(minCalls === undefined ? {} : { minCalls }),
    ...(alpha === undefined ? {} : { alpha }),
  };
}
