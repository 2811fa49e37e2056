// A call walks a flow: what the flow asks is done on the call's leg, what comes of it is the flow's next answer.

import type { Answer, Ask } from '../../core/ivr/ask.js';
import type { FlowCatalogue, Progress, SessionStart } from '../../core/ivr/session.js';
import type { Value } from '../../core/ivr/value.js';
import { advance, startSession } from '../../core/ivr/walk.js';
import { WalkFacts } from '../../core/replay/walk-facts.js';
import type { Centre } from '../../core/routing/centre.js';
import type { Clock } from '../../lib/clock.js';
import type { Log } from '../../lib/log.js';
import type { OutsideSteps } from '../outside/outside-steps.js';
import type { Speech } from '../speech.js';
import type { Walk, Walkers } from '../walkers/walkers.js';
import type { Writing } from '../writing/writing.js';
import type { Call, StoryEnd } from './call.js';
import type { Destinations } from './destinations.js';

export interface FlowWalkPorts {
  readonly destinations: Destinations;
  readonly outside: OutsideSteps;
  readonly speech: Speech;
  readonly writing: Writing;
  readonly walkers: Pick<Walkers, 'began'>;
  readonly clock: Clock;
  readonly log: Log;
}

export interface FlowStart {
  readonly flow: string;
  /** Inputs that the number gives it. */
  readonly give?: Readonly<Record<string, Value>>;
  readonly catalogue: FlowCatalogue;
  readonly centre: Centre;
  readonly languages: readonly string[];
}

/** What a step asks while a talk with a bot goes on. */
const DURING_TALKS: readonly Ask['kind'][] = ['bot', 'listen', 'play'];

export class FlowWalk {
  constructor(private readonly ports: FlowWalkPorts) {}

  /** Walks to the end of the flow. Rejects with HiloError `leg-ended` when the caller hangs up on the way. */
  async walk(call: Call, start: FlowStart): Promise<StoryEnd> {
    const revisionOf = (flow: string): string => start.catalogue.flows.get(flow)?.revision ?? '';
    const seen = this.ports.walkers.began(revisionOf, () => call.phase.phase === 'talking');
    try {
      return await this.#walk(call, start, seen);
    } finally {
      seen.over();
      this.ports.outside.over(call);
    }
  }

  async #walk(call: Call, start: FlowStart, seen: Walk): Promise<StoryEnd> {
    const { clock } = this.ports;
    const { catalogue, centre } = start;
    const begin: SessionStart = {
      flow: start.flow,
      ...(start.give === undefined ? {} : { give: start.give }),
      call: { from: call.from, name: call.fromName, to: call.to, reference: call.thread.state.reference },
      languages: start.languages,
      nowMs: clock.nowMs(),
      timeZone: centre.timeZone,
    };
    const facts = new WalkFacts(call.segment, begin, { catalogue, centre });
    let progress = startSession(catalogue, begin);
    for (;;) {
      seen.at(progress.session);
      this.#note(call, progress, facts);
      const { ask } = progress;
      if (ask.kind === 'hangup') return this.#hangUp(call, ask);
      const step = await this.#do(call, ask);
      if ('end' in step) return step.end;
      const nowMs = clock.nowMs();
      facts.answered(ask, step.answer, nowMs);
      progress = advance(catalogue, progress.session, step.answer, nowMs);
    }
  }

  async #hangUp(call: Call, ask: Ask & { kind: 'hangup' }): Promise<StoryEnd> {
    await this.#say(call, ask.prompts);
    const { phase } = call;
    if (phase.phase === 'done') return { by: phase.talkEnd?.by ?? 'hilo', result: phase.result, reason: ask.reason };
    return { by: 'hilo', result: ask.result, reason: ask.reason };
  }

  async #do(call: Call, ask: Exclude<Ask, { kind: 'hangup' }>): Promise<{ answer: Answer } | { end: StoryEnd }> {
    const { destinations, outside } = this.ports;
    if (!DURING_TALKS.includes(ask.kind)) outside.over(call);
    switch (ask.kind) {
      case 'play':
        await this.#say(call, ask.prompts);
        return { answer: { kind: 'played' } };
      case 'collect':
        return { answer: await this.#collect(call, ask) };
      case 'queue': {
        const served = await destinations.queue(call, ask.queue, ask.priority);
        if (served.outcome === 'served' && served.end !== undefined) return { end: served.end };
        if (served.outcome === 'served') return { answer: { kind: 'queue', outcome: 'served', reason: 'served' } };
        // The caller pressed a key that leads somewhere, or was diverted there: that is not for the flow to decide.
        if (ask.overflow === 'queue' || served.wayOut !== undefined) {
          return { end: await destinations.overflow(call, ask.queue, served) };
        }
        return { answer: { kind: 'queue', outcome: 'not-served', reason: served.cause } };
      }
      case 'forward': {
        const { outcome, reason, end } = await destinations.forward(call, ask.to, { rule: 'flow', ringMs: ask.ringMs });
        // An agent sent the customer on: the flow is long over for them.
        if (end !== undefined && call.handover !== undefined) return { end };
        return { answer: { kind: 'forward', outcome, reason } };
      }
      case 'voicemail':
        return { answer: { kind: 'voicemail', outcome: await destinations.voicemail(call, ask) } };
      case 'message':
        return { answer: { kind: 'message', ...(await destinations.message(call, ask)) } };
      case 'http':
      case 'customer':
      case 'bot':
      case 'listen':
        return { answer: await outside.do(call, ask) };
      case 'callback':
        return { answer: { kind: 'callback', ...(await destinations.callback(call, ask)) } };
    }
  }

  async #collect(call: Call, ask: Ask & { kind: 'collect' }): Promise<Answer> {
    const { min, max, terminators, firstDigitMs, interDigitMs, bargeIn } = ask;
    this.ports.writing.say(call, ask.prompts);
    const prompts = await this.ports.speech.paths(ask.prompts);
    const { secure = false } = ask;
    const request = { prompts, min, max, terminators, firstDigitMs, interDigitMs, bargeIn, secure };
    const collected = await call.leg.collect(request);
    const { digits } = collected;
    return collected.outcome === 'digits' ? { kind: 'digits', digits } : { kind: 'time-out', digits };
  }

  async #say(call: Call, prompts: Parameters<Speech['paths']>[0]): Promise<void> {
    this.ports.writing.say(call, prompts);
    const paths = await this.ports.speech.paths(prompts);
    if (paths.length > 0) await call.leg.play(paths);
  }

  #note(call: Call, { session, trace }: Progress, facts: WalkFacts): void {
    call.language = session.language;
    // The flow itself gave what was wanted: a hang-up from here on is no abandonment.
    if (session.served && call.phase.phase === 'flow') call.phase = { phase: 'done', result: 'served' };
    call.thread.note(...facts.of(trace));
  }
}
