// Where prompts are used: steps of flows that name them, texts of the centre that a recording of their name stands in for, and
// the emergency message.
import type { SourceFile } from '../../core/document/issue.js';
import { readYaml, type YamlText } from '../../core/document/yaml-text.js';
import type { Flow } from '../../core/ivr/flow.js';
import type { Centre } from '../../core/routing/centre.js';
import type { EmergencyMessage } from '../emergency/emergency.js';

/** Said by Hilo itself to callers and agents; the others of the centre are written. */
const SPOKEN_TEXTS: ReadonlySet<string> = new Set([
  ...['queue-position', 'nobody-free', 'regret', 'voicemail-greeting', 'voicemail-thanks', 'message-promised'],
  ...['callback-promised', 'callback-agent', 'queue-wait', 'callback-accept', 'exit-impossible', 'mobile-accept'],
]);

export interface PlaceOfUse {
  /** `centre` for its canned texts. */
  readonly flow: string;
  /** Of the flow, or the key of the text. */
  readonly step: string;
  readonly line: number;
}

export interface PromptUse {
  readonly prompt: string;
  /** `emergency`: the message that is switched on now. */
  readonly place: PlaceOfUse | 'emergency';
  /** In which callers may hear it there. */
  readonly languages: readonly string[];
  /** What is said there in place of a sound, by language; Liquid, not filled in. */
  readonly texts: Readonly<Record<string, string>>;
  /** The text of one language at least fills in values: a sound says always the same. */
  readonly fillsIn: boolean;
}

export interface Texts {
  centre(): Centre;
  catalogue(): { readonly flows: ReadonlyMap<string, Flow> };
  source(name: string): SourceFile;
}

/** Texts are parsed once as long as they are in force. */
const parsed = new WeakMap<SourceFile, YamlText>();

export function promptUses(texts: Texts, emergency?: EmergencyMessage): readonly PromptUse[] {
  const ofFlows = [...texts.catalogue().flows.values()].flatMap((flow) =>
    usesIn(flow, yamlOf(texts.source(flow.name))),
  );
  const canned = cannedUses(texts.centre(), yamlOf(texts.source('centre')));
  return [...ofFlows, ...canned, ...emergencyUses(texts.centre(), emergency)];
}

/** It is said in every language of the centre: nobody knows yet which one a caller speaks. */
function emergencyUses({ languages }: Centre, message: EmergencyMessage | undefined): PromptUse[] {
  if (message?.recorded === undefined) return [];
  const { recorded: prompt, texts } = message;
  return [{ prompt, place: 'emergency', languages, texts, fillsIn: false }];
}

function usesIn({ name: flow, languages, steps }: Flow, yaml: YamlText): PromptUse[] {
  return [...steps].flatMap(([step, { traits }]) =>
    traits.spoken.flatMap(({ recorded, path, texts }): PromptUse[] => {
      if (recorded === undefined) return [];
      const { line } = yaml.placeOf(['steps', step, ...path]);
      const said = Object.fromEntries(texts);
      return [
        {
          ...{ prompt: recorded, place: { flow, step, line }, languages, texts: said },
          fillsIn: Object.values(said).some(isLiquid),
        },
      ];
    }),
  );
}

function cannedUses(centre: Centre, yaml: YamlText): PromptUse[] {
  const announced = [...centre.queues.values()].flatMap(({ announcements }) => announcements ?? []);
  const spoken = new Set([...SPOKEN_TEXTS, ...announced.map(({ text }) => text)]);
  return [...centre.texts].flatMap(([key, texts]): PromptUse[] => {
    if (!spoken.has(key)) return [];
    const { line } = yaml.placeOf(['texts', key], 'key');
    const fillsIn = Object.values(texts).some(isLiquid);
    const place = { flow: 'centre', step: key, line };
    return [{ prompt: key, place, languages: centre.languages, texts, fillsIn }];
  });
}

function isLiquid(text: string): boolean {
  return /\{[{%]/.test(text);
}

function yamlOf(source: SourceFile): YamlText {
  const known = parsed.get(source);
  if (known !== undefined) return known;
  const yaml = readYaml(source);
  parsed.set(source, yaml);
  return yaml;
}
