// Prompts as the API shows them.
import type { PromptCatalogue } from '../../app/prompts/prompt-catalogue.js';
import type { Heard, PromptEntry } from '../../app/prompts/prompt-list.js';
import type { PromptContent, PromptRevision } from '../../app/prompts/prompt-store.js';
import { voicesOf } from '../../app/prompts/voices.js';
import type { WirePrompt, WirePromptRevision, WirePromptSummary } from '../../contract/prompt/prompt.js';
import { iso } from '../view/time.js';

type Kept = Pick<PromptCatalogue, 'one' | 'isHeard'>;

export function summaryOf({ name, uses, heard }: PromptEntry, kept: Kept): WirePromptSummary {
  const versions = Object.entries(heard).map(([language, how]) => {
    const one = kept.one(name, language);
    const durationMs = one?.sound?.durationMs;
    const isHeard = kept.isHeard(name, language);
    return { ...standing(language, how, one), isHeard, ...(durationMs === undefined ? {} : { durationMs }) };
  });
  return { name, uses: uses.length, versions };
}

export function promptOf({ name, uses, heard }: PromptEntry, kept: Kept): WirePrompt {
  return {
    name,
    versions: Object.entries(heard).map(([language, how]) => {
      const one = kept.one(name, language);
      const isHeard = kept.isHeard(name, language);
      return { ...standing(language, how, one), isHeard, ...contentOf(one), voices: [...voicesOf(language)] };
    }),
    uses: uses.map(({ place, languages, texts, fillsIn }) => ({
      ...(place === 'emergency' ? { emergency: true } : place),
      ...{ languages: [...languages], texts: { ...texts }, fillsIn },
    })),
  };
}

export function revisionOf(one: PromptRevision): WirePromptRevision {
  const { number: revision, act, by, atMs } = one;
  return { revision, act, by, at: iso(atMs), ...contentOf(one) };
}

function standing(language: string, heard: Heard, one: PromptRevision | undefined) {
  const last = one === undefined ? {} : { by: one.by, at: iso(one.atMs) };
  return { language, heard, revision: one?.number ?? 0, ...last };
}

function contentOf({ text, sound }: PromptContent = {}) {
  return {
    ...(text === undefined ? {} : { text: { ...text } }),
    ...(sound === undefined ? {} : { sound: { ...sound, peaks: [...sound.peaks] } }),
  };
}
