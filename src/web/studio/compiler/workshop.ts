// A draft beside the texts in force: what is wrong in it, its picture, its tests, and calls through it.
import { type Issue, isError, type SourceFile } from '../../../core/document/issue.js';
import type { FlowCase } from '../../../core/flow-test/case.js';
import { percentOf, playSuite, type SuiteResult } from '../../../core/flow-test/suite.js';
import { compileTests } from '../../../core/flow-test/test-file.js';
import { draftFlows } from '../../../core/ivr/compile.js';
import type { FlowCatalogue } from '../../../core/ivr/session.js';
import { checkEntries } from '../../../core/ivr/variable/entry.js';
import { type Picture, pictureOf } from '../../../core/ivr/ways/picture.js';
import { catalogueOf } from '../../../core/replay/texts.js';
import type { Centre } from '../../../core/routing/centre.js';
import { compileCentre, namesInCentre } from '../../../core/routing/compile-centre.js';
import { type Effect, effectsBetween } from '../../../core/routing/effect/centre-effect.js';
import { type CallWish, HandCall, type Turn } from '../phone/hand-call.js';

export const CENTRE = 'centre';

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
  readonly names: Names;
  /** What it changes for callers and agents; only of a centre without mistakes. */
  readonly effects?: readonly Effect[];
  /** No error anywhere: it can be called and tested. */
  readonly isGood: boolean;
}

export interface TestedCase {
  readonly name: string;
  readonly failure?: { readonly line: number; readonly expected: string; readonly instead: readonly string[] };
  readonly story: readonly { readonly kind: 'heard' | 'did' | 'went'; readonly text: string }[];
}

export type Tested =
  | { readonly kind: 'faulty'; readonly issues: readonly Issue[] }
  | {
      readonly kind: 'played';
      readonly cases: readonly TestedCase[];
      readonly passed: number;
      readonly failed: number;
      /** Of the ways out of the steps of this flow. */
      readonly percent: number;
      readonly open: readonly { readonly step: string; readonly ways: readonly string[] }[];
    };

interface Good {
  readonly centre: Centre;
  readonly catalogue: FlowCatalogue;
}

/** Pure but for the call in progress. */
export class Workshop {
  #call: HandCall | undefined;

  /** `texts`: those in force by name, `centre` among them. */
  constructor(private readonly texts: Readonly<Record<string, string>>) {}

  check(name: string, text: string): Checked {
    const { checked, good } = this.#compile(name, text);
    if (name !== CENTRE || good === undefined) return checked;
    const inForce = this.#compile(CENTRE, this.texts[CENTRE] ?? '').good;
    return inForce === undefined ? checked : { ...checked, effects: effectsBetween(inForce.centre, good.centre) };
  }

  test(name: string, text: string, tests: string): Tested {
    const { checked, good } = this.#compile(name, text);
    if (good === undefined) return { kind: 'faulty', issues: checked.issues.filter(isError) };
    const { centre, catalogue } = good;
    const file = `${name}.test.yaml`;
    const compiled = compileTests({ file, text: tests, revision: '' }, { centre, flows: catalogue.flows });
    if (!compiled.ok) return { kind: 'faulty', issues: compiled.issues };
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
    const { drafts, issues: ofFlows } = draftFlows(flowFiles, around);
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
    open: own.flatMap(({ steps }) =>
      steps.flatMap(({ step, open }) => (open.length === 0 ? [] : [{ step, ways: [...open] }])),
    ),
  };
}
