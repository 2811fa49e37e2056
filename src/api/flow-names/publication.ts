// A flow and its tests published in one step: both or neither.
import { z } from 'zod';
import { HiloError } from '../../app/errors.js';
import type { Publication } from '../../app/flows.js';
import { flowWithTests, publishedWithTests } from '../../contract/studio/flow-with-tests.js';
import { name } from '../../contract/wire.js';
import { rule, userOf } from '../access.js';
import type { Api } from '../api.js';
import type { ApiLimits } from '../limits.js';
import { assertRoom, proofOf } from '../routes/flows.js';
import type { ApiServices } from '../services.js';

/** Two texts, in JSON: quotes and line ends take two characters there. */
const BODY_PER_TEXT = 4;

export function publicationRoutes(
  api: Api,
  { flows, flowHistory, audit, clock }: Pick<ApiServices, 'flows' | 'flowHistory' | 'audit' | 'clock'>,
  limits: ApiLimits,
): void {
  const options = rule(
    'admin',
    {
      tags: ['flows'],
      summary: 'Publish a flow and its tests together: both or neither',
      description:
        'The flow is judged by the tests that come with it, and by those of other flows as ever. A mistake in either, ' +
        'or somebody else’s publication of either, changes nothing.',
      params: z.object({ name: name.describe('Of the flow.') }),
      body: flowWithTests,
      response: { 200: publishedWithTests },
    },
    ['invalid-input', 'invalid-flow', 'tests-failed', 'wrong-state', 'version-conflict', 'store-unavailable'],
  );
  api.post('/api/flows/:name/publish', { ...options, bodyLimit: BODY_PER_TEXT * limits.flowBytes }, async (request) => {
    const { name: flow } = request.params;
    const { text, over, tests, note, force } = request.body;
    if (flow === 'centre') throw new HiloError('invalid-input', 'the centre has no tests of its own');
    assertRoom(flows, flow, limits);
    const author = userOf(request).name;
    const publication: Publication = {
      ...{ author, note, proof: proofOf(force, note) },
      ...(over === undefined ? {} : { over }),
      tests: { text: tests.text, ...(tests.over === undefined ? {} : { over: tests.over }) },
    };
    const { revision } = await flows.publish(flow, text, publication);
    await audit.note({ by: author, act: 'text-published', on: flow, detail: { revision, tests: true } });
    if (force) {
      const line = { atMs: clock.nowMs(), flow, action: 'forced', by: author } as const;
      await flowHistory.note({ ...line, detail: { revision, note } });
    }
    return { name: flow, revision, tests: flows.revisionOf(`${flow}.test`, tests.text) };
  });
}
