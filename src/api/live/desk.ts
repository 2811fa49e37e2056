// Agents' desks, live: each is shown to its agent and to supervisors.
import type { AgentPresence } from '../../core/acd/agent.js';
import { atLeast } from '../access.js';
import type { ApiServices } from '../services.js';
import { deskView } from '../view/desk.js';
import type { LiveSource } from './hub.js';
import { Matters } from './matters.js';
import { every } from './watching.js';

/** Customers who could not be read are asked for again so often. */
export const READ_AGAIN_MS = 5_000;

export type DeskServices = Pick<
  ApiServices,
  'agents' | 'live' | 'centre' | 'flows' | 'sharedTalks' | 'node' | 'interactions' | 'contacts' | 'clock' | 'log'
>;

export function deskSource(services: DeskServices): LiveSource {
  const { agents, live, centre, flows, sharedTalks, node, interactions, clock } = services;
  const matters = new Matters(services);
  /** What each agent is about now, so that a fact finds the desks it is seen on. */
  const about = new Map<string, string>();
  let told: (id: string) => void = () => undefined;
  const ids = (): string[] => [...centre().agents.keys()];
  return {
    kind: 'desk',
    ids,
    view: (id) => {
      if (!centre().agents.has(id)) return undefined;
      const presence = agents.presence(id);
      const now = interactionOf(presence, (entry) => live.entry(entry)?.interaction);
      if (now === undefined) about.delete(id);
      else about.set(id, now);
      return deskView(presence, {
        centre: centre(),
        flow: (name) => flows.catalogue().flows.get(name),
        entry: (entry) => live.entry(entry),
        card: (interaction) => sharedTalks.of(interaction),
        node,
        matter: (interaction) => matters.of(interaction, presence.state, () => told(id)),
      });
    },
    shows: (user, id) => user.name === id || atLeast(user, 'supervisor'),
    watch: (dirty) => {
      told = dirty;
      const all = (): void => ids().forEach(dirty);
      const ofInteraction = (interaction: string): void => {
        for (const [id, now] of about) if (now === interaction) dirty(id);
      };
      const stops = [
        live.onChange(({ kind, id }) => {
          if (kind === 'agent') dirty(id);
        }),
        live.onReset(all),
        flows.onChange(all),
        sharedTalks.look(ofInteraction),
        interactions.onEvent(({ id }) => ofInteraction(id)),
        every(clock, () => matters.again(), READ_AGAIN_MS),
      ];
      return () => {
        told = () => undefined;
        for (const stop of stops) stop();
      };
    },
  };
}

function interactionOf(presence: AgentPresence, ofEntry: (entry: string) => string | undefined): string | undefined {
  switch (presence.state) {
    case 'ringing':
      return ofEntry(presence.entry);
    case 'busy':
      return presence.interaction;
    case 'wrap-up':
      return presence.call?.interaction;
    default:
      return undefined;
  }
}
