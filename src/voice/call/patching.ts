// Who hears whom on the media server: each step is over when the media server says that it is so, not when it says +OK.
import { HiloError } from '../../app/errors.js';
import type { MediaEndpoint, Milestone } from '../drachtio/media-endpoint.js';

/** FreeSWITCH needs up to 50 ms of its own for a step. */
const STEP_LIMIT_MS = 5000;
/** A transfer that meets the beginning or the end of a bridge is lost in FreeSWITCH, though it said +OK: asked again. */
const ASK_AGAIN_MS = 1000;
const TRIES_MOST = 3;

export type Patched = Pick<MediaEndpoint, 'uuid' | 'ended' | 'api' | 'reaches'>;

/** They hear each other. */
export async function connect(one: Patched, other: Patched): Promise<void> {
  const asked = async (): Promise<void> => {
    const reply = await one.api('uuid_bridge', one.uuid, other.uuid);
    if (!reply.startsWith('+OK')) throw refused('connecting', reply);
  };
  // A second step before this one is complete ends one of the legs (FreeSWITCH's uuid_bridge_on_soft_execute).
  const [isSo] = await Promise.all([one.reaches('CHANNEL_BRIDGE', STEP_LIMIT_MS), asked()]);
  if (!isSo) throw new HiloError('media-time-out', `connecting: not done in ${STEP_LIMIT_MS} ms`);
}

/** Both are alone; one that is gone meanwhile does not matter to the other. */
export async function separate(one: Patched, other: Patched): Promise<void> {
  const alone = (endpoint: Patched): Promise<boolean> => endpoint.reaches('CHANNEL_PARK', ASK_AGAIN_MS);
  const orGone = async (endpoint: Patched, step: Promise<boolean | undefined>): Promise<boolean> => {
    try {
      return (await step) ?? true;
    } catch (error) {
      if (endpoint.ended.aborted) return true;
      throw error;
    }
  };
  const [isAlone, otherIsAlone] = await Promise.all([
    alone(one),
    orGone(other, alone(other)),
    transfer('separating', one, '-both', 'park', 'inline'),
  ]);
  if (!isAlone) await park(one);
  if (!otherIsAlone)
    await orGone(
      other,
      park(other).then(() => true),
    );
}

/** Out of whatever it is in. */
export function park(one: Patched): Promise<void> {
  return until(one, 'CHANNEL_PARK', () => transfer('leaving', one, 'park', 'inline'));
}

/** In the room with all others there; it is not to be connected with one of them at that moment. */
export function enter(one: Patched, room: string): Promise<void> {
  const conference = `conference:hilo-${room}@default++flags{nomoh}`;
  return until(one, 'add-member', () => transfer('joining', one, conference, 'inline'));
}

async function until(one: Patched, milestone: Milestone, ask: () => Promise<void>): Promise<void> {
  for (let tries = 0; tries < TRIES_MOST; tries++) {
    const [isSo] = await Promise.all([one.reaches(milestone, ASK_AGAIN_MS), ask()]);
    if (isSo) return;
  }
  throw new HiloError('media-time-out', `${milestone}: not done, asked ${TRIES_MOST} times`);
}

async function transfer(what: string, one: Patched, ...args: readonly string[]): Promise<void> {
  const reply = await one.api('uuid_transfer', one.uuid, ...args);
  if (reply.startsWith('-')) throw refused(what, reply);
}

function refused(what: string, reply: string): HiloError {
  return new HiloError('telephony-unavailable', `${what}: the media server says ${reply.trim()}`);
}
