// What customers write and nothing settles reaches a person: it waits in a queue, or goes to the agent who has the conversation.
import type { Entry } from '../../core/acd/entry.js';
import { isWork, type WorkEntry } from '../../core/acd/work/agent-offer.js';
import { worksOf } from '../../core/acd/work/work.js';
import type { ChannelName, InteractionEvent } from '../../core/interaction/event.js';
import type { Centre } from '../../core/routing/centre.js';
import type { Clock } from '../../lib/clock.js';
import type { Ids } from '../../lib/ids.js';
import type { Log } from '../../lib/log.js';
import type { Eventually } from '../eventually.js';
import type { LiveState } from '../floor/live-state.js';
import { MAX_WAITING_WORKS, newEntry, queuedFact, type Works } from '../floor/works.js';
import type { Interactions } from '../record/interactions.js';
import type { Thread } from '../record/thread.js';
import type { ConversationWorks } from './conversation-works.js';

/** Who is away for so long, with a customer who waits for an answer, loses the conversation to the queue. */
export const AWAY_LIMIT_MS = 2 * 60_000;
const TITLE_CHARS = 80;

export interface ReceptionPorts {
  readonly works: Works;
  readonly conversationWorks: ConversationWorks;
  readonly interactions: Interactions;
  readonly live: LiveState;
  readonly eventually: Eventually;
  readonly centre: () => Centre;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
}

/** What belongs into the record with the message, and what is to be done once it is there. */
export interface Arrival {
  readonly facts: readonly InteractionEvent[];
  readonly follow: () => void;
}

/** What a customer wrote, as far as it matters to whoever is to answer it. */
export interface Written {
  readonly channel: ChannelName;
  readonly from: string;
  readonly text: string;
  /** Names of files. */
  readonly files: readonly string[];
  /** A rule has answered it: nobody has to. */
  readonly settled: boolean;
}

const NOBODY: Arrival = { facts: [], follow: () => undefined };

export class Reception {
  constructor(private readonly ports: ReceptionPorts) {
    ports.works.onRestored(async ({ state }) => {
      if (state.conversation !== undefined) await ports.conversationWorks.mend(state);
    });
    // Whoever looks on sees what is new: of every fact, whichever node tells it.
    ports.interactions.onEvent((thread, event) => {
      if (CHANGES_THE_PICTURE.has(event.type)) this.#tell(thread);
    });
  }

  arrival(thread: Thread, written: Written): Arrival {
    const { conversation } = thread.state;
    if (conversation === undefined || conversation.state === 'over') {
      return written.settled ? NOBODY : this.#newcomer(thread, written);
    }
    if (conversation.state === 'waiting') return { facts: [], follow: () => this.#waitsOn(thread) };
    if (written.settled || !this.ports.conversationWorks.isAway(conversation.agent)) return NOBODY;
    return this.#back(thread, titleOf(written)) ?? NOBODY;
  }

  /** Agents who are away for too long give back what customers wait for. For one node. */
  async lookAfter(): Promise<void> {
    const { live, interactions, clock } = this.ports;
    for (const presence of [...live.agents()]) {
      if (presence.state !== 'offline' || clock.nowMs() - presence.sinceMs < AWAY_LIMIT_MS) continue;
      for (const work of worksOf(presence)) {
        if (work.kind !== 'message' || work.state !== 'open') continue;
        const thread = await interactions.resume(work.interaction);
        const { conversation } = thread.state;
        if (conversation?.state !== 'open' || conversation.waitingSinceMs === undefined) continue;
        const back = conversation.agent === presence.agent ? this.#back(thread, '') : undefined;
        if (back === undefined) continue;
        await thread.record(...back.facts);
        back.follow();
      }
    }
  }

  #newcomer(thread: Thread, written: Written): Arrival {
    const { centre, ids, clock, live, works, eventually, log } = this.ports;
    const rules = centre().conversations;
    if (rules === undefined) return NOBODY;
    const queue = centre().queues.get(rules.queues[written.channel] ?? rules.queue);
    const waiting = [...live.entries()].filter(isWork).length;
    if (queue === undefined || waiting >= MAX_WAITING_WORKS) {
      log.error({ interaction: thread.id, waiting }, 'nobody can be asked to answer a message');
      return NOBODY;
    }
    const entry = newEntry(
      { kind: 'message', title: titleOf(written), contact: written.from },
      { queue, interaction: thread.id, id: ids.uuid(), nowMs: clock.nowMs() },
    );
    const follow = (): void => eventually.do(`message ${entry.entry} waits`, () => works.join(entry));
    return { facts: [queuedFact(entry)], follow };
  }

  /** Its place was lost, or never taken: a node died between the record and the queue. */
  #waitsOn(thread: Thread): void {
    const { conversation } = thread.state;
    const { conversationWorks, eventually, works, live } = this.ports;
    if (conversation?.state !== 'waiting' || live.entry(conversation.entry) !== undefined) return;
    if (conversationWorks.held(thread.id) !== undefined) return;
    const entry = this.#entryAgain(thread, conversation.entry);
    if (entry !== undefined) eventually.do(`message ${entry.entry} waits again`, () => works.join(entry));
  }

  #entryAgain({ id, state }: Thread, entry: string): Entry | undefined {
    const wait = state.waits.find((one) => one.entry === entry && one.state !== 'over');
    const queue = wait && this.ports.centre().queues.get(wait.queue);
    if (wait === undefined || queue === undefined) return undefined;
    const { seniorityMs, fromMs: joinedAtMs, priority, title = '' } = wait;
    const made = newEntry(
      { kind: 'message', title, priority },
      { queue, interaction: id, id: entry, nowMs: joinedAtMs },
    );
    return { ...made, seniorityMs };
  }

  /** To its queue, since its agent is not there; kept for the agent in case of coming back. */
  #back(thread: Thread, title: string): Arrival | undefined {
    const { conversation } = thread.state;
    if (conversation?.state !== 'open') return undefined;
    const { agent, entry, queue: name, waitingSinceMs } = conversation;
    const next = this.passedEntry(thread, { queue: name, title, seniorityMs: waitingSinceMs });
    if (next === undefined) return undefined;
    const data = { entry, kind: 'message', from: agent, by: 'hilo', reason: 'agent-left', queue: name } as const;
    return { facts: [{ type: 'work-passed', data }, queuedFact(next)], follow: () => this.passes(agent, entry, next) };
  }

  /** As which a conversation waits again that somebody had. Undefined: there is no such queue any more. */
  passedEntry(
    thread: Thread,
    {
      queue: name,
      title,
      seniorityMs,
      preferred,
    }: { queue: string; title: string; seniorityMs?: number | undefined; preferred?: Entry['preferred'] },
  ): WorkEntry | undefined {
    const { centre, ids, clock } = this.ports;
    const queue = centre().queues.get(name);
    if (queue === undefined) return undefined;
    const contact = thread.state.conversation?.address;
    const nowMs = clock.nowMs();
    const made = newEntry(
      { kind: 'message', title, ...(contact === undefined ? {} : { contact }), preferred },
      { queue, interaction: thread.id, id: ids.uuid(), nowMs },
    );
    return { ...made, seniorityMs: seniorityMs ?? nowMs };
  }

  /** The record says that it is passed on: so it is on the floor, too. */
  passes(agent: string, entry: string, next: Entry): void {
    const { eventually, conversationWorks } = this.ports;
    eventually.do(`conversation ${next.interaction} is passed on`, () => conversationWorks.pass(agent, entry, next));
  }

  #tell(thread: Thread): void {
    const { eventually, conversationWorks } = this.ports;
    if (thread.state.conversation?.state !== 'open') return;
    eventually.do(`news of ${thread.id}`, async () => {
      // Other nodes read the record when they are told.
      await thread.settled();
      await conversationWorks.tell(thread.state);
    });
  }
}

const CHANGES_THE_PICTURE: ReadonlySet<string> = new Set<InteractionEvent['type']>([
  'message-received',
  'message-queued',
  'message-status',
  'messages-read',
  'attachment-stored',
  'attachment-refused',
  'callback-requested',
  'callback-ended',
  'call-dialled',
  'call-arrived',
  'call-ended',
]);

function titleOf({ text, files }: Pick<Written, 'text' | 'files'>): string {
  const title = text.trim() === '' ? files.join(', ') : text.trim();
  return [...title.replaceAll(/\s+/g, ' ')].slice(0, TITLE_CHARS).join('');
}
