// Another name for a queue, an agent or opening hours, everywhere at once.
import { newCentreName, renamedInCentre } from '../../contract/studio/centre-name.js';
import { rule, userOf } from '../access.js';
import type { Api } from '../api.js';
import type { ApiServices } from '../services.js';

export function centreNameRoutes(
  api: Api,
  { centreNames, flows, audit }: Pick<ApiServices, 'centreNames' | 'flows' | 'audit'>,
): void {
  api.post(
    '/api/centre/rename',
    rule(
      'admin',
      {
        tags: ['centre'],
        summary: 'Another name for a queue, an agent or opening hours, in every text and test that names it',
        description:
          'One publication: all texts or none. A queue keeps its former names (`formerly`): who waits there, promised call-backs, ' +
          'limits of alarms and the record of the past lead to it. Figures of the past stay under the name of then. ' +
          'So does an agent, who may not be at work meanwhile: call-backs, matters and customers stay theirs, they sign in ' +
          'anew with the same password, and programs keep their tokens.',
        body: newCentreName,
        response: { 200: renamedInCentre },
      },
      ['not-found', 'wrong-state', 'invalid-input', 'invalid-flow', 'version-conflict', 'store-unavailable'],
    ),
    async (request) => {
      const { publish, over, note, ...renaming } = request.body;
      const publication = { author: userOf(request).name, note, ...(over === undefined ? {} : { over }) };
      const { files, references } = publish
        ? await centreNames.rename(renaming, publication)
        : await centreNames.look(renaming);
      if (publish) {
        const { kind, from, to } = renaming;
        await audit.note({ by: publication.author, act: 'centre-renamed', on: from, detail: { kind, to } });
      }
      return {
        files: [...files.keys()].toSorted(),
        references: [...references],
        revision: flows.source('centre').revision,
      };
    },
  );
}
