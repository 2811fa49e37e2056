// What something would sound like on a call: a text before it is kept, and whatever a draft of a flow says.
import { z } from 'zod';
import { HiloError } from '../../app/errors.js';
import { voicesOf } from '../../app/prompts/voices.js';
import { heardWish, speechWish, type WireHeardWish } from '../../contract/prompt/prompt.js';
import type { Prompt } from '../../core/ivr/ask.js';
import { rule } from '../access.js';
import type { Api } from '../api.js';
import type { ApiLimits } from '../limits.js';
import type { ApiServices } from '../services.js';

const tags = ['prompts'];
const WAV = 'audio/wav';
const wav = (description: string) => ({ description, content: { [WAV]: { schema: z.unknown() } } });

/** Not noted: they change nothing, and say nobody's words but those of who asks, or what every caller may hear. */
export function listeningRoutes(
  api: Api,
  { speech, heard, log }: Pick<ApiServices, 'speech' | 'heard' | 'log'>,
  { checks: max, windowMs }: ApiLimits,
): void {
  const rateLimit = { max, timeWindow: windowMs };
  const limited = <R extends { readonly config: object }>(declared: R) => ({
    ...declared,
    config: { ...declared.config, rateLimit },
  });

  api.post(
    '/api/prompts/speech',
    limited(
      rule(
        'admin',
        {
          ...{ tags, summary: 'What a text sounds like', body: speechWish },
          response: { 200: wav('Its speech, at 8 kHz.') },
          description: 'As callers would hear it. `GET /api/prompts/{name}` tells the voices of each language.',
        },
        ['invalid-input', 'too-many-requests', 'wrong-state'],
      ),
    ),
    async (request, reply) => {
      const { text, language, voice } = request.body;
      const voices = voicesOf(language);
      if (voice !== undefined && !voices.includes(voice)) {
        throw new HiloError('invalid-input', `voice: one of ${voices.join(', ')}`);
      }
      const bytes = await speech(text, language, voice).catch((error: unknown) => {
        throw unspoken(error, language);
      });
      return reply.type(WAV).header('content-disposition', file('speech')).send(Buffer.from(bytes));
    },
  );

  api.post(
    '/api/prompts/heard',
    limited(
      rule(
        'admin',
        {
          ...{ tags, summary: 'What callers hear of something that a flow says' },
          description:
            'The sound of the prompt, else the text, else what the prompt says where it has no sound, as on a call. Nothing (204) where ' +
            'callers hear nothing.',
          body: heardWish,
          response: { 200: wav('As a file: its speech at 8 kHz, a recording as it is.'), 204: z.null() },
        },
        ['invalid-input', 'too-many-requests', 'wrong-state'],
      ),
    ),
    async (request, reply) => {
      const bytes = await heard(promptOf(request.body)).catch((error: unknown) => {
        throw unspoken(error, request.body.language);
      });
      if (bytes === undefined) return reply.code(204).send(null);
      return reply.type(WAV).header('content-disposition', file('heard')).send(Buffer.from(bytes));
    },
  );

  function unspoken(error: unknown, language: string): HiloError {
    log.warn({ err: error, language }, 'what is said cannot be heard');
    return new HiloError('wrong-state', `${language} cannot be spoken here: is espeak-ng installed, with that voice?`);
  }
}

function promptOf({ language, recording: name, text = '', textLanguage }: WireHeardWish): Prompt {
  if (name === undefined) return { kind: 'text', text, language: textLanguage ?? language };
  if (text === '') return { kind: 'recorded', name, language };
  const isOther = textLanguage !== undefined && textLanguage !== language;
  return {
    ...{ kind: 'recorded', name, language, fallbackText: text },
    ...(isOther ? { fallbackLanguage: textLanguage } : {}),
  };
}

function file(name: string): string {
  return `attachment; filename="${name}.wav"`;
}
