// Which channels of the media servers are this node's, whether a leg of ours has them or not.
import type { Log } from '../../lib/log.js';
import { asError } from '../drachtio/deadline.js';
import type { MediaConnection } from '../drachtio/media-connection.js';
import { LEG_VARIABLE, readLegNote } from './leg-note.js';
import { CHANNELS_MAX, channelsIn } from './survivors.js';

/** Channels that are asked whose they are at one look: a thousand unknown ones must not hold up the calls. */
export const ASKED_PER_LOOK_MAX = 100;

type Asked = Pick<MediaConnection, 'api'>;

export class OwnChannels {
  readonly #node: string;
  readonly #log: Log;
  /** Node of each channel, as far as it is known; asked once. */
  readonly #nodes = new Map<string, string>();
  #asked = 0;

  constructor(node: string, log: Log) {
    this.#node = node;
    this.#log = log;
  }

  /**
   * `held`: channels of our legs, which need not be asked. `servers`: those that answered. To call a channel's value ends it.
   * Never rejects.
   */
  async look(
    asked: ReadonlyMap<string, Asked>,
    held: ReadonlySet<string>,
  ): Promise<{
    readonly servers: ReadonlySet<string>;
    readonly channels: ReadonlyMap<string, () => Promise<void>>;
  }> {
    const servers = new Set<string>();
    const channels = new Map<string, () => Promise<void>>();
    const listed = new Set<string>();
    await Promise.all(
      [...asked].map(async ([server, connection]) => {
        try {
          const all = wholeList(await connection.api('show channels as json'));
          for (const uuid of all) listed.add(uuid);
          const strangers = all.filter((uuid) => !held.has(uuid)).slice(0, CHANNELS_MAX);
          await this.#learn(connection, strangers);
          for (const uuid of all) {
            if (!held.has(uuid) && this.#nodes.get(uuid) !== this.#node) continue;
            channels.set(uuid, () => this.#kill(connection, uuid));
          }
          servers.add(server);
        } catch (error) {
          this.#log.info({ server, reason: asError(error).message }, 'a media server does not say which calls it has');
        }
      }),
    );
    for (const uuid of this.#nodes.keys()) if (!listed.has(uuid)) this.#nodes.delete(uuid);
    return { servers, channels };
  }

  /** One that bears no note yet is asked again another time: a leg gets it when it is set up. */
  async #learn(connection: Asked, uuids: readonly string[]): Promise<void> {
    const unknown = uuids.filter((uuid) => !this.#nodes.has(uuid));
    // Not the same ones each time, where other applications have many.
    const from = unknown.length > ASKED_PER_LOOK_MAX ? this.#asked % unknown.length : 0;
    const turn = [...unknown.slice(from), ...unknown.slice(0, from)].slice(0, ASKED_PER_LOOK_MAX);
    this.#asked += turn.length;
    for (const uuid of turn) {
      const note = readLegNote((await connection.api(`uuid_getvar ${uuid} ${LEG_VARIABLE}`)).trim());
      if (note !== undefined) this.#nodes.set(uuid, note.node);
    }
  }

  async #kill(connection: Asked, uuid: string): Promise<void> {
    await connection.api(`uuid_kill ${uuid}`);
  }
}

/** Throws when it is not all of them: who is not on it is taken for gone. */
function wholeList(reply: string): string[] {
  const [, count] = /"row_count":\s*(\d+)/.exec(reply) ?? [];
  const found = channelsIn(reply);
  if (Number(count) !== found.length) throw new Error(`${count ?? 'no'} channels are counted, ${found.length} listed`);
  return found;
}
