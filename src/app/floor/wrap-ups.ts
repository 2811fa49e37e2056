// The end of an agent's call: free at once, or writing up as the queue says; what was written up stands in the record.
import type { Centre } from '../../core/routing/centre.js';
import type { Thread } from '../record/thread.js';
import type { Agents } from './agents.js';

export interface WrapUpsPorts {
  readonly agents: Agents;
  readonly centre: () => Centre;
}

export interface EndedCall {
  readonly agent: string;
  readonly entry: string;
  readonly queue: string | undefined;
  /** False: there is nothing to write up. */
  readonly servedCustomer: boolean;
}

export class WrapUps {
  constructor(private readonly ports: WrapUpsPorts) {}

  /** Done even if the live store is away right now. */
  callEnded(
    { thread, segment }: { readonly thread: Thread; readonly segment: string },
    { agent, entry, queue, servedCustomer }: EndedCall,
  ): void {
    const { queues, revision = '' } = this.ports.centre();
    const config = servedCustomer && queue !== undefined ? queues.get(queue) : undefined;
    const wrapUpMs = config?.wrapUpMs ?? 0;
    const written = (): void => {
      const isSet = thread.state.dispositions?.some((one) => one.entry === entry && one.agent === agent) ?? false;
      if (config?.dispositions?.required !== true || isSet) return;
      thread.note({ type: 'disposition-missing', data: { entry, agent, queue: config.name } });
    };
    this.ports.agents.callEnded(agent, entry, wrapUpMs, {
      ...(queue === undefined ? {} : { queue }),
      wrappedUp: (tookMs) => {
        thread.note({
          type: 'wrapped-up',
          data: { segment, entry, agent, wrapUpMs: tookMs, given: { centre: revision, lastsMs: wrapUpMs } },
        });
        written();
      },
    });
    if (wrapUpMs === 0) written();
  }
}
