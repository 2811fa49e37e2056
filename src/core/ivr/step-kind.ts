// How a kind of step is defined: the keys it may have, what it does with them, and what an administrator reads about it.
import { z } from 'zod';
import { issuesOfShape, languageSchema, nameSchema, strict, textFor } from '../document/shape.js';
import type { Path, YamlText } from '../document/yaml-text.js';
import type { Step } from './flow.js';
import { MAX_LANGUAGES, MAX_STEP_TITLE_CHARS } from './limits.js';
import type { Scope } from './scope.js';
import type { Price, StepTraits } from './ways/traits.js';

/**
 * `prices`: what the caller pays for a way out, by the first word of its path: `{ keys: { keys: 1 } }`.
 * `person`: the caller is handed to people here.
 * `deaf`: ways of a step that listens which can be taken without having asked, by their first word.
 */
export type Behaviour = Omit<Step, 'name' | 'title' | 'exits' | 'listens' | 'traits'> & {
  readonly listens?: true;
  readonly person?: true;
  readonly deaf?: readonly string[];
  readonly prices?: Readonly<Record<string, Partial<Price>>>;
};

/** What is told about a kind of step: it is the text of docs/flows.md and of the schema for editors. */
export interface About<Shape extends z.ZodRawShape> {
  /** One sentence. */
  readonly summary: string;
  /** YAML of a step of this kind. It is compiled in test/flows/examples.test.ts, which says what it may name. */
  readonly example: string;
  /** Each with `.describe()`. */
  readonly keys: Shape;
}

export interface StepKind {
  readonly summary: string;
  readonly example: string;
  /** All keys as they may be written, with those that every kind has. */
  readonly schema: z.ZodObject;
  /** undefined when the keys are wrong. Mistakes are noted in `scope`. */
  compile(raw: unknown, path: Path, text: YamlText, scope: Scope): Step | undefined;
}

const title = z.string().trim().min(1).max(MAX_STEP_TITLE_CHARS);
const titles = z.record(languageSchema, title).refine((all) => Object.keys(all).length <= MAX_LANGUAGES, {
  error: `at most ${MAX_LANGUAGES} languages`,
});

/** Keys that every kind has. */
const COMMON = {
  do: z.string().describe('The kind of step.'),
  note: z.string().optional().describe('For whoever reads the file; the caller never hears it.'),
  title: z
    .union([title, titles])
    .optional()
    .describe('What people read in place of its name: one text, or one per language (`{ es: …, en: … }`).'),
  as: nameSchema.optional().describe('What reports call the step; else its own name.'),
};

/** A step of the same flow; that it exists is checked by {@link Scope.exit}. */
export const stepName = textFor('the name of a step').meta({ title: 'step' });

export function stepKind<Shape extends z.ZodRawShape>(
  { summary, example, keys: shape }: About<Shape>,
  compile: (keys: z.output<z.ZodObject<Shape, z.core.$strict>>, scope: Scope) => Behaviour,
): StepKind {
  // What all steps have is read here alone; two schemas keep the type of `keys` exact.
  const known = strict({ ...COMMON, ...shape });
  const own = z.object(shape);
  const common = z.object(COMMON);
  return {
    summary,
    example,
    schema: known,
    compile(raw, path, text, scope) {
      const checked = known.safeParse(raw);
      if (!checked.success) {
        scope.issues.push(...issuesOfShape(checked.error, path, text));
        return undefined;
      }
      const keys = own.parse(raw) as z.output<z.ZodObject<Shape, z.core.$strict>>;
      const { person = false, deaf = [], prices = {}, listens = false, ...behaviour } = compile(keys, scope);
      const { do: kind, as: reported, title } = common.parse(raw);
      const traits: StepTraits = { kind, person, deaf, prices, keys, ...scope.traits() };
      const called = {
        ...(reported === undefined ? {} : { name: reported }),
        ...(title === undefined ? {} : { title }),
      };
      return { ...behaviour, ...called, listens, exits: [...scope.exits], traits };
    },
  };
}
