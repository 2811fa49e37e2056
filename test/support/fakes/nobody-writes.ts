// A centre in which no customer writes: nothing is there to be answered.
import type { ApiOptions } from '../../../src/api/server.js';
import { HiloError } from '../../../src/app/errors.js';

const nobodyWrites = (): Promise<never> => Promise.reject(new HiloError('not-found', 'nobody writes here'));

export const NO_CONVERSATIONS: ApiOptions['conversations'] = {
  conversationDesk: {
    send: nobodyWrites,
    read: nobodyWrites,
    upload: nobodyWrites,
    transfer: nobodyWrites,
    close: nobodyWrites,
    finish: async () => false,
    call: nobodyWrites,
  },
  beginning: { channels: () => [], begin: nobodyWrites },
  conversationWorks: { held: () => undefined },
  files: { find: async () => undefined },
};
