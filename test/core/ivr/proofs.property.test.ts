// What the proofs say of a flow is what the engine does with it: random flows, all ways through them.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatIssue } from '../../../src/core/document/issue.js';
import type { Answer, Ask } from '../../../src/core/ivr/ask.js';
import { draftFlows } from '../../../src/core/ivr/compile.js';
import type { FlowCatalogue, Progress } from '../../../src/core/ivr/session.js';
import { shortestWays } from '../../../src/core/ivr/ways/shortest-ways.js';
import { AROUND, next, start } from '../../support/flow-caller.js';

const RUNS = 150;
/** Enough for every state of flows so small. */
const MAX_STATES = 5_000;

interface Move {
  readonly answer: Answer;
  readonly keys: number;
}

/** Everything a caller may do, with the keys it takes. */
function movesOf(ask: Ask): Move[] {
  switch (ask.kind) {
    case 'play':
      return [{ answer: { kind: 'played' }, keys: 0 }];
    case 'collect': {
      const silence: Move = { answer: { kind: 'time-out', digits: '' }, keys: 0 };
      if (ask.purpose === 'gather')
        return [silence, { answer: { kind: 'digits', digits: '7'.repeat(ask.min) }, keys: ask.min }];
      return [silence, ...['1', '2'].map((digits): Move => ({ answer: { kind: 'digits', digits }, keys: 1 }))];
    }
    default:
      return [];
  }
}

function catalogueOf(texts: readonly string[]) {
  const sources = texts.map((text) => ({ file: `${/name: (\S+)/.exec(text)?.[1]}.yaml`, text, revision: '' }));
  const { drafts, issues } = draftFlows(sources, AROUND);
  const flows = new Map(drafts.flatMap(({ name, flow }) => (flow === undefined ? [] : [[name, flow] as const])));
  const catalogue: FlowCatalogue = { flows, isOpen: () => true, isHoliday: () => false };
  return { drafts, issues, catalogue };
}

/** Every state that a caller can get into, cheapest first. */
function* statesOf(catalogue: FlowCatalogue): Generator<{ progress: Progress; keys: number }> {
  const seen = new Set<string>();
  const first = start(catalogue, { flow: 'main' });
  let open = [{ progress: first, keys: 0 }];
  for (let count = 0; open.length > 0 && count < MAX_STATES; count += 1) {
    open = open.toSorted((a, b) => a.keys - b.keys);
    const here = open.shift();
    if (here === undefined) return;
    const { session, ask } = here.progress;
    const name = JSON.stringify([session.frames, session.state === 'asking' ? session.failures : 'ended']);
    if (seen.has(name)) continue;
    seen.add(name);
    yield here;
    if (session.state === 'ended') continue;
    for (const { answer, keys } of movesOf(ask)) {
      // Limits of the walk are not what is looked at: each step begins with a fresh budget.
      const fresh = { ...session, budget: first.session.budget };
      open.push({ progress: next(catalogue, fresh, answer), keys: here.keys + keys });
    }
  }
}

const SIZE = 7;
const target = fc.integer({ min: 0, max: SIZE - 1 }).map((index) => `s${index}`);
const head = (name: string) => `version: 1\nname: ${name}\nlanguages: [es]\nstart: s0\nvariables: { v: '' }\nsteps:\n`;
const flowText = (name: string, steps: readonly string[]) =>
  `${head(name)}${steps.map((step, index) => `  s${index}: ${step}\n`).join('')}`;

const menu = fc
  .tuple(target, target, target)
  .map(
    ([one, two, other]) => `{ do: menu, say: Hola., keys: { 1: ${one}, 2: ${two} }, tries: 2, otherwise: ${other} }`,
  );
const gather = fc
  .tuple(target, target, fc.integer({ min: 1, max: 3 }))
  .map(
    ([to, other, min]) => `{ do: gather, say: Hola., into: v, min: ${min}, max: 5, next: ${to}, otherwise: ${other} }`,
  );
const say = target.map((to) => `{ do: say, say: '<{{ v }}>', next: ${to} }`);
const hangup = fc.constant('{ do: hangup }');

describe('the way to a person', () => {
  const ends = [fc.constant('{ do: queue, queue: support }'), hangup];
  const call = target.map((to) => `{ do: flow, flow: sub, next: ${to} }`);
  const main = fc.array(fc.oneof({ weight: 3, arbitrary: menu }, gather, say, call, ...ends), {
    minLength: SIZE,
    maxLength: SIZE,
  });
  const back = fc.constant('{ do: return }');
  const sub = fc.array(fc.oneof({ weight: 3, arbitrary: menu }, gather, say, back, ...ends), {
    minLength: SIZE,
    maxLength: SIZE,
  });

  test('takes as many keys as the proof says, or there is none', () => {
    fc.assert(
      fc.property(main, sub, (mainSteps, subSteps) => {
        const { drafts, catalogue, issues } = catalogueOf([flowText('main', mainSteps), flowText('sub', subSteps)]);
        // Such a call never asks for anything; it is refused for that.
        fc.pre(!issues.some(({ message }) => message.startsWith('this loop')));
        const byName = new Map(drafts.map((draft) => [draft.name, draft]));
        const draft = byName.get('main');
        if (draft === undefined) throw new Error('there is no flow');
        const proved = shortestWays(draft, byName, new Map()).person.findIndex((way) => way !== undefined);
        let walked = -1;
        for (const { progress, keys } of statesOf(catalogue)) {
          if (progress.ask.kind !== 'queue') continue;
          walked = keys;
          break;
        }
        expect(proved).toBe(walked);
      }),
      { numRuns: RUNS },
    );
  });
});

describe('a value that may still be empty', () => {
  const set = target.map((to) => `{ do: set, values: { v: x }, next: ${to} }`);
  const branch = fc
    .tuple(target, target)
    .map(([empty, other]) => `{ do: branch, cases: [{ when: v == "", next: ${empty} }], otherwise: ${other} }`);
  const withBranch = fc.array(fc.oneof(menu, gather, say, set, branch, hangup), { minLength: SIZE, maxLength: SIZE });
  const withoutBranch = fc.array(fc.oneof(menu, gather, say, set, hangup), { minLength: SIZE, maxLength: SIZE });

  /** Steps that say an empty value to somebody, and those that the proof warns of. */
  function heardAndWarned(steps: readonly string[]) {
    const { catalogue, issues } = catalogueOf([flowText('main', steps)]);
    fc.pre(!issues.some(({ message }) => message.startsWith('this loop')));
    const heard = new Set<string>();
    for (const { progress } of statesOf(catalogue)) {
      const empty =
        progress.ask.kind === 'play' && progress.ask.prompts.some((one) => 'text' in one && one.text === '<>');
      const step = progress.session.frames.at(-1)?.step;
      if (empty && step !== undefined) heard.add(step);
    }
    const lines = issues.filter(({ message }) => message.includes('may still be empty'));
    const warned = new Set(lines.map(({ line }) => `s${line - head('main').split('\n').length}`));
    return { heard, warned, issues: issues.map(formatIssue) };
  }

  test('is warned of where somebody hears it, and nowhere else', () => {
    fc.assert(
      fc.property(withoutBranch, (steps) => {
        const { heard, warned } = heardAndWarned(steps);
        expect([...warned].toSorted()).toEqual([...heard].toSorted());
      }),
      { numRuns: RUNS },
    );
  });

  test('is never warned of where nobody hears it, whatever is tested', () => {
    fc.assert(
      fc.property(withBranch, (steps) => {
        const { heard, warned } = heardAndWarned(steps);
        // What a branch has tested is known to whoever wrote it: heard all the same, but not warned of.
        expect([...warned].filter((step) => !heard.has(step))).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  });
});
