// An agent whose browser was loaded anew in the middle of a call: it rings there again, and the talk goes on.
import type { Centre } from '../../core/routing/centre.js';
import type { Log } from '../../lib/log.js';
import type { AgentRinging } from '../call/ring-agent.js';
import { HiloError } from '../errors.js';
import { noteQuality } from '../record/leg-quality.js';
import type { Talks } from '../talk/talks.js';
import { webDeviceOf } from './web-phones.js';

/** The page answers by itself; who does not by then is not there. */
export const AGAIN_RING_MS = 10_000;
/** By it the page knows that it is the call it was in. */
export const AGAIN_HEADER = 'X-Hilo-Again';

export interface ComingBackPorts {
  readonly talks: Pick<Talks, 'ofAgent'>;
  readonly ringing: Pick<AgentRinging, 'direct'>;
  readonly centre: () => Centre;
  readonly log: Log;
}

export class ComingBack {
  /** Agents who are rung for it now. */
  readonly #coming = new Set<string>();

  constructor(private readonly ports: ComingBackPorts) {}

  /**
   * Resolves when agent and customer hear each other again, with the interaction; undefined: they are in no talk here.
   * Rejects with HiloError `wrong-state` (it was not answered, or the
   * talk is with others too), `leg-ended`.
   */
  async again(agent: string): Promise<string | undefined> {
    const { talks, ringing, centre, log } = this.ports;
    const talk = talks.ofAgent(agent);
    const config = centre().agents.get(agent);
    const device = config === undefined ? undefined : webDeviceOf(config)?.name;
    if (talk === undefined || device === undefined) return undefined;
    if (this.#coming.has(agent)) throw new HiloError('wrong-state', `${agent} is being rung for it already`);
    talk.checkReceive();
    this.#coming.add(agent);
    try {
      const { call } = talk;
      const rung = await ringing.direct(call, agent, AGAIN_RING_MS, { device, headers: { [AGAIN_HEADER]: 'true' } });
      if (rung.kind !== 'answered') throw new HiloError('wrong-state', `${device} did not answer`);
      try {
        await talk.again(agent, rung.leg, device);
      } catch (error) {
        void rung.leg.hangUp({ by: 'hilo', reason: 'too-late' });
        throw error;
      }
      noteQuality(call, 'other-side', rung.leg);
      log.info({ agent, device, interaction: call.thread.id }, 'an agent came back to the call');
      return call.thread.id;
    } finally {
      this.#coming.delete(agent);
    }
  }
}
