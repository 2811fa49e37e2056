// Whose channels a media server has: asked once, never guessed, and never taken for gone because an answer was not whole.
import { describe, expect, it } from 'vitest';
import { silentLog } from '../../../src/lib/log.js';
import { written } from '../../../src/voice/survivors/leg-note.js';
import { ASKED_PER_LOOK_MAX, OwnChannels } from '../../../src/voice/survivors/own-channels.js';

class FakeServer {
  /** Channels with the node that is noted on them. */
  readonly channels = new Map<string, string | undefined>();
  readonly asked: string[] = [];
  broken: string | undefined;

  async api(command: string): Promise<string> {
    if (this.broken !== undefined) return this.broken;
    const rows = [...this.channels.keys()].map((uuid) => ({ uuid }));
    if (command === 'show channels as json') {
      return JSON.stringify(rows.length > 0 ? { row_count: rows.length, rows } : { row_count: 0 });
    }
    this.asked.push(command);
    const [name, uuid = ''] = command.split(' ');
    if (name === 'uuid_kill') return this.channels.delete(uuid) ? '+OK\n' : '-ERR No such channel!\n';
    const node = this.channels.get(uuid);
    return node === undefined ? '_undef_' : written({ node, server: 's', dialog: 'd', mediaDialog: 'm' });
  }
}

const NONE: ReadonlySet<string> = new Set();

describe('the channels of this node', () => {
  it('are those that bear its name, and those of its legs; others are asked once', async () => {
    const server = new FakeServer();
    for (const [uuid, node] of [
      ['ours', 'n1'],
      ['theirs', 'n2'],
      ['fresh', undefined],
      ['held', 'n1'],
    ] as const) {
      server.channels.set(uuid, node);
    }
    const channels = new OwnChannels('n1', silentLog);
    const look = () => channels.look(new Map([['m1', server]]), new Set(['held']));
    const first = await look();
    expect([...first.servers]).toEqual(['m1']);
    expect([...first.channels.keys()]).toEqual(['ours', 'held']);
    expect(server.asked).toHaveLength(3);
    await look();
    // Only the one that has no note yet.
    expect(server.asked.slice(3)).toEqual(['uuid_getvar fresh hilo_leg']);
    await first.channels.get('ours')?.();
    expect([...(await look()).channels.keys()]).toEqual(['held']);
  });

  it('none are ours on an empty server', async () => {
    const { servers, channels } = await new OwnChannels('n1', silentLog).look(
      new Map([['m1', new FakeServer()]]),
      NONE,
    );
    expect([[...servers], channels.size]).toEqual([['m1'], 0]);
  });

  it.each(['', '-ERR', '{"row_count":2,"rows":[{"uuid":"a"}]}', '{"rows":[]}', 'null'])(
    'a server that answers %j has not answered',
    async (broken) => {
      const server = new FakeServer();
      server.broken = broken;
      const look = await new OwnChannels('n1', silentLog).look(new Map([['m1', server]]), NONE);
      expect([look.servers.size, look.channels.size]).toEqual([0, 0]);
    },
  );

  it('of very many unknown ones some are asked at each look, until all have been', async () => {
    const server = new FakeServer();
    for (let n = 0; n < 2 * ASKED_PER_LOOK_MAX; n += 1) server.channels.set(`u${n}`, n === 150 ? 'n1' : 'n2');
    const channels = new OwnChannels('n1', silentLog);
    await channels.look(new Map([['m1', server]]), NONE);
    expect(server.asked).toHaveLength(ASKED_PER_LOOK_MAX);
    const second = await channels.look(new Map([['m1', server]]), NONE);
    expect([...second.channels.keys()]).toEqual(['u150']);
  });
});
