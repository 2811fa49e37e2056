// Conversations as the floor holds them: which agent has which, passed on, told that something is new, and found again after a loss.
import type { Entry } from '../../core/acd/entry.js';
import { isWork, type WorkEntry } from '../../core/acd/work/agent-offer.js';
import { type Work, worksOf } from '../../core/acd/work/work.js';
import { workTransition } from '../../core/acd/work/work-transition.js';
import type { Interaction } from '../../core/interaction/interaction.js';
import type { Clock } from '../../lib/clock.js';
import type { LiveState, Wish } from '../floor/live-state.js';

export interface HeldConversation {
  readonly agent: string;
  readonly work: Work;
}

export interface ConversationWorksPorts {
  readonly live: LiveState;
  readonly clock: Clock;
}

export class ConversationWorks {
  constructor(private readonly ports: ConversationWorksPorts) {}

  /** Who has it, or is offered it; of several who are offered it, the first. */
  held(interaction: string): HeldConversation | undefined {
    for (const presence of this.ports.live.agents()) {
      const work = worksOf(presence).find((one) => one.kind === 'message' && one.interaction === interaction);
      if (work !== undefined) return { agent: presence.agent, work };
    }
    return undefined;
  }

  /** Whoever has it. */
  ofEntry(entry: string): Work | undefined {
    for (const presence of this.ports.live.agents()) {
      const work = worksOf(presence).find((one) => one.kind === 'message' && one.entry === entry);
      if (work !== undefined) return work;
    }
    return undefined;
  }

  waiting(interaction: string): WorkEntry | undefined {
    for (const entry of this.ports.live.entries()) {
      if (entry.interaction === interaction && entry.kind === 'message' && isWork(entry)) return entry;
    }
    return undefined;
  }

  /** Away for all who write: nobody is there who would see it. */
  isAway(agent: string): boolean {
    return (this.ports.live.agent(agent)?.state ?? 'offline') === 'offline';
  }

  /** In one commit: the agent is free of it, and it waits as `next`. The record says so already. */
  async pass(agent: string, entry: string, next: Entry): Promise<void> {
    const { live, clock } = this.ports;
    await live.change(() => {
      const wishes: Wish[] =
        live.entry(next.entry) === undefined ? [{ kind: 'entry', id: next.entry, value: next }] : [];
      const presence = live.agent(agent);
      const done = presence && workTransition(presence, { type: 'work-finished', entry }, clock.nowMs());
      if (done?.ok) wishes.push({ kind: 'agent', id: agent, value: done.next });
      return wishes;
    });
  }

  /** Whoever looks at the agent's desk, at whichever node, sees that there is something new. */
  async tell({ id, version, conversation }: Interaction): Promise<void> {
    if (conversation?.state !== 'open') return;
    const { live, clock } = this.ports;
    const { agent, entry } = conversation;
    await live.change(() => {
      const presence = live.agent(agent);
      const known = presence && worksOf(presence).some((work) => work.entry === entry && work.interaction === id);
      if (presence === undefined || known !== true) return undefined;
      const told = workTransition(presence, { type: 'work-told', entry, version }, clock.nowMs());
      return told.ok ? [{ kind: 'agent', id: agent, value: told.next }] : undefined;
    });
  }

  /** The record says who has it: so it is in the agent's hands again, and in nobody else's. True when something was mended. */
  async mend({ id: interaction, conversation }: Interaction): Promise<boolean> {
    const { live, clock } = this.ports;
    let mended = false;
    await live.change(() => {
      mended = false;
      const wishes: Wish[] = [];
      for (const presence of live.agents()) {
        const stale = worksOf(presence).find(
          (work) =>
            work.state === 'open' &&
            work.kind === 'message' &&
            work.interaction === interaction &&
            !(
              conversation?.state === 'open' &&
              conversation.agent === presence.agent &&
              conversation.entry === work.entry
            ),
        );
        // Just taken: the record will say so in a moment.
        if (stale === undefined || clock.nowMs() - stale.sinceMs < JUST_TAKEN_MS) continue;
        const freed = workTransition(presence, { type: 'work-finished', entry: stale.entry }, clock.nowMs());
        if (freed.ok) wishes.push({ kind: 'agent', id: presence.agent, value: freed.next });
      }
      if (conversation?.state === 'open' && !wishes.some(({ id }) => id === conversation.agent)) {
        const { agent, entry, queue, sinceMs } = conversation;
        const presence = live.agent(agent);
        const back =
          presence &&
          workTransition(
            presence,
            { type: 'work-restored', entry, kind: 'message', interaction, queue, sinceMs },
            clock.nowMs(),
          );
        if (back?.ok) wishes.push({ kind: 'agent', id: agent, value: back.next });
      }
      mended = wishes.length > 0;
      return wishes;
    });
    return mended;
  }
}

/** Longer than a fact takes to be stored. */
const JUST_TAKEN_MS = 30_000;
