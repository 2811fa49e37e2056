// Calls that outlived their node: found on the media servers, taken over when two talk, ended otherwise.
import { z } from 'zod';
import type { LegEnd } from '../../app/ports.js';
import type { SurvivingCall, Survivors, TakenOver } from '../../app/survivors/surviving.js';
import type { Log } from '../../lib/log.js';
import { asError } from '../drachtio/deadline.js';
import type { MediaConnection } from '../drachtio/media-connection.js';
import type { SipConnection } from '../drachtio/sip-connection.js';
import { LEG_VARIABLE, type LegNote, readLegNote, readTalkNote, TALK_VARIABLE } from './leg-note.js';

/** Nobody has more. */
export const CHANNELS_MAX = 10_000;

export interface SurvivorsParts {
  readonly media: () => readonly MediaConnection[];
  readonly signalling: (server: string) => SipConnection | undefined;
  /**
   * Whether the switch lets us speak in dialogs of a dead application: the embedded one does, drachtio does not
   * (compatibility A17). Without it whatever survived is ended.
   */
  readonly mayTakeOver: boolean;
  readonly log: Log;
}

/** One leg of a dead node. */
interface Found {
  readonly uuid: string;
  readonly connection: MediaConnection;
  readonly leg: LegNote;
  readonly talk: ReturnType<typeof readTalkNote>;
}

interface Held {
  readonly side: 'customer' | 'agent' | 'media-server';
  readonly end: (end: LegEnd) => void;
}

export class SurvivingCalls implements Survivors {
  readonly #parts: SurvivorsParts;
  /** Dialogs of calls that were taken over. */
  readonly #held = new Map<string, Held>();
  readonly #talks = new Set<TakenOver>();

  constructor(parts: SurvivorsParts) {
    this.#parts = parts;
  }

  /** Talks that were taken over and go on. */
  get live(): number {
    return this.#talks.size;
  }

  async of(node: string): Promise<readonly SurvivingCall[]> {
    const perServer = await Promise.all(this.#parts.media().map((connection) => this.#legsOn(connection)));
    const isLeft = ({ leg }: Found): boolean => leg.node === node && !this.#held.has(leg.dialog);
    const legs = new Map(perServer.flat().flatMap((found) => (isLeft(found) ? [[found.uuid, found]] : [])));
    const calls: SurvivingCall[] = [];
    for (const found of [...legs.values()]) {
      const partner = found.talk === undefined ? undefined : legs.get(found.talk.partner);
      if (found.talk === undefined || partner === undefined) continue;
      legs.delete(found.uuid);
      legs.delete(partner.uuid);
      calls.push(this.#talk(found.talk.words, found, partner));
    }
    for (const found of legs.values()) calls.push({ end: () => this.#end(found) });
    return calls;
  }

  async hangUpAll(end: LegEnd): Promise<void> {
    await Promise.all([...this.#talks].map((talk) => talk.hangUp(end)));
  }

  /** A BYE in a dialog that no leg of ours has, with its Reason; false: not of a call that was taken over either. */
  ended(dialog: string, reason = ''): boolean {
    const held = this.#held.get(dialog);
    if (held?.side === 'media-server') {
      held.end({ by: 'network', reason: reason.includes('MEDIA_TIMEOUT') ? 'media-time-out' : 'media-lost' });
    } else {
      const isLost = reason.includes('connection lost');
      held?.end(isLost ? { by: 'network', reason: 'connection-lost' } : { by: held.side, reason: 'hung-up' });
    }
    return held !== undefined;
  }

  async #legsOn(connection: MediaConnection): Promise<Found[]> {
    const found: Found[] = [];
    for (const uuid of channelsIn(await connection.api('show channels as json')).slice(0, CHANNELS_MAX)) {
      // One that is gone by now answers -ERR, which reads as no note.
      const read = (variable: string): Promise<string> => connection.api(`uuid_getvar ${uuid} ${variable}`);
      const leg = readLegNote((await read(LEG_VARIABLE)).trim());
      if (leg === undefined) continue;
      found.push({ uuid, connection, leg, talk: readTalkNote((await read(TALK_VARIABLE)).trim()) });
    }
    return found;
  }

  #talk(words: string, customer: Found, agent: Found): SurvivingCall {
    const end = async (): Promise<void> => {
      await Promise.all([this.#end(customer), this.#end(agent)]);
    };
    return {
      words,
      end,
      takeOver: async () => {
        if (!this.#parts.mayTakeOver) return undefined;
        const sides = [customer, agent];
        const claimed = await Promise.all(sides.map((side) => this.#claim(side)));
        if (!claimed.every((done) => done) || !(await this.#together(customer, agent))) return undefined;
        return this.#hold(customer, agent);
      },
    };
  }

  /** Whoever speaks first in a dialog without an application has it from then on; a dialog that is gone says so. */
  async #claim({ leg, uuid }: Found): Promise<boolean> {
    const connection = this.#parts.signalling(leg.server);
    if (connection === undefined) return false;
    try {
      const answers = await Promise.all(
        [leg.dialog, leg.mediaDialog].map((dialog) => connection.inDialog(dialog, 'OPTIONS')),
      );
      return answers.every((status) => status !== 481 && status !== 408);
    } catch (error) {
      this.#parts.log.info({ uuid, reason: asError(error).message }, 'a surviving leg cannot be taken over');
      return false;
    }
  }

  /** Whoever was on hold, or asked about meanwhile, would hear music for ever: nobody knows any more how to take them back. */
  async #together({ uuid, connection, talk }: Found, agent: Found): Promise<boolean> {
    if (talk?.apart !== true) return true;
    try {
      const reply = await connection.api(`uuid_bridge ${uuid} ${agent.uuid}`);
      if (reply.startsWith('+OK')) return true;
      throw new Error(reply.trim());
    } catch (error) {
      this.#parts.log.info({ uuid, reason: asError(error).message }, 'a surviving talk cannot be connected again');
      return false;
    }
  }

  #hold(customer: Found, agent: Found): TakenOver {
    const over = new AbortController();
    const sides = [customer, agent];
    const dialogs = sides.flatMap(({ leg }) => [leg.dialog, leg.mediaDialog]);
    const lost = sides.map(({ leg }) => this.#parts.signalling(leg.server)?.lost);
    const mediaLost = sides.map(({ connection }) => connection.lost);
    const finish = (end: LegEnd): void => {
      if (over.signal.aborted) return;
      for (const dialog of dialogs) this.#held.delete(dialog);
      for (const signal of lost) signal?.removeEventListener('abort', onLost);
      for (const signal of mediaLost) signal.removeEventListener('abort', onMediaLost);
      this.#talks.delete(talk);
      over.abort(end);
    };
    const onLost = (): void => finish({ by: 'network', reason: 'signalling-lost' });
    const onEnd = (end: LegEnd): void => {
      finish(end);
      void Promise.all([this.#end(customer), this.#end(agent)]);
    };
    const onMediaLost = (): void => onEnd({ by: 'network', reason: 'media-lost' });
    this.#held.set(customer.leg.dialog, { side: 'customer', end: onEnd });
    this.#held.set(agent.leg.dialog, { side: 'agent', end: onEnd });
    for (const { leg } of sides) this.#held.set(leg.mediaDialog, { side: 'media-server', end: onEnd });
    for (const signal of lost) signal?.addEventListener('abort', onLost, { once: true });
    for (const signal of mediaLost) signal.addEventListener('abort', onMediaLost, { once: true });
    const talk: TakenOver = {
      ended: over.signal,
      hangUp: async (end) => {
        finish(end);
        await Promise.all([this.#end(customer), this.#end(agent)]);
      },
    };
    this.#talks.add(talk);
    return talk;
  }

  /** BYE to the person, BYE to the media server, and to be sure the channel. Never rejects. */
  async #end({ leg, uuid, connection }: Found): Promise<void> {
    const sip = this.#parts.signalling(leg.server);
    const steps = [
      ...(sip === undefined ? [] : [leg.dialog, leg.mediaDialog].map((dialog) => sip.inDialog(dialog, 'BYE'))),
    ];
    for (const outcome of await Promise.allSettled(steps)) {
      if (outcome.status === 'fulfilled') continue;
      this.#parts.log.info({ uuid, reason: asError(outcome.reason).message }, 'BYE of a surviving leg');
    }
    await connection.api(`uuid_kill ${uuid}`).catch((error: unknown) => {
      this.#parts.log.info({ uuid, reason: asError(error).message }, 'surviving leg not killed');
    });
  }
}

const channelList = z.object({ rows: z.array(z.object({ uuid: z.string().regex(/^[\w-]{1,64}$/) })).default([]) });

/** Ids in the answer to `show channels as json`. */
export function channelsIn(reply: string): string[] {
  try {
    return channelList.safeParse(JSON.parse(reply)).data?.rows.map(({ uuid }) => uuid) ?? [];
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}
