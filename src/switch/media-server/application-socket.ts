// Owns the event socket of one channel to its application: when it cannot be had, and when it is gone (compatibility C3).
import type { Log } from '../../lib/log.js';
import type { Channel } from '../channel/channel.js';
import type { EventSocketServer } from '../control/event-socket/server.js';

/** A channel whose control socket is gone and that talks to nobody is hung up after this. */
export const ORPHAN_LIMIT_MS = 60_000;

/** `target` as the INVITE's X-esl-outbound named it. */
export function dialApplication(channel: Channel, target: string, eventSocket: EventSocketServer, log: Log): void {
  void channel.follow([{ name: 'socket', argument: `${target} async full` }]);
  eventSocket.attach(channel, target).then(
    ({ closed }) => closed.then(() => orphaned(channel)),
    (error: unknown) => {
      log.error({ err: error, target }, 'application not reached');
      channel.hangup('NORMAL_TEMPORARY_FAILURE');
    },
  );
}

function orphaned(channel: Channel): void {
  if (!channel.up) return;
  const { clock } = channel.core;
  const look = (): void => {
    if (channel.partner) timer = clock.after(ORPHAN_LIMIT_MS, look);
    else channel.hangup('NORMAL_TEMPORARY_FAILURE');
  };
  let timer = clock.after(ORPHAN_LIMIT_MS, look);
  channel.onOver(() => timer.cancel());
}
