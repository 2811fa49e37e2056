// A draft beside the texts in force: what is wrong in it, its picture, its tests, and calls through it.
import { type Issue, isError, type SourceFile } from '../../../core/document/issue.js';
import { readYaml } from '../../../core/document/yaml-text.js';
import type { Failure, FlowCase } from '../../../core/flow-test/case.js';
import type { FlowCoverage } from '../../../core/flow-test/coverage.js';
import { percentOf, playSuite, type SuiteResult } from '../../../core/flow-test/suite.js';
import { compileTests } from '../../../core/flow-test/test-file.js';
import { draftFlows } from '../../../core/ivr/compile.js';
import type { FlowCatalogue } from '../../../core/ivr/session.js';
import { checkEntries } from '../../../core/ivr/variable/entry.js';
import { type Picture, pictureOf } from '../../../core/ivr/ways/picture.js';
import { catalogueOf } from '../../../core/replay/texts.js';
import type { Centre } from '../../../core/routing/centre.js';
import { compileCentre } from '../../../core/routing/compile-centre.js';
import { type Effect, effectsBetween } from '../../../core/routing/effect/centre-effect.js';
import { namedIn, type Touched, touchedBy } from '../../../core/routing/effect/touched.js';
import { namesInCentre } from '../../../core/routing/keys/names-in-centre.js';
import { type Places, placesOf } from '../graph/layout.js';
import { type CallWish, HandCall, type Turn } from '../phone/hand-call.js';

export const CENTRE = 'centre';

/** Prompts of the centre → languages in which they have a sound or a text. */
export type Heard = Readonly<Record<string, readonly string[]>>;

/** Names of the centre that a flow may use: what is proposed while one writes. */
export interface Names {
  readonly steps: readonly string[];
  readonly queues: readonly string[];
  readonly agents: readonly string[];
  readonly hours: readonly string[];
  readonly flows: readonly string[];
  readonly texts: readonly string[];
}

export interface Checked {
  /** Those of the draft first. */
  readonly issues: readonly Issue[];
  /** Absent for the centre, and where no step can be read. */
  readonly picture?: Picture;
  /** Where its boxes stand. */
  readonly places?: Places;
  readonly names: Names;
  /** What it changes for callers and agents; only of a centre without mistakes. */
  readonly effects?: readonly Effect[];
  /** Whom these touch. */
  readonly touched?: Touched;
  /** No error anywhere: it can be called and tested. */
  readonly isGood: boolean;
}

export interface TestedCase {
  readonly name: string;
  readonly failure?: Failure;
  readonly story: readonly { readonly kind: 'heard' | 'did' | 'went'; readonly text: string }[];
}

/** Ways out of a step: those that a test took, and those that none did. */
export type StepCoverage = FlowCoverage['steps'][number];

export type Tested =
  /** `of`: what has the mistakes. `issues`: of the tests; those of a flow are told where it is written. */
  | { readonly kind: 'faulty'; readonly of: 'flow' | 'tests'; readonly issues: readonly Issue[] }
  | {
      readonly kind: 'played';
      readonly cases: readonly TestedCase[];
      readonly passed: number;
      readonly failed: number;
      /** Of the ways out of the steps of this flow. */
      readonly percent: number;
      readonly steps: readonly StepCoverage[];
    };

interface Good {
  readonly centre: Centre;
  readonly catalogue: FlowCatalogue;
}

/** Pure but for the call in progress. */
export class Workshop {
  #call: HandCall | undefined;
  #layout: { readonly key: string; readonly places: Places } | undefined;

  /** `texts`: those in force by name, `centre` among them. */
  constructor(
    private readonly texts: Readonly<Record<string, string>>,
    private readonly heard?: Heard,
  ) {}

  check(name: string, text: string): Checked {
    const { checked: found, good } = this.#compile(name, text);
    const { picture } = found;
    const checked = picture === undefined ? found : { ...found, places: this.#placesOf(picture) };
    if (name !== CENTRE || good === undefined) return checked;
    const inForce = this.#compile(CENTRE, this.texts[CENTRE] ?? '').good;
    if (inForce === undefined) return checked;
    const effects = effectsBetween(inForce.centre, good.centre);
    const named = Object.entries(this.texts).map(
      ([flow, body]) => [flow, namedIn(readYaml({ file: flow, text: body, revision: '' }).value)] as const,
    );
    const flows = new Map(named.filter(([flow]) => flow !== CENTRE));
    return { ...checked, effects, touched: touchedBy(effects, inForce.centre, good.centre, flows) };
  }

  test(name: string, text: string, tests: string): Tested {
    const { good: draft } = this.#compile(name, text);
    // Beside a flow with mistakes the tests are read with the flow in force.
    const good = draft ?? this.#inForce(name);
    if (good === undefined) return { kind: 'faulty', of: 'flow', issues: [] };
    const { centre, catalogue } = good;
    const file = `${name}.test.yaml`;
    const compiled = compileTests({ file, text: tests, revision: '' }, { centre, flows: catalogue.flows });
    if (draft === undefined) return { kind: 'faulty', of: 'flow', issues: compiled.ok ? [] : compiled.issues };
    if (!compiled.ok) return { kind: 'faulty', of: 'tests', issues: compiled.issues };
    return testedOf(
      name,
      playSuite(catalogue, centre.timeZone, [{ file, cases: compiled.value satisfies readonly FlowCase[] }]),
    );
  }

  /** undefined: there are mistakes. */
  dial(name: string, text: string, wish: CallWish): Turn | undefined {
    const { good } = this.#compile(name, text);
    this.#call = good === undefined ? undefined : new HandCall(good.catalogue, good.centre, name, wish);
    return this.#call?.turn;
  }

  /** undefined: there is no call. */
  answer(typed: string): Turn | undefined {
    return this.#call?.answer(typed);
  }

  #inForce(name: string): Good | undefined {
    const text = this.texts[name];
    return text === undefined ? undefined : this.#compile(name, text).good;
  }

  /** Boxes move when there are others, or others follow each other; what they say moves none. */
  #placesOf(picture: Picture): Places {
    const { boxes, arrows, start } = picture;
    const key = JSON.stringify([boxes.map(({ name }) => name), arrows.map(({ from, to }) => [from, to]), start]);
    if (this.#layout?.key !== key) this.#layout = { key, places: placesOf(picture) };
    return this.#layout.places;
  }

  #compile(name: string, text: string): { readonly checked: Checked; readonly good?: Good } {
    const sources = Object.entries({ ...this.texts, [name]: text }).map(
      ([one, body]): SourceFile => ({ file: `${one}.yaml`, text: body, revision: one === name ? 'draft' : 'in-force' }),
    );
    const ownFile = `${name}.yaml`;
    const centreFile = sources.find(({ file }) => file === `${CENTRE}.yaml`);
    const flowFiles = sources.filter((source) => source !== centreFile);
    const flowNames = flowFiles.map(({ file }) => file.replace(/\.yaml$/, ''));
    if (centreFile === undefined) throw new Error('there is no text of the centre');
    const centre = compileCentre(centreFile, { flows: new Set(flowNames) });
    const around = namesInCentre(centreFile);
    const { heard } = this;
    const isHeard = (prompt: string, language: string): boolean => heard?.[prompt]?.includes(language) ?? false;
    const surroundings = heard === undefined ? around : { ...around, isHeard };
    const { drafts, issues: ofFlows } = draftFlows(flowFiles, surroundings);
    const flows = new Map(drafts.flatMap(({ flow }) => (flow === undefined ? [] : [[flow.name, flow] as const])));
    const ofCentre = centre.ok ? centre.warnings : centre.issues;
    const wrong = [...ofCentre, ...ofFlows].some(isError);
    const entries = centre.ok && !wrong ? checkEntries(centreFile, centre.value.numbers, flows) : [];
    const all = [...ofCentre, ...ofFlows, ...entries];
    const issues = [
      ...all.filter(({ file }) => file === ownFile),
      ...all.filter((one) => one.file !== ownFile && isError(one)),
    ];
    const draft = drafts.find((one) => one.name === name);
    const isGood = !all.some(isError);
    const checked: Checked = {
      issues,
      ...(draft?.arrows === undefined ? {} : { picture: pictureOf(draft, all) }),
      names: {
        steps: [...(draft?.arrows?.keys() ?? [])],
        queues: [...around.queues],
        agents: [...around.agents],
        hours: [...around.hours],
        flows: flowNames,
        texts: [...around.texts.keys()],
      },
      isGood,
    };
    if (!centre.ok || !isGood) return { checked };
    return { checked, good: { centre: centre.value, catalogue: catalogueOf(centre.value, flows) } };
  }
}

function testedOf(name: string, { files, passed, failed, coverage }: SuiteResult): Tested {
  const own = coverage.filter(({ flow }) => flow === name);
  return {
    kind: 'played',
    cases: files.flatMap(({ cases }) =>
      cases.map(({ name: one, failure, story }) => ({
        name: one,
        story,
        ...(failure === undefined ? {} : { failure }),
      })),
    ),
    ...{ passed, failed, percent: percentOf(own) },
    steps: own.flatMap(({ steps }) => steps),
  };
}
