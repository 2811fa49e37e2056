// Callers in flows, live: how many stand at which step of which text.
import type { LiveFlow } from '../../contract/live/flow.js';
import { atLeast } from '../access.js';
import type { ApiServices } from '../services.js';
import type { LiveSource } from './hub.js';

export type FlowServices = Pick<ApiServices, 'walkers'>;

export function flowSource({ walkers }: FlowServices): LiveSource {
  return {
    kind: 'flow',
    ids: () => walkers.all().keys(),
    view: (id): LiveFlow | undefined => {
      const found = walkers.all().get(id);
      return found === undefined ? undefined : { ...found, steps: Object.fromEntries(found.steps) };
    },
    shows: (user) => atLeast(user, 'supervisor'),
    watch: (dirty) => {
      let known = new Set(walkers.all().keys());
      return walkers.onChange(() => {
        const now = new Set(walkers.all().keys());
        for (const id of new Set([...known, ...now])) dirty(id);
        known = now;
      });
    },
  };
}
