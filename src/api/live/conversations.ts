// Agents' written conversations, live: each list is shown to its agent and to supervisors.

import type { LiveConversations, WireConversation } from '../../contract/conversation/conversation.js';
import { DEFAULT_CHANNELS } from '../../core/acd/choice/capacity.js';
import { worksOf } from '../../core/acd/work/work.js';
import { atLeast } from '../access.js';
import { conversationView } from '../conversation/view.js';
import type { ApiServices } from '../services.js';
import type { LiveSource } from './hub.js';
import { Matters } from './matters.js';

export type ConversationSourceServices = Pick<
  ApiServices,
  'agents' | 'live' | 'centre' | 'flows' | 'interactions' | 'contacts' | 'clock' | 'log'
>;

export function conversationSource(services: ConversationSourceServices): LiveSource {
  const { agents, live, centre, flows, interactions, clock } = services;
  const matters = new Matters(services);
  /** Whose list each matter stands in, so that a fact finds the lists it is seen in. */
  const about = new Map<string, ReadonlySet<string>>();
  let told: (id: string) => void = () => undefined;
  const ids = (): string[] => [...centre().agents.keys()];
  return {
    kind: 'conversations',
    ids,
    view: (id): LiveConversations | undefined => {
      const config = centre().agents.get(id);
      if (config === undefined) return undefined;
      const works = worksOf(agents.presence(id)).filter(({ kind }) => kind === 'message');
      if (works.length === 0) about.delete(id);
      else about.set(id, new Set(works.map(({ interaction }) => interaction)));
      const scene = { centre: centre(), nowMs: clock.nowMs() };
      const conversations = works.map((work) => {
        // Each change that another node made is a stage of its own: then the record is read anew.
        const stage = `${work.entry} ${work.state} ${work.state === 'open' ? (work.version ?? 0) : 0}`;
        return conversationView(
          work,
          matters.of(work.interaction, stage, () => told(id)),
          scene,
        );
      });
      const most = config.capacity?.message ?? (centre().channels ?? DEFAULT_CHANNELS).message.perAgent;
      return { agent: id, most, conversations: conversations.toSorted(byUrgency) };
    },
    shows: (user, id) => user.name === id || atLeast(user, 'supervisor'),
    watch: (dirty) => {
      told = dirty;
      const all = (): void => ids().forEach(dirty);
      const stops = [
        live.onChange(({ kind, id }) => {
          if (kind === 'agent') dirty(id);
        }),
        live.onReset(all),
        flows.onChange(all),
        interactions.onEvent(({ id: interaction }) => {
          for (const [id, matter] of about) if (matter.has(interaction)) dirty(id);
        }),
      ];
      return () => {
        told = () => undefined;
        for (const stop of stops) stop();
      };
    },
  };
}

/** Offers first; then whoever waits longest for an answer; those whom nobody keeps waiting last. */
function byUrgency(a: WireConversation, b: WireConversation): number {
  return rank(a).localeCompare(rank(b)) || a.entry.localeCompare(b.entry);
}

function rank(one: WireConversation): string {
  if (one.state === 'offered') return `0 ${one.expiresAt}`;
  return one.waitingSince === undefined ? `2 ${one.since}` : `1 ${one.waitingSince}`;
}
