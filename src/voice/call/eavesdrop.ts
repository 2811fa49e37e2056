// A supervisor's leg in somebody else's conversation: FreeSWITCH's eavesdrop on the agent's leg, switched by its keys.
import type { Listening } from '../../app/supervision/listening.js';
import type { MonitorMode } from '../../core/interaction/event.js';
import type { MediaEndpoint } from '../drachtio/media-endpoint.js';

/** Nobody listens longer. */
const LISTEN_LIMIT_MS = 12 * 3_600_000;

/** The keys that mod_dptools knows: speak to nobody, to the leg that is listened to, to both. */
const KEYS: Readonly<Record<MonitorMode, string>> = { listen: '0', whisper: '2', barge: '3' };

/** In the words of FreeSWITCH the leg itself is the "b leg" of a whisper and those it talks with are the "a leg". */
export function eavesdrop(ear: MediaEndpoint, agent: MediaEndpoint, mode: MonitorMode): Listening {
  ear.set({
    eavesdrop_enable_dtmf: 'true',
    eavesdrop_whisper_bleg: String(mode !== 'listen'),
    eavesdrop_whisper_aleg: String(mode === 'barge'),
  });
  // However it ends, nothing is heard afterwards; why is told by the end of one of the legs.
  const over = ear.execute('eavesdrop', agent.uuid, LISTEN_LIMIT_MS).then(
    () => undefined,
    () => undefined,
  );
  return {
    over,
    async change(next) {
      await ear.api('uuid_recv_dtmf', ear.uuid, KEYS[next]);
    },
  };
}
