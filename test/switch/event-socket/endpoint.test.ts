// Endpoints as an application on drachtio-fsmrf sees them: made, changed, read, ended from every side.
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MediaScene } from './media-scene.js';
import { heardMs, tone, writeWav } from './tones.js';

let scene: MediaScene;
let prompt: string;
beforeAll(async () => {
  scene = await MediaScene.open();
  prompt = join(scene.folder, 'ten.wav');
  writeWav(prompt, tone(600, 10_000));
});
afterAll(() => scene?.close());

test('the client learns address and limits from the first answers', async () => {
  expect(scene.media.sip.ipv4.udp.address).toBe(`127.0.0.1:${scene.server.sipPort}`);
  await scene.until('heartbeat', () => scene.media.maxSessions === 4_000);
  expect(await scene.media.api('version')).toMatch(/^FreeSWITCH Version 1\.10/);
  expect(await scene.media.api('uuid_dub x setGain 0')).toBe('-ERR uuid_dub Command not found!\n');
});

describe('an endpoint', () => {
  test('with the description of a caller answers with the codec offered first', async () => {
    const { rtp } = await scene.phone();
    const offer = rtp.sdp.replace('RTP/AVP 0 8 101', 'RTP/AVP 8 0 101');
    const endpoint = await scene.media.createEndpoint({ remoteSdp: offer });
    expect(endpoint.local.sdp).toContain(`m=audio ${endpoint.local.mediaPort} RTP/AVP 8 101\r\n`);
    expect(endpoint.remote).toMatchObject({ sdp: offer, mediaPort: String(rtp.port) });
    expect(endpoint.dtmfType).toBe('rfc2833');
    await endpoint.destroy();
  });

  test('takes the order of codecs that the application wants', async () => {
    const { rtp } = await scene.phone();
    const endpoint = await scene.media.createEndpoint({ remoteSdp: rtp.sdp, codecs: ['PCMA'] });
    expect(endpoint.local.sdp).toMatch(/RTP\/AVP 8 101\r\n/);
    await endpoint.destroy();
  });

  test('without a description offers, and is joined to a phone later on the same port', async () => {
    const { rtp } = await scene.phone();
    const endpoint = await scene.media.createEndpoint();
    const { mediaPort } = endpoint.local;
    expect(endpoint.local.sdp).toContain(`m=audio ${mediaPort} RTP/AVP 0 8 101\r\n`);
    await endpoint.modify(rtp.sdp);
    expect(endpoint.local.mediaPort).toBe(mediaPort);
    expect(endpoint.remote.mediaPort).toBe(String(rtp.port));
    rtp.follow(endpoint.local.sdp);
    await endpoint.play(`{volume=1}tone_stream://%(300,0,500)`);
    expect(heardMs(rtp.samples, 500)).toBeGreaterThanOrEqual(240);
    await endpoint.destroy();
  });

  test('on hold and back keeps its description but for direction and version', async () => {
    const { endpoint } = await scene.caller();
    const before = endpoint.local.sdp;
    const held = endpoint.remote.sdp.replace('a=sendrecv', 'a=sendonly');
    await endpoint.modify(held);
    expect(endpoint.local.sdp).toContain('a=recvonly\r\n');
    await endpoint.modify(held.replace('a=sendonly', 'a=sendrecv'));
    expect(endpoint.local.sdp.replace(/^o=.*$/m, '')).toBe(before.replace(/^o=.*$/m, ''));
    await endpoint.destroy();
  });

  test('shows what was set on it, values with odd characters too', async () => {
    const { endpoint } = await scene.caller();
    await endpoint.set({ foo: 'x', bar: 'y z', odd: 'a "quote" % and ñ' });
    await endpoint.set('one', '1');
    await endpoint.export('two', `$\{one}2`);
    const variables = await endpoint.getChannelVariables(true);
    expect(variables).toMatchObject({
      variable_foo: 'x',
      variable_bar: 'y z',
      variable_odd: 'a "quote" % and ñ',
      variable_one: '1',
      variable_two: '12',
      variable_sofia_profile_name: 'drachtio_mrf',
      'Channel-Call-State': 'ACTIVE',
      'Unique-ID': endpoint.uuid,
    });
    expect(variables['variable_rtp_audio_in_packet_count']).toBeGreaterThanOrEqual(0);
    const event = await endpoint.execute('unset', 'foo');
    expect(event.getHeader('variable_foo')).toBeNull();
    expect(event.getHeader('variable_one')).toBe('1');
    await endpoint.destroy();
  });

  test('runs an unknown application to its end', async () => {
    const { endpoint } = await scene.caller();
    const event = await endpoint.execute('valet_park', 'room');
    expect(event.getHeader('Application-Response')).toBe('-ERR no such application');
    await endpoint.destroy();
  });

  test('with an offer that nobody here can answer is refused with 488', async () => {
    const offer =
      'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 18\r\n';
    await expect(scene.media.createEndpoint({ remoteSdp: offer })).rejects.toMatchObject({ status: 488 });
  });
});

describe('the end', () => {
  test('destroy says BYE and frees everything', async () => {
    const { endpoint } = await scene.caller();
    expect(scene.server.channels.get(endpoint.uuid)).toBeDefined();
    await endpoint.destroy();
    await scene.until('no channel', () => scene.server.channels.get(endpoint.uuid) === undefined);
  });

  test('uuid_kill ends it from outside, with its cause', async () => {
    const { endpoint } = await scene.caller();
    await endpoint.set('subscribed', 'by now'); // the client subscribes after it has handed out the endpoint
    const gone = new Promise<{ reason?: string }>((resolve) => endpoint.once('destroy', resolve));
    const bye = new Promise((resolve) => endpoint.dialog.on('destroy', resolve));
    expect(await scene.media.api(`uuid_kill ${endpoint.uuid} USER_BUSY`)).toBe('+OK\n');
    expect(await gone).toMatchObject({ reason: 'USER_BUSY' });
    await bye;
    expect(await scene.media.api(`uuid_exists ${endpoint.uuid}`)).toBe('false');
    expect(await scene.media.api(`uuid_kill ${endpoint.uuid}`)).toBe('-ERR No such channel!\n');
  });

  test('a BYE on the endpoint’s own dialog ends it too', async () => {
    const { endpoint } = await scene.caller();
    await endpoint.set('subscribed', 'by now'); // the client subscribes after it has handed out the endpoint
    const gone = new Promise<{ reason?: string }>((resolve) => endpoint.once('destroy', resolve));
    await endpoint.dialog.destroy();
    expect(await gone).toMatchObject({ reason: 'NORMAL_CLEARING' });
  });

  test('a caller who hangs up in the middle of a prompt settles every promise', async () => {
    const { phone, invite, answer, endpoint, dialog } = await scene.caller();
    const byeCame = new Promise((resolve) => dialog.on('destroy', resolve));
    const started = new Promise((resolve) => endpoint.once('playback-start', resolve));
    const playing = endpoint.play(prompt);
    await started;
    phone.follow('BYE', invite, answer, scene.sipPort);
    await phone.response(200, 'BYE');
    await byeCame;
    await endpoint.destroy();
    const played = await playing;
    expect(Number(played.playbackMilliseconds)).toBeLessThan(5_000);
  });

  test('collecting and recording settle as well', async () => {
    const { endpoint } = await scene.caller();
    const collecting = endpoint.playCollect({ file: prompt, min: 1, max: 4 });
    const recording = endpoint.record(join(scene.folder, 'cut.wav'));
    await endpoint.destroy();
    expect((await collecting).digits).toBeNull();
    expect(await recording).toHaveProperty('recordSeconds');
  });
});
