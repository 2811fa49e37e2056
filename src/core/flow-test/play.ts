// Plays one test of a flow on the pure core: what the script does is the caller's part, what it hears is compared.
import { assert } from '../../lib/assert.js';
import type { Answer, Ask, Prompt } from '../ivr/ask.js';
import { nowIn } from '../ivr/facts.js';
import type { FlowCatalogue, Progress, TraceLine } from '../ivr/session.js';
import type { Value } from '../ivr/value.js';
import { advance, startSession } from '../ivr/walk.js';
import { replyOf, sayItem, stubbed } from './answer.js';
import type { CaseEnd, Failure, FlowCase, ScriptItem, StoryLine } from './case.js';
import { type Taken, takenBy, takenOutside } from './coverage.js';
import { isOpen, matches, sayAsk, sayPrompt } from './hearing.js';

/** One ask of the flow in a test: how many of its prompts were heard, and what came of it. */
export interface Beat {
  readonly ask: Ask;
  readonly heard: number;
  /** The line of the script that answered; absent for what is only played, or answered by another system. */
  readonly item?: ScriptItem;
}

export interface Played {
  readonly name: string;
  /** Absent: everything was as expected. */
  readonly failure?: Failure;
  readonly end: CaseEnd;
  readonly story: readonly StoryLine[];
  readonly trace: readonly TraceLine[];
  readonly beats: readonly Beat[];
  readonly taken: readonly Taken[];
}

/** A flow that asks more often than this in a test goes in circles. */
const MAX_ASKS = 1_000;

/** Throws nothing: whatever does not fit is the failure of the case. `catalogue` has to have the case's flow. */
export function playCase(catalogue: FlowCatalogue, timeZone: string, testCase: FlowCase): Played {
  return new Play(catalogue, timeZone, testCase).toEnd();
}

class Play {
  private readonly story: StoryLine[] = [];
  private readonly trace: TraceLine[] = [];
  private readonly taken: Taken[] = [];
  private readonly beats: Beat[] = [];
  private heardNow = 0;
  private readonly given = new Map<string, number>();
  private progress: Progress;
  private nowMs: number;
  private position = 0;
  /** What the caller got on the way, which is the call's result whatever the flow does afterwards. */
  private got: CaseEnd['result'] | undefined;
  /** What is heard until the next deed is written in the script; otherwise nothing of it is compared. */
  private listening: boolean;

  constructor(
    private readonly catalogue: FlowCatalogue,
    private readonly timeZone: string,
    private readonly test: FlowCase,
  ) {
    this.nowMs = test.atMs;
    this.listening = this.turnListens();
    const { flow, from, callerName, number, languages, give } = test;
    const call = { from, name: callerName, to: number, reference: 'H-TEST' };
    this.progress = startSession(catalogue, { flow, give, call, languages, nowMs: this.nowMs, timeZone });
    this.note(undefined);
  }

  toEnd(): Played {
    for (let asks = 0; asks < MAX_ASKS; asks += 1) {
      const over = this.turn();
      if (over === undefined) continue;
      const failure = 'failed' in over ? over.failed : this.afterwards();
      const end: CaseEnd = 'failed' in over ? { result: 'open', reason: 'not as expected' } : over.end;
      const { story, trace, taken, beats } = this;
      return { name: this.test.name, end, story, trace, taken, beats, ...(failure === undefined ? {} : { failure }) };
    }
    const failure = this.failure(this.test, 'an end', [`the flow still asks after ${MAX_ASKS} times`]);
    const end: CaseEnd = { result: 'open', reason: 'endless' };
    const { story, trace, taken, beats } = this;
    return { name: this.test.name, end, story, trace, taken, beats, failure };
  }

  /** One ask of the flow; undefined: the call goes on. */
  private turn(): { end: CaseEnd } | { failed: Failure } | undefined {
    const { ask, session } = this.progress;
    this.heardNow = 0;
    for (const prompt of promptsOf(ask)) {
      if (this.hangsUpNow()) return this.hungUp();
      const failed = this.hear(prompt);
      if (failed !== undefined) return { failed };
    }
    if (this.hangsUpNow()) return this.hungUp();
    if (ask.kind === 'play') {
      this.beat(ask);
      return this.advance({ kind: 'played' });
    }
    if (ask.kind === 'http' || ask.kind === 'bot' || ask.kind === 'customer') return this.outside(ask);
    this.skipOpen();
    this.pass();
    if (this.hangsUpNow()) return this.hungUp();
    const item = this.test.script[this.position];
    if (ask.kind === 'hangup') return this.ended(ask, item);
    if (item === undefined) {
      this.beat(ask);
      return { end: { result: 'open', reason: sayAsk(ask) } };
    }
    if (item.kind === 'hears') return { failed: this.failure(item.place, sayItem(item), [`the flow ${sayAsk(ask)}`]) };
    const reply = replyOf(ask, item, nowIn(this.timeZone, this.nowMs));
    if (reply.kind === 'misfit') return { failed: this.failure(item.place, reply.expected, reply.instead) };
    this.position += 1;
    this.beat(ask, item);
    if (ask.kind !== 'collect' && ask.kind !== 'listen') this.tell('went', sayAsk(ask));
    this.tell('did', sayDeed(item));
    this.listening = this.turnListens();
    this.got = gotBy(ask, item, this.got);
    if (reply.kind === 'answer') return this.advance(reply.answer);
    if (reply.outcome !== undefined) this.taken.push(...takenOutside(session, reply.outcome));
    return this.endsAs(reply.end);
  }

  private hear(prompt: Prompt): Failure | undefined {
    this.heardNow += 1;
    this.tell('heard', sayPrompt(prompt));
    if (!this.listening) return undefined;
    const item = this.test.script[this.position];
    const next = this.test.script[this.position + 1];
    if (item?.kind === 'hears' && isOpen(item)) {
      if (next?.kind === 'hears' && matches(next, prompt)) this.position += 2;
      return undefined;
    }
    if (item?.kind === 'hears' && matches(item, prompt)) {
      this.position += 1;
      return undefined;
    }
    const expected = item === undefined ? 'nothing more' : sayItem(item);
    return this.failure(item?.place ?? this.test.place, expected, [sayPrompt(prompt)]);
  }

  private outside(ask: Ask & { kind: 'http' | 'bot' | 'customer' }): { failed: Failure } | undefined {
    const step = this.progress.session.frames.at(-1)?.step ?? '';
    const list = this.test.answers.get(step) ?? [];
    const count = this.given.get(step) ?? 0;
    this.given.set(step, count + 1);
    this.beat(ask);
    const answer = stubbed(ask, list[Math.min(count, list.length - 1)], this.test.customer);
    if (answer !== undefined) return this.advance(answer);
    const wanted = ask.kind === 'http' ? '{ status: 200, body: … }' : '{ reply: … }';
    const instead = [`step '${step}' asks: ${ask.kind}, and nothing is written for it`];
    return { failed: this.failure(this.test.place, `answers: { ${step}: ${wanted} }`, instead) };
  }

  private ended(ask: Ask & { kind: 'hangup' }, item: ScriptItem | undefined): { end: CaseEnd } | { failed: Failure } {
    this.beat(ask);
    this.tell('went', sayAsk(ask));
    const said = ask.result === 'short-abandoned' || ask.result === 'no-answer' ? 'failed' : ask.result;
    const end = { result: this.result() ?? said, reason: ask.reason };
    if (item === undefined) return { end };
    if (item.kind === 'ends') return this.endsAs(end);
    return { failed: this.failure(item.place, sayItem(item), [`the flow ${sayAsk(ask)}`]) };
  }

  private endsAs(end: CaseEnd): { end: CaseEnd } | { failed: Failure } {
    const item = this.test.script[this.position];
    if (item?.kind !== 'ends') return { end };
    this.position += 1;
    if (item.result === end.result && (item.reason === undefined || item.reason === end.reason)) return { end };
    return { failed: this.failure(item.place, sayItem(item), [`the end: ${end.result} (${end.reason})`]) };
  }

  private hungUp(): { end: CaseEnd } | { failed: Failure } {
    const item = this.test.script[this.position];
    if (item !== undefined) this.beat(this.progress.ask, item);
    this.position += 1;
    this.tell('did', 'hangs up');
    return this.endsAs({ result: this.result() ?? 'abandoned', reason: 'caller-hung-up' });
  }

  private result(): CaseEnd['result'] | undefined {
    return this.got ?? (this.progress.session.served ? 'served' : undefined);
  }

  /** The call is over: nothing may be left in the script, and what was to be known has to be so. */
  private afterwards(): Failure | undefined {
    const item = this.test.script[this.position];
    if (item !== undefined) return this.failure(item.place, sayItem(item), ['the call is over']);
    const { place, variables, language, served } = this.test.expect;
    const { session } = this.progress;
    const held: Readonly<Record<string, Value>> = session.frames[0]?.variables ?? {};
    for (const [name, value] of Object.entries(variables)) {
      if (held[name] !== value)
        return this.failure(place, `${name} = ${show(value)}`, [`${name} = ${show(held[name])}`]);
    }
    if (language !== undefined && language !== session.language) {
      return this.failure(place, `language ${language}`, [`language ${session.language}`]);
    }
    if (served === undefined || served === session.served) return undefined;
    return this.failure(place, `served: ${served}`, [`served: ${session.served}`]);
  }

  private advance(answer: Answer): undefined {
    const { session } = this.progress;
    assert(session.state === 'asking', 'only a flow that asks is answered');
    this.progress = advance(this.catalogue, session, answer, this.nowMs);
    this.note(session);
  }

  private note(before: Progress['session'] | undefined): void {
    this.trace.push(...this.progress.trace);
    this.taken.push(...takenBy(this.catalogue.flows, before, this.progress));
  }

  /** An open `…` that nothing follows any more. */
  private skipOpen(): void {
    const item = this.test.script[this.position];
    if (item?.kind === 'hears' && isOpen(item)) this.position += 1;
  }

  /** Lets the time pass that the script says. */
  private pass(): void {
    for (let item = this.test.script[this.position]; item?.kind === 'waits'; item = this.test.script[this.position]) {
      this.nowMs += item.ms;
      this.position += 1;
    }
  }

  private hangsUpNow(): boolean {
    return this.test.script[this.position]?.kind === 'hangs-up';
  }

  private turnListens(): boolean {
    return this.test.script[this.position]?.kind === 'hears';
  }

  private beat(ask: Ask, item?: ScriptItem): void {
    this.beats.push({ ask, heard: this.heardNow, ...(item === undefined ? {} : { item }) });
  }

  private tell(kind: StoryLine['kind'], text: string): void {
    this.story.push({ kind, text });
  }

  private failure(
    at: { line: number; column: number } | FlowCase,
    expected: string,
    instead: readonly string[],
  ): Failure {
    const { line, column } = 'place' in at ? at.place : at;
    return { line, column, expected, instead };
  }
}

/** As the server counts it: who goes on to wait or to be forwarded has to be served anew. */
function gotBy(ask: Ask, item: ScriptItem, before: CaseEnd['result'] | undefined): CaseEnd['result'] | undefined {
  const outcome = 'outcome' in item ? item.outcome : undefined;
  switch (ask.kind) {
    case 'queue':
    case 'forward':
      return outcome === 'served' || outcome === 'connected' ? 'served' : undefined;
    case 'voicemail':
      return outcome === 'left' ? 'voicemail' : undefined;
    case 'callback':
      return outcome === 'promised' ? 'callback-promised' : before;
    default:
      return before;
  }
}

function promptsOf(ask: Ask): readonly Prompt[] {
  return 'prompts' in ask ? ask.prompts : [];
}

function sayDeed(item: ScriptItem): string {
  switch (item.kind) {
    case 'presses':
      return `presses ${item.keys}`;
    case 'writes':
      return `writes ${item.text}`;
    case 'silence':
      return 'is silent';
    default:
      return 'outcome' in item && item.outcome !== undefined ? item.outcome : sayItem(item);
  }
}

function show(value: Value | undefined): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}
