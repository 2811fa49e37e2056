// The calls that agents have placed, live: each for the agent who did.
import { placedCallView } from '../owed/placed-calls.js';
import type { ApiServices } from '../services.js';
import type { LiveSource } from './hub.js';

export function placedCallSource({ placedCalls }: Pick<ApiServices, 'placedCalls'>): LiveSource {
  return {
    kind: 'placed-call',
    ids: () => placedCalls.agents(),
    view: (agent) => {
      const last = placedCalls.of(agent);
      return last === undefined ? undefined : placedCallView(last);
    },
    shows: ({ name }, agent) => name === agent,
    watch: (dirty) => placedCalls.onChange(dirty),
  };
}
