// A call-back that rings the agent first: the customer's phone rings when somebody is there to talk.
import type { Offer } from '../../core/acd/entry.js';
import { isLegEnded } from '../call/call.js';
import type { Waiting } from '../floor/queueing.js';
import type { Leg } from '../ports.js';
import type { CustomerLegs } from './customer-leg.js';
import { type AgentLeg, beginAttempt, type CallbackCallPorts, freeAgent, type Run, ringAgents } from './run.js';

export class AgentFirst {
  constructor(
    private readonly ports: CallbackCallPorts,
    private readonly customers: CustomerLegs,
  ) {}

  /** False: the agent did not take it, it goes on waiting. */
  async attempt(run: Run, waiting: Waiting, offer: Offer): Promise<boolean> {
    const agent = await ringAgents(this.ports, run, waiting, offer);
    if (agent === undefined) return false;
    await this.#withAgent(run, waiting, agent.offer, agent);
    return true;
  }

  /** The agent is there: now the customer is dialled; the agent is freed however it ends. */
  async #withAgent(run: Run, waiting: Waiting, offer: Offer, agent: AgentLeg): Promise<void> {
    let talked = false;
    try {
      if (!(await beginAttempt(run, offer.agent, this.ports.clock))) return;
      // Not before: until now the entry is what tells other nodes that this call-back is under way.
      waiting.leave('connected');
      talked = await this.#dialCustomer(run, waiting, offer, agent);
    } finally {
      await agent.leg.hangUp({ by: 'hilo', reason: talked ? 'other-side-hung-up' : 'customer-not-reached' });
      freeAgent(this.ports, run, waiting.entry, offer.agent, talked);
    }
  }

  async #dialCustomer(run: Run, waiting: Waiting, offer: Offer, agent: AgentLeg): Promise<boolean> {
    const intro = this.#introduce(run, agent.leg);
    const customer = await this.customers.dial(
      run,
      {
        agent: offer.agent,
        signal: AbortSignal.any([agent.leg.ended, run.stop.signal]),
        beside: agent.leg,
      },
      () => (agent.leg.ended.aborted ? 'agent-hung-up' : 'withdrawn'),
    );
    // Without a customer there is nothing to wait for: hanging up ends what the agent hears.
    if (customer === undefined) return false;
    await this.#silence(agent.leg);
    await intro;
    this.ports.writing.began(this.customers.callOf(run, customer));
    return this.customers.talk(run, waiting, { ...agent, agent: offer.agent }, customer);
  }

  async #silence(leg: Leg): Promise<void> {
    try {
      await leg.silence();
    } catch (error) {
      if (!isLegEnded(error)) this.ports.log.warn({ err: error }, 'agent hears the customer beside the announcement');
    }
  }

  /** What the agent hears while the customer's phone rings. */
  async #introduce(run: Run, leg: Leg): Promise<void> {
    const { speech, centre, log } = this.ports;
    const { reference } = run.thread.state;
    const prompt = speech.canned('callback-agent', centre().defaultLanguage, { reference });
    try {
      const paths = await speech.paths([prompt]);
      if (paths.length > 0) await leg.play(paths);
      await leg.startMusic(run.queue.music);
    } catch (error) {
      if (!isLegEnded(error)) log.warn({ err: error }, 'agent waits for the customer in silence');
    }
  }
}
