// The steps of a flow that reach beyond the call: requests to other systems, the record, bots.
import type { Answer, Ask } from '../../core/ivr/ask.js';
import { httpAnswer } from '../../core/ivr/outside/take.js';
import type { Clock } from '../../lib/clock.js';
import type { Log } from '../../lib/log.js';
import type { Call } from '../call/call.js';
import { HiloError } from '../errors.js';
import type { Speech } from '../speech.js';
import type { Writing } from '../writing/writing.js';
import type { Bots } from './bots.js';
import type { Callers } from './callers.js';
import { startFiller } from './filler.js';
import { listen } from './listening.js';
import type { Requests } from './requests.js';

export interface OutsideStepsPorts {
  readonly requests: Requests;
  readonly callers: Callers;
  readonly bots: Bots;
  readonly speech: Speech;
  readonly writing: Writing;
  readonly clock: Clock;
  readonly log: Log;
}

export type OutsideAsk = Ask & { kind: 'http' | 'customer' | 'bot' | 'listen' };

export class OutsideSteps {
  constructor(private readonly ports: OutsideStepsPorts) {}

  /** Rejects with HiloError `leg-ended` when the caller has hung up meanwhile: nothing else can go wrong. */
  async do(call: Call, ask: OutsideAsk): Promise<Answer> {
    const answer = await this.#answer(call, ask);
    const { ended } = call.leg;
    if (ended.aborted) throw new HiloError('leg-ended', 'the caller has hung up', { cause: ended.reason });
    return answer;
  }

  #answer(call: Call, ask: OutsideAsk): Promise<Answer> {
    switch (ask.kind) {
      case 'http':
        return this.#http(call, ask);
      case 'customer':
        return this.#customer(call);
      case 'bot':
        return this.ports.bots.turn(call, ask);
      case 'listen':
        return this.#listen(call, ask);
    }
  }

  /** The flow is somewhere else now: what was kept for its steps is given up. */
  over(call: Call): void {
    this.ports.bots.over(call);
  }

  async #http(call: Call, ask: Ask & { kind: 'http' }): Promise<Answer> {
    const { requests, speech, writing, clock, log } = this.ports;
    const { leg, segment, thread } = call;
    const { request, timeOutMs, retries } = ask;
    const filler = startFiller(ask.meanwhile, {
      ...{ leg, clock, log },
      paths: (prompts) => {
        writing.say(call, prompts);
        return speech.paths(prompts);
      },
    });
    const { result, tries, durationMs } = await requests.ask(request, { timeOutMs, retries, signal: leg.ended });
    await filler.stop();
    const { host } = new URL(request.url);
    const outcome = result.outcome === 'answered' ? `${Math.floor(result.status / 100)}xx` : result.reason;
    thread.note({
      type: 'web-asked',
      data: { segment, host, method: request.method, outcome, tries, durationMs },
    });
    if (result.outcome === 'failed') return { kind: 'http', ...result };
    return httpAnswer(ask, result.status, result.body);
  }

  async #customer(call: Call): Promise<Answer> {
    try {
      return { kind: 'customer', outcome: 'found', customer: await this.ports.callers.lookUp(call) };
    } catch (error) {
      this.ports.log.warn({ err: error, interaction: call.thread.id }, 'the caller cannot be looked up');
      return { kind: 'customer', outcome: 'failed', reason: 'store-unavailable' };
    }
  }

  async #listen(call: Call, ask: Ask & { kind: 'listen' }): Promise<Answer> {
    const { speech, writing, clock, bots } = this.ports;
    writing.say(call, ask.prompts);
    const paths = await speech.paths(ask.prompts);
    return listen(ask, { leg: call.leg, clock, paths, inbox: bots.inboxOf(call) });
  }
}
