// A centre in which nobody is owed anything, for tests of other parts of the API.
import type { ApiOptions } from '../../../src/api/server.js';
import { HiloError } from '../../../src/app/errors.js';

/** Nobody is owed anything. */
export const NO_CALLBACKS: ApiOptions['callbackDesk'] = {
  ask: async () => undefined,
  request: () => Promise.reject(new HiloError('not-found', 'there is no queue')),
  pending: async () => [],
  cancel: () => Promise.reject(new HiloError('not-found', 'there is no call-back')),
  lost: async () => [],
  figures: async () => [],
};

/** Nobody can call anybody. */
export const NO_PLACED_CALLS: ApiOptions['placedCalls'] = {
  place: () => Promise.reject(new HiloError('wrong-state', 'no telephone', { why: { reason: 'no-phone' } })),
  cancel: () => {
    throw new HiloError('not-found', 'no such call');
  },
  of: () => undefined,
  agents: () => [],
  queuesOf: () => [],
  onChange: () => () => undefined,
};

export const NO_WORK: Pick<ApiOptions, 'workList' | 'workActs'> = {
  workList: { open: async () => [], done: async () => [] },
  workActs: {
    take: nothing,
    release: nothing,
    times: nothing,
    postpone: nothing,
    cancel: nothing,
    settle: nothing,
    heard: async () => undefined,
    done: nothing,
    reopen: nothing,
  },
};

function nothing(): Promise<never> {
  return Promise.reject(new HiloError('not-found', 'there is no such matter'));
}
