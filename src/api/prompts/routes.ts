// Prompts: what callers hear of them, changed, taken back.
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { HiloError } from '../../app/errors.js';
import { UPLOAD_BYTES_MAX } from '../../app/prompts/conversion.js';
import type { Place } from '../../app/prompts/prompt-catalogue.js';
import { entryOf, type Known, promptEntries } from '../../app/prompts/prompt-list.js';
import { type PromptUse, promptUses } from '../../app/prompts/prompt-uses.js';
import type { UserRow } from '../../app/users.js';
import {
  prompt,
  promptLanguage,
  promptList,
  promptName,
  promptRevision,
  promptRevisions,
  soundReport,
  textWish,
} from '../../contract/prompt/prompt.js';
import { rule, userOf } from '../access.js';
import type { Api } from '../api.js';
import type { ApiLimits } from '../limits.js';
import type { ApiServices } from '../services.js';
import { listeningRoutes } from './listening.js';
import { promptOf, revisionOf, summaryOf } from './view.js';

const tags = ['prompts'];
const params = z.object({ name: promptName });
const place = params.extend({ language: promptLanguage });
const querystring = z.strictObject({
  over: z.coerce
    .number()
    .int()
    .min(0)
    .optional()
    .describe('Revision that it takes the place of, 0 for none: refused when another one is in force.'),
});
const WAV = 'audio/wav';
const WAV_TYPES = [WAV, 'audio/x-wav', 'audio/wave', 'audio/vnd.wave', 'application/octet-stream'];
const wav = (description: string) => ({ description, content: { [WAV]: { schema: z.unknown() } } });

type Services = Pick<ApiServices, 'prompts' | 'flows' | 'audit' | 'speech' | 'heard' | 'emergency' | 'log'>;

export async function promptRoutes(api: Api, services: Services, limits: ApiLimits): Promise<void> {
  readingRoutes(api, services);
  textRoutes(api, services);
  removingRoutes(api, services);
  revisionRoutes(api, services);
  listeningRoutes(api, services, limits);
  // In a scope of its own, because it takes other bodies than JSON.
  await api.register(async (inner) => soundRoute(inner.withTypeProvider<ZodTypeProvider>(), services, limits));
}

function soundRoute(api: Api, services: Services, { checks: max, windowMs }: ApiLimits): void {
  api.removeAllContentTypeParsers();
  api.addContentTypeParser(WAV_TYPES, { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  const { config, schema } = rule(
    'admin',
    {
      tags,
      summary: 'Give a prompt a sound, in force for the next call',
      description:
        'A WAV: 8, 16, 24 or 32 bits, mono or stereo, 8 to 96 kHz, at most 3 minutes and 36 MiB. It becomes mono at 8 and 16 kHz with ' +
        'its speech at −19 dBFS, no peak above −3 dBFS. Who hears the one before hears it to its end.',
      params: place,
      querystring,
      consumes: [WAV],
      response: { 200: soundReport },
    },
    ['invalid-input', 'too-large', 'wrong-state', 'version-conflict', 'too-many-requests', 'store-unavailable'],
  );
  api.put(
    '/api/prompts/:name/:language/sound',
    { config: { ...config, rateLimit: { max, timeWindow: windowMs } }, schema, bodyLimit: UPLOAD_BYTES_MAX },
    async (request) => {
      const at = placeOf(services, request.params, request.query, userOf(request));
      const file = request.body;
      if (!Buffer.isBuffer(file) || file.length === 0) throw new HiloError('invalid-input', 'send the bytes of a WAV');
      await services.audit.note({ ...noteOf('prompt-sound-set', at), detail: { bytes: file.length } });
      const { revision, report } = await services.prompts.setSound(at, file);
      const { sound, loudnessDb, peakDb, gainDb, clippedMs, warnings } = report;
      return {
        ...{ revision: revision.number, loudnessDb, peakDb, gainDb, clippedMs },
        ...{ sound: { ...sound, peaks: [...sound.peaks] }, warnings: [...warnings] },
      };
    },
  );
}

function readingRoutes(api: Api, { prompts, flows, emergency }: Services): void {
  api.get(
    '/api/prompts',
    rule('supervisor', {
      ...{ tags, summary: 'All prompts: those that are kept, and those that flows name' },
      description: 'With what callers hear of each in each language, and what is missing.',
      response: { 200: promptList },
    }),
    async () => {
      const known = knownOf({ prompts, flows, emergency });
      const entries = promptEntries(known);
      const languages = new Set([...known.languages, ...entries.flatMap(({ heard }) => Object.keys(heard))]);
      return { languages: [...languages], prompts: entries.map((entry) => summaryOf(entry, prompts)) };
    },
  );

  api.get(
    '/api/prompts/:name',
    rule(
      'supervisor',
      { tags, summary: 'A prompt: its texts and sounds, and where it is used', params, response: { 200: prompt } },
      ['not-found'],
    ),
    async (request) => {
      const entry = entryOf(request.params.name, knownOf({ prompts, flows, emergency }));
      const isKept = prompts.all().some(({ name }) => name === entry.name);
      const wasKept = Object.keys(entry.heard).some((language) => prompts.one(entry.name, language) !== undefined);
      if (!isKept && !wasKept && entry.uses.length === 0) {
        throw new HiloError('not-found', `there is no prompt ${entry.name}`);
      }
      return promptOf(entry, prompts);
    },
  );

  api.get(
    '/api/prompts/:name/:language/sound',
    rule(
      'supervisor',
      {
        ...{ tags, summary: 'The sound of a prompt, at 16 kHz', params: place },
        querystring: z.strictObject({ revision: z.coerce.number().int().min(1).optional().describe('An older one.') }),
        response: { 200: wav('The sound.') },
      },
      ['not-found', 'store-unavailable'],
    ),
    async (request, reply) => {
      const { name, language } = request.params;
      const { revision } = request.query;
      const all = revision === undefined ? [] : await prompts.revisions(name, language);
      const one = revision === undefined ? prompts.one(name, language) : all.find(({ number }) => number === revision);
      if (one?.sound === undefined) throw new HiloError('not-found', `${name} has no sound in ${language}`);
      const { wide } = await prompts.sound(one.sound.hash);
      const file = `attachment; filename="${name}-${language}.wav"`;
      return reply.type(WAV).header('content-disposition', file).send(Buffer.from(wide));
    },
  );
}

function textRoutes(api: Api, services: Services): void {
  api.put(
    '/api/prompts/:name/:language/text',
    rule(
      'admin',
      {
        tags,
        summary: 'Give a prompt a text: spoken where it has no sound',
        description: 'In force for the next call; other nodes know within 2 s.',
        ...{ params: place, querystring, body: textWish, response: { 200: promptRevision } },
      },
      ['invalid-input', 'wrong-state', 'version-conflict', 'store-unavailable'],
    ),
    async (request) => {
      const at = placeOf(services, request.params, request.query, userOf(request));
      const { text, voice } = request.body;
      await services.audit.note(noteOf('prompt-text-set', at));
      return revisionOf(await services.prompts.setText(at, { text, ...(voice === undefined ? {} : { voice }) }));
    },
  );
}

function removingRoutes(api: Api, services: Services): void {
  const { prompts, audit } = services;
  for (const what of ['sound', 'text'] as const) {
    api.delete(
      `/api/prompts/:name/:language/${what}`,
      rule(
        'admin',
        {
          tags,
          summary: `Take the ${what} of a prompt away`,
          params: place,
          querystring,
          response: { 200: promptRevision },
        },
        ['not-found', 'version-conflict', 'store-unavailable'],
      ),
      async (request) => {
        const at = placeOf(services, request.params, request.query, userOf(request));
        await audit.note(noteOf(`prompt-${what}-removed`, at));
        return revisionOf(await prompts.remove(at, what));
      },
    );
  }

  api.delete(
    '/api/prompts/:name',
    rule(
      'admin',
      {
        ...{ tags, summary: 'Take all sounds and texts of a prompt away', params, response: { 204: z.null() } },
        description: 'Refused while a step names it that would have nothing to say in one of its languages.',
      },
      ['not-found', 'wrong-state', 'store-unavailable'],
    ),
    async (request, reply) => {
      const { name } = request.params;
      const by = userOf(request).name;
      checkUnused(name, services);
      await audit.note({ by, act: 'prompt-removed', on: name });
      await prompts.removeAll(name, by);
      return reply.code(204).send(null);
    },
  );
}

function checkUnused(name: string, { flows, prompts, emergency }: Services): void {
  for (const use of promptUses(flows, emergency.present())) {
    const silent = use.languages.find((one) => use.texts[one] === undefined && !prompts.isInFolder(name, one));
    if (use.prompt !== name || silent === undefined) continue;
    throw new HiloError(
      'wrong-state',
      `${placeText(use)} would say nothing in ${silent}: give it a text, or another prompt`,
    );
  }
}

function placeText({ place }: PromptUse): string {
  if (place === 'emergency') return 'the emergency message';
  return `step ${place.step} of ${place.flow} (line ${place.line})`;
}

function revisionRoutes(api: Api, services: Services): void {
  const { prompts, audit } = services;
  api.get(
    '/api/prompts/:name/:language/revisions',
    rule(
      'supervisor',
      { tags, summary: 'How a prompt was before', params: place, response: { 200: promptRevisions } },
      ['store-unavailable'],
    ),
    async (request) => {
      const { name, language } = request.params;
      return { revisions: (await prompts.revisions(name, language)).map(revisionOf) };
    },
  );

  api.post(
    '/api/prompts/:name/:language/rollback',
    rule(
      'admin',
      {
        ...{ tags, summary: 'Put an older revision of a prompt in force again', params: place, querystring },
        body: z.strictObject({ revision: z.number().int().min(1) }),
        response: { 200: promptRevision },
      },
      ['not-found', 'wrong-state', 'version-conflict', 'store-unavailable'],
    ),
    async (request) => {
      const at = placeOf(services, request.params, request.query, userOf(request));
      const { revision } = request.body;
      await audit.note({ ...noteOf('prompt-rolled-back', at), detail: { revision } });
      return revisionOf(await prompts.rollBack(at, revision));
    },
  );
}

/** Throws HiloError `invalid-input`: nobody is called in that language. */
function placeOf(
  services: Pick<Services, 'prompts' | 'flows'>,
  { name, language }: z.infer<typeof place>,
  { over }: z.infer<typeof querystring>,
  user: UserRow,
): Place {
  const { languages } = services.flows.centre();
  const ofFlows = [...services.flows.catalogue().flows.values()].flatMap((flow) => flow.languages);
  const known = new Set([...languages, ...ofFlows]);
  if (!known.has(language) && services.prompts.one(name, language) === undefined) {
    throw new HiloError('invalid-input', `nobody here is spoken to in '${language}', but in ${[...known].join(', ')}`);
  }
  return { name, language, by: user.name, ...(over === undefined ? {} : { over }) };
}

function noteOf(act: string, { name, language, by }: Place) {
  return { by, act, on: `${name}/${language}` };
}

function knownOf({ prompts, flows, emergency }: Pick<Services, 'prompts' | 'flows' | 'emergency'>): Known {
  return {
    ...{ kept: prompts.all(), uses: promptUses(flows, emergency.present()), languages: flows.centre().languages },
    isInFolder: (name, language) => prompts.isInFolder(name, language),
  };
}
