// How queues and flows are called now, for articles that name them otherwise.
import type { FlowRename, Naming } from '../../core/guide/naming.js';
import type { Centre } from '../../core/routing/centre.js';
import { namesOfQueue, presentName } from '../../core/routing/keys/former-names.js';

/** Of flows; an article that is older than all of them names its flows itself. */
export const RENAMES_MAX = 500;

/** Queues keep their former names in the centre's text; what became of flows is in their journal. */
export function namingOf(centre: Centre, flowRenames: readonly FlowRename[]): Naming {
  return {
    queueNames: (name) => namesOfQueue(centre, name),
    queue: (name) => presentName(centre, name),
    flowRenames,
  };
}
