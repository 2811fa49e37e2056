// The WebSocket of a browser: told what changes, dropped when it does not read, closed when its session ends.
import type { WebSocket } from 'ws';
import { HiloError } from '../../app/errors.js';
import { BEAT_MS, LIVE_PATH } from '../../contract/live/link.js';
import { liveQuery } from '../../contract/live/live.js';
import type { Role } from '../../contract/session.js';
import type { Clock } from '../../lib/clock.js';
import { rule, tokenOf, userOf } from '../access.js';
import type { Sessions } from '../account/sessions.js';
import type { Api } from '../api.js';
import type { LiveHub } from './hub.js';

/** Not read yet by the other side; beyond it somebody sleeps, and is better served by a new snapshot. */
export const MAX_UNREAD_BYTES = 1024 * 1024;
/** More than this look on: no further one is let in. */
export const MAX_LOOKING = 1_000;
/** Beats without a sign of life until the connection counts as dead. */
const SILENT_BEATS = 3;
/** RFC 6455 §7.4.1, and codes of our own from 4000 on. */
export const CLOSE = { policy: 1008, signedOut: 4401 } as const;

export interface LiveSocketOptions {
  readonly hub: LiveHub;
  readonly sessions: Pick<Sessions, 'user'>;
  readonly clock: Clock;
}

export function liveRoute(api: Api, options: LiveSocketOptions): void {
  api.get(
    LIVE_PATH,
    {
      websocket: true,
      ...rule(
        'agent',
        {
          tags: ['live'],
          summary: 'What happens, as it happens (WebSocket)',
          description:
            'First a snapshot, then numbered changes; see `LiveMessage`. With `epoch` and `after` of the last message it ' +
            'goes on where it was cut off. Nothing is to be sent. A reader that is too slow is cut off.',
          querystring: liveQuery,
        },
        ['too-many-requests'],
      ),
      preHandler: async () => {
        if (options.hub.looking >= MAX_LOOKING) throw new HiloError('too-many-requests', 'too many look on');
      },
    },
    (socket, request) => {
      const { epoch, after } = request.query;
      const resume = epoch === undefined || after === undefined ? undefined : { epoch, after };
      const token = tokenOf(request);
      const user = userOf(request);
      const stop = options.hub.look(user, resume, (text) => send(socket, text));
      keepAlive(socket, options, { token, role: user.role }, stop);
      // Nobody has anything to say here.
      socket.on('message', () => socket.close(CLOSE.policy, 'nothing is to be sent'));
    },
  );
}

function send(socket: WebSocket, text: string): void {
  if (socket.readyState !== socket.OPEN) return;
  if (socket.bufferedAmount > MAX_UNREAD_BYTES) {
    // A reader that sleeps does not answer a closing either.
    socket.terminate();
    return;
  }
  socket.send(text);
}

interface Admitted {
  readonly token: string;
  readonly role: Role;
}

function keepAlive(
  socket: WebSocket,
  { clock, sessions }: LiveSocketOptions,
  admitted: Admitted,
  stop: () => void,
): void {
  let silentBeats = 0;
  const beat = (): void => {
    silentBeats += 1;
    if (silentBeats > SILENT_BEATS) {
      socket.terminate();
      return;
    }
    socket.ping();
    send(socket, '{"type":"beat"}');
    void closeIfSignedOut(socket, sessions, admitted);
    timer = clock.after(BEAT_MS, beat);
  };
  let timer = clock.after(BEAT_MS, beat);
  socket.on('pong', () => {
    silentBeats = 0;
  });
  socket.on('error', () => socket.terminate());
  socket.on('close', () => {
    timer.cancel();
    stop();
  });
}

/** What may be seen goes by the role at the beginning: with another one they sign in anew. A store that is away ends nothing. */
async function closeIfSignedOut(
  socket: WebSocket,
  sessions: Pick<Sessions, 'user'>,
  { token, role }: Admitted,
): Promise<void> {
  try {
    const user = await sessions.user(token);
    if (user.role !== role) socket.close(CLOSE.signedOut, 'another role');
  } catch (error) {
    if (error instanceof HiloError && error.code === 'not-signed-in') socket.close(CLOSE.signedOut, 'signed out');
  }
}
