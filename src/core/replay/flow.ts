// Walks recorded calls through their flows again, with the answers they were given: every step has to come out as it did.
import { readYaml } from '../document/yaml-text.js';
import type { GivenAnswer, WalkStart } from '../interaction/decision/given.js';
import type { InteractionEvent, RecordedEvent } from '../interaction/event.js';
import type { Answer } from '../ivr/ask.js';
import type { Progress, TraceLine } from '../ivr/session.js';
import { advance, startSession } from '../ivr/walk.js';
import { canonical, type Findings } from './findings.js';
import { recompile, type TextOf, type TextsInForce } from './texts.js';
import { factOf, MASK } from './walk-facts.js';

const PART = 'flow';

type FlowFact = Extract<
  InteractionEvent,
  { type: 'flow-entered' | 'flow-step' | 'flow-limit-hit' | 'language-set' | 'survey-answered' }
>;

interface RecordedFact {
  readonly version: number;
  readonly event: FlowFact;
}

interface Walk {
  readonly segment: string;
  readonly version: number;
  readonly start: WalkStart | undefined;
  readonly facts: RecordedFact[];
}

export function replayFlows(events: readonly RecordedEvent[], textOf: TextOf, findings: Findings): void {
  const calls = new Map<string, { readonly from: string; readonly to: string }>();
  let reference = '';
  for (const { event } of events) {
    if (event.type === 'interaction-opened') reference = event.data.reference;
    if (event.type === 'call-arrived') calls.set(event.data.segment, event.data);
  }
  for (const walk of walksIn(events)) {
    const call = calls.get(walk.segment);
    if (walk.start === undefined || call === undefined) {
      findings.leave(PART, walk.version, 'recorded before answers were kept: the walk cannot be made again');
      continue;
    }
    const compiled = recompile(walk.start.texts, textOf);
    if (compiled.ok) replayWalk(walk, walk.start, { ...call, reference }, compiled.texts, findings);
    else if (compiled.missing.length > 0) {
      findings.leave(PART, walk.version, `texts that nobody has any more: ${compiled.missing.join(', ')}`);
    } else {
      const place = 'src/core/ivr/compile.ts';
      findings.compare(PART, walk.version, { recorded: 'a good text', now: compiled.refused.join('; '), place });
    }
  }
}

/** A walk begins with a flow entered that tells its start; what an old record has without one is a walk as well. */
function walksIn(events: readonly RecordedEvent[]): Walk[] {
  const walks: Walk[] = [];
  for (const { version, event } of events) {
    if (!isFlowFact(event)) continue;
    const { segment } = event.data;
    const going = walks.findLast((walk) => walk.segment === segment);
    const start = event.type === 'flow-entered' ? event.data.start : undefined;
    if (going === undefined || start !== undefined)
      walks.push({ segment, version, start, facts: [{ version, event }] });
    else going.facts.push({ version, event });
  }
  return walks;
}

function isFlowFact(event: InteractionEvent): event is FlowFact {
  return ['flow-entered', 'flow-step', 'flow-limit-hit', 'language-set', 'survey-answered'].includes(event.type);
}

function replayWalk(
  { segment, facts }: Walk,
  start: WalkStart,
  call: { readonly from: string; readonly to: string; readonly reference: string },
  { centre, catalogue, sources }: TextsInForce,
  findings: Findings,
): void {
  const [first] = facts;
  if (first?.event.type !== 'flow-entered') return;
  const { atMs, name, languages, give } = start;
  const { from, to, reference } = call;
  let progress: Progress = startSession(catalogue, {
    flow: first.event.data.flow,
    ...(give === undefined ? {} : { give }),
    call: { from, to, name, reference },
    languages,
    nowMs: atMs,
    timeZone: centre.timeZone,
  });
  const answers = facts.flatMap(({ event }) => (event.type === 'flow-step' ? (event.data.answers ?? []) : []));
  const lines: TraceLine[] = [...progress.trace];
  let masked = false;
  for (const { version, event } of facts) {
    while (lines.length === 0 && answers.length > 0) {
      const given = answers.shift();
      if (given === undefined) break;
      if (given.kept === 'cut') {
        findings.leave(PART, version, 'an answer was too long to be kept');
        return;
      }
      if (given.kept === 'masked') masked = true;
      const next = answered(progress, given, catalogue);
      if (typeof next === 'string') {
        const place = placeOf(event, sources);
        findings.compare(PART, version, { recorded: `answered with ${canonical(given.answer)}`, now: next, place });
        return;
      }
      progress = next;
      lines.push(...progress.trace);
    }
    const line = lines.shift();
    const now = line === undefined ? 'the flow goes no further' : told(factOf(segment, line));
    const recorded = told(event);
    if (masked && canonical(now) !== canonical(recorded)) {
      findings.leave(PART, version, 'it depends on digits that were typed in secret and are not kept');
      return;
    }
    if (!findings.compare(PART, version, { recorded, now, place: placeOf(event, sources) })) return;
  }
  const [more] = lines;
  const last = facts.at(-1);
  if (more === undefined || last === undefined) return;
  const now = `then also ${canonical(told(factOf(segment, more)))}`;
  findings.compare(PART, last.version, { recorded: 'the last step', now, place: placeOf(last.event, sources) });
}

/** Where the walk is after the answer, or why it cannot take it. */
function answered(progress: Progress, given: GivenAnswer, catalogue: Parameters<typeof advance>[0]): Progress | string {
  // Of digits typed in secret only the number is known: zeros stand for them.
  const { digits } = given.answer;
  const unmasked =
    typeof digits === 'string' ? { ...given.answer, digits: digits.replaceAll(MASK, '0') } : given.answer;
  try {
    return advance(catalogue, progress.session, unmasked as Answer, given.atMs);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The fact as the flow tells it, without what is kept beside it. */
function told(event: InteractionEvent): object {
  const { start: _start, answers: _answers, ...data } = { start: undefined, answers: undefined, ...event.data };
  return { type: event.type, data };
}

function placeOf(event: FlowFact, sources: TextsInForce['sources']): string {
  const [flow = '', step = ''] =
    event.type === 'flow-step' ? event.data.step.split('/') : event.type === 'flow-entered' ? [event.data.flow] : [];
  const source = sources.get(flow);
  if (source === undefined) return 'src/core/ivr/walk.ts';
  const { line, column } = readYaml(source).placeOf(step === '' ? ['start'] : ['steps', step], 'key');
  return `${source.file}:${line}:${column} (revision ${source.revision})`;
}
