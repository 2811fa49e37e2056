// A call-back that rings the customer first: an agent is kept free meanwhile, and rings when the customer has accepted.
import type { Offer } from '../../core/acd/entry.js';
import { isLegEnded } from '../call/call.js';
import type { Waiting } from '../floor/queueing.js';
import type { Leg, LegEnd } from '../ports.js';
import type { CustomerLegs } from './customer-leg.js';
import {
  type AgentLeg,
  beginAttempt,
  type CallbackCallPorts,
  freeAgent,
  nextOffer,
  type Run,
  type RunEnd,
  ringAgents,
} from './run.js';

const ACCEPT_KEY = '1';
const DECLINE_KEY = '2';
/** The question is asked so often; a machine never presses the key. */
const QUESTIONS = 2;
const ANSWER_MS = 6_000;
/** When no agent takes it within this time the customer is not kept any longer. */
export const CONNECT_LIMIT_MS = 120_000;

type Accepted = 'accepted' | 'declined' | 'machine';

export class CustomerFirst {
  constructor(
    private readonly ports: CallbackCallPorts,
    private readonly customers: CustomerLegs,
    private readonly end: RunEnd,
  ) {}

  /** The offer's lease is long enough for ringing and asking the customer; the agent is free again at no cost when it fails. */
  async attempt(run: Run, waiting: Waiting, offer: Offer): Promise<void> {
    if (!(await beginAttempt(run, offer.agent, this.ports.clock))) return;
    const { signal } = run.stop;
    const customer = await this.customers.dial(run, { agent: offer.agent, signal }, () => 'withdrawn');
    if (customer === undefined) {
      waiting.leave('customer-not-reached');
      return;
    }
    this.ports.writing.began(this.customers.callOf(run, customer));
    const stopped = (): void => void customer.hangUp({ by: 'hilo', reason: 'withdrawn' });
    signal.addEventListener('abort', stopped, { once: true });
    try {
      await this.#onTheLine(run, waiting, offer, customer);
    } catch (error) {
      // Whatever failed, nobody is left on a silent line, and the attempt has an end.
      const { log } = this.ports;
      if (!isLegEnded(error)) log.error({ err: error, interaction: run.thread.id }, 'customer could not be asked');
      await this.#gone(run, waiting, customer, isLegEnded(error) ? 'no-agent' : 'media-failed');
    } finally {
      signal.removeEventListener('abort', stopped);
    }
  }

  async #onTheLine(run: Run, waiting: Waiting, offer: Offer, customer: Leg): Promise<void> {
    const accepted = await this.#ask(run, customer);
    if (accepted !== 'accepted') {
      waiting.leave('customer-not-reached');
      await customer.hangUp({ by: 'hilo', reason: accepted });
      if (accepted === 'machine') {
        await this.customers.notReached(run, 'machine', { by: 'hilo', reason: 'machine' });
        return;
      }
      this.customers.ended(run, { by: 'hilo', reason: 'customer-declined' }, 'no-answer', 0);
      await this.end.declined(run.thread);
      return;
    }
    await customer.startMusic(run.queue.music);
    await this.#connect(run, waiting, offer, customer);
  }

  /** The key is the only sign of a person: tones and pauses of a greeting are told from a voice by no rule that holds. */
  async #ask(run: Run, customer: Leg): Promise<Accepted> {
    const { speech, centre, writing } = this.ports;
    const { thread, queue } = run;
    const { language } = this.customers.callOf(run, customer);
    const title = queue.title[language] ?? queue.title[centre().defaultLanguage] ?? queue.name;
    const prompts = [speech.canned('callback-accept', language, { reference: thread.state.reference, queue: title })];
    for (let question = 1; question <= QUESTIONS; question += 1) {
      writing.say({ leg: customer }, prompts);
      const { digits } = await customer.collect({
        prompts: await speech.paths(prompts),
        ...{ min: 1, max: 1, terminators: '', firstDigitMs: ANSWER_MS, interDigitMs: ANSWER_MS, bargeIn: true },
      });
      if (digits === ACCEPT_KEY) return 'accepted';
      if (digits === DECLINE_KEY) return 'declined';
    }
    return 'machine';
  }

  /** The first agent, or the next ones when that one does not take it: the customer stands where the call-back stood. */
  async #connect(run: Run, waiting: Waiting, first: Offer, customer: Leg): Promise<void> {
    const limit = new AbortController();
    const timer = this.ports.clock.after(CONNECT_LIMIT_MS, () => limit.abort());
    try {
      let offer: Offer | undefined = waiting.holds(first) ? first : undefined;
      for (;;) {
        offer ??= await nextOffer(waiting, run.stop.signal, customer.ended, limit.signal);
        if (offer === undefined) break;
        const agent = await ringAgents(this.ports, run, waiting, offer, customer);
        if (agent !== undefined) {
          timer.cancel();
          await this.#talk(run, waiting, agent.offer, customer, agent);
          return;
        }
        if (customer.ended.aborted || limit.signal.aborted) break;
        offer = undefined;
      }
    } finally {
      timer.cancel();
    }
    await this.#gone(run, waiting, customer, 'no-agent');
  }

  async #talk(run: Run, waiting: Waiting, offer: Offer, customer: Leg, agent: AgentLeg): Promise<void> {
    let talked = false;
    try {
      talked = await this.customers.talk(run, waiting, { ...agent, agent: offer.agent }, customer);
    } finally {
      await agent.leg.hangUp({ by: 'hilo', reason: talked ? 'other-side-hung-up' : 'customer-not-reached' });
      freeAgent(this.ports, run, waiting.entry, offer.agent, talked);
    }
  }

  /** The customer hung up before anybody was there, nobody came in time, or there was no sound: tried again. */
  async #gone(run: Run, waiting: Waiting, customer: Leg, why: 'no-agent' | 'media-failed'): Promise<void> {
    const hungUp = customer.ended.aborted;
    waiting.leave('customer-not-reached');
    const reason = run.stop.signal.aborted ? 'withdrawn' : hungUp ? 'customer-hung-up' : why;
    if (!hungUp) await customer.hangUp({ by: 'hilo', reason });
    const end: LegEnd = hungUp ? (customer.ended.reason as LegEnd) : { by: 'hilo', reason };
    await this.customers.notReached(run, reason, end);
  }
}
