// Prompts on the wire: what callers of each language hear, where prompts are used, and how they were before.
import { z } from 'zod';
import { durationMs, time } from '../wire.js';

/** As flows name them. */
export const promptName = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9-]{0,63}$/,
    'lower-case letters, digits and dashes, at most 64, beginning with a letter or digit',
  );

export const promptLanguage = z
  .string()
  .regex(/^[a-z]{2,3}(-[A-Z]{2})?$/, 'a language of the centre: es, en, pt-BR')
  .describe('A language of the centre or of a flow.');

const text = z.object({
  text: z.string(),
  voice: z.string().optional().describe('Of the synthesiser; absent: the first of the language.'),
});

const sound = z.object({
  hash: z.string().describe('SHA-256 of the sound at 16 kHz.'),
  durationMs,
  loudnessDb: z.number().describe('Of the speech in it, dB under full scale.'),
  peaks: z.array(z.number()).describe('0 to 100 of full scale, for equal stretches.'),
});

const content = { text: text.optional(), sound: sound.optional() };

export const heard = z
  .enum(['sound', 'file', 'text', 'said-there', 'missing', 'unused'])
  .describe(
    '`sound`: recorded. `file`: a file in the folder of prompts. `text`: its text is spoken. `said-there`: every step that names it ' +
      'has a text of its own. `missing`: callers hear nothing. `unused`: nobody asks for it in that language.',
  );
export type WireHeard = z.infer<typeof heard>;

export const promptUse = z.object({
  flow: z.string().optional().describe('`centre`: a text of the centre that it stands in for.'),
  step: z.string().optional().describe('Or key of the text.'),
  line: z.number().optional().describe('In the text of the flow, from 1.'),
  emergency: z.boolean().optional().describe('No flow: the emergency message that is switched on now.'),
  languages: z.array(z.string()),
  texts: z.record(z.string(), z.string()).describe('Said there where there is no sound, by language; not filled in.'),
  fillsIn: z.boolean().describe('That text fills in values, which a sound cannot say.'),
});
export type WirePromptUse = z.infer<typeof promptUse>;

const versionOf = z.object({
  language: z.string(),
  heard,
  isHeard: z.boolean().describe('Also where no text stands beside it.'),
  ...content,
  revision: z.number().describe('Number of the revision in force; 0: none yet.'),
  by: z.string().optional(),
  at: time.optional(),
});

export const promptSummary = z.object({
  name: z.string(),
  uses: z.number().describe('Places that name it.'),
  versions: z.array(versionOf.omit({ text: true, sound: true }).extend({ durationMs: durationMs.optional() })),
});
export type WirePromptSummary = z.infer<typeof promptSummary>;

export const promptList = z
  .object({
    languages: z.array(z.string()).describe('All in which one of them is heard, those of the centre first.'),
    prompts: z.array(promptSummary),
  })
  .meta({ id: 'PromptList' });
export type WirePromptList = z.infer<typeof promptList>;

export const prompt = z
  .object({
    name: z.string(),
    versions: z.array(
      versionOf.extend({ voices: z.array(z.string()).describe('Voices for its text; the first is used.') }),
    ),
    uses: z.array(promptUse),
  })
  .meta({ id: 'Prompt' });
export type WirePrompt = z.infer<typeof prompt>;
export type WirePromptVersion = WirePrompt['versions'][number];

export const promptRevision = z
  .object({
    revision: z.number(),
    act: z.enum(['text-set', 'text-removed', 'sound-set', 'sound-removed', 'removed', 'rolled-back']),
    by: z.string(),
    at: time,
    ...content,
  })
  .meta({ id: 'PromptRevision' });
export type WirePromptRevision = z.infer<typeof promptRevision>;

export const promptRevisions = z.object({ revisions: z.array(promptRevision).describe('Newest first.') });
export type WirePromptRevisions = z.infer<typeof promptRevisions>;

export const textWish = z.strictObject({
  text: z.string().min(1).max(2_000).describe('As it is said. Plain: values are filled in by texts of flows.'),
  voice: z.string().max(40).optional(),
});

export const speechWish = textWish.extend({ language: promptLanguage });

export const heardWish = z
  .strictObject({
    language: promptLanguage.describe('Of the caller.'),
    recording: promptName.optional().describe('The prompt that is to be heard.'),
    text: textWish.shape.text.optional().describe('Said where the prompt has no sound; or alone.'),
    textLanguage: promptLanguage.optional().describe('Of the text, when it is not that of the caller.'),
  })
  .refine(({ recording, text }) => recording !== undefined || text !== undefined, {
    error: 'a recording, a text, or both',
  });
export type WireHeardWish = z.infer<typeof heardWish>;

export const soundReport = z
  .object({
    revision: z.number(),
    sound,
    loudnessDb: z.number().describe('Of what was sent, dB under full scale.'),
    peakDb: z.number(),
    gainDb: z.number().describe('It was made louder by so much; negative: quieter.'),
    clippedMs: z.number().describe('So long the wave was cut off when it was recorded.'),
    warnings: z
      .array(z.enum(['clipped', 'peaks', 'noisy']))
      .describe('`clipped`: cut off when recorded. `peaks`: single peaks keep it quieter. `noisy`: it was very quiet.'),
  })
  .meta({ id: 'SoundReport', description: 'What became of a sound that was sent.' });
export type WireSoundReport = z.infer<typeof soundReport>;
