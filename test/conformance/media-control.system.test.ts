// The control connection of a media server: what it tells of itself and of its legs (compatibility C2, C4, F2).
import { afterAll, beforeAll, describe, expect } from 'vitest';
import type { Endpoint } from '../switch/event-socket/media-scene.js';
import { connectMedia, MediaScene } from './media-scene.js';
import { conforms } from './pair.js';

let scene: MediaScene;
let leg: Endpoint;
const NOBODY = '00000000-0000-4000-8000-000000000000';
const api = async (command: string): Promise<string> => (await scene.media.api(command)).trim();

beforeAll(async () => {
  scene = await MediaScene.open();
  const { rtp } = await scene.phone();
  leg = await scene.media.createEndpoint({ remoteSdp: rtp.sdp });
  rtp.follow(leg.local.sdp);
});
afterAll(() => scene?.close());

describe('a media server', () => {
  conforms('tells where its profile listens', async () => {
    expect(scene.media.sip.ipv4.udp.address).toMatch(/^\d+\.\d+\.\d+\.\d+:\d+$/);
    expect(await api('sofia status')).toMatch(/^\s*drachtio_mrf\s+profile\s+sip:mod_sofia@[\d.]+:\d+\s+RUNNING/m);
  });

  conforms('tells in its heart-beat how many legs it takes', async () => {
    await scene.until('a heart-beat', () => scene.media.maxSessions > 0, 30_000);
    expect(scene.media.maxSessions).toBeGreaterThan(0);
  });

  conforms('answers every command, in order', async () => {
    const answers = await Promise.all([api(`uuid_exists ${leg.uuid}`), api(`uuid_exists ${NOBODY}`), api('status')]);
    expect(answers[0]).toBe('true');
    expect(answers[1]).toBe('false');
    expect(answers[2]).toMatch(/^UP /);
  });

  conforms('does not know every command', async () => {
    expect(await api('hilo_unheard_of 1')).toBe('-ERR hilo_unheard_of Command not found!');
  });

  conforms('lists its legs', async () => {
    const { row_count: count, rows } = JSON.parse(await api('show channels as json'));
    expect(count).toBe(rows.length);
    const row = rows.find(({ uuid }: { uuid: string }) => uuid === leg.uuid);
    expect(row).toMatchObject({ direction: 'inbound', callstate: 'ACTIVE' });
  });

  conforms('sets and tells the variables of a leg', async () => {
    expect(await api(`uuid_setvar ${leg.uuid} hilo_seen yes`)).toBe('+OK');
    expect(await api(`uuid_getvar ${leg.uuid} hilo_seen`)).toBe('yes');
    expect(await api(`uuid_getvar ${leg.uuid} hilo_unseen`)).toBe('_undef_');
    expect(await api(`uuid_setvar_multi ${leg.uuid} hilo_x=1;hilo_y=2`)).toBe('+OK');
    expect(await api(`uuid_getvar ${leg.uuid} hilo_y`)).toBe('2');
    expect(await api(`uuid_dump ${leg.uuid}`)).toContain('variable_hilo_seen: yes');
  });

  conforms('refuses commands for legs that do not exist', async () => {
    for (const command of [
      'uuid_kill',
      'uuid_break',
      'uuid_dump',
      'uuid_park',
      'uuid_send_dtmf',
      'uuid_set_media_stats',
    ]) {
      expect(await api(`${command} ${NOBODY} 1`), command).toMatch(/^-(ERR|USAGE)/);
    }
    expect(await api(`uuid_bridge ${leg.uuid} ${NOBODY}`)).toMatch(/^-ERR/);
    expect(await api(`uuid_transfer ${NOBODY} -both park inline`)).toMatch(/^-ERR/);
    expect(await api(`uuid_record ${NOBODY} start /tmp/x.wav`)).toMatch(/^-ERR/);
  });

  conforms('survives commands without arguments', async () => {
    for (const command of ['uuid_kill', 'uuid_bridge', 'uuid_transfer', 'uuid_getvar', 'uuid_record', 'conference']) {
      expect(await api(command), command).toMatch(/^-|USAGE|Usage|\S/);
    }
    expect(await api(`uuid_exists ${leg.uuid}`)).toBe('true');
  });

  conforms('serves several applications, each with the legs it made', async () => {
    const { srf } = await scene.pair.app();
    const other = await connectMedia(scene.pair, srf);
    const { rtp } = await scene.phone();
    const theirs = await other.createEndpoint({ remoteSdp: rtp.sdp });
    expect(await api(`uuid_exists ${theirs.uuid}`)).toBe('true');
    await theirs.destroy();
    other.disconnect();
    expect(await api(`uuid_exists ${leg.uuid}`)).toBe('true');
  });

  conforms('numbers ids', async () => {
    expect(await api('create_uuid')).toMatch(/^[0-9a-f-]{36}$/);
  });
});
