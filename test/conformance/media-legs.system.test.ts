// Media legs: how they are made, changed, asked and freed (compatibility C2, C3, D1, D3, E1).
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import type { Connected, Endpoint } from '../switch/event-socket/media-scene.js';
import { heardMs } from '../switch/event-socket/tones.js';
import { MediaScene } from './media-scene.js';
import { conforms } from './pair.js';

let scene: MediaScene;
let caller: Connected;
let prompt = '';

beforeAll(async () => {
  scene = await MediaScene.open();
  prompt = scene.tone('prompt.wav', 900, 600);
  caller = await scene.caller();
});
afterAll(() => scene?.close());

const audio = (sdp: string): RegExpMatchArray | null => /^m=audio (\d+) (\S+) (.*)\r?$/m.exec(sdp);

/** A description with these codecs, of a peer that hears. */
const offer = (sdp: string, payloads: string, direction = 'sendrecv'): string =>
  sdp.replace(/RTP\/AVP .*/, `RTP/AVP ${payloads}`).replace('a=sendrecv', `a=${direction}`);

describe('a media leg', () => {
  conforms('a caller is answered with the description of the leg, and hears what it plays', async () => {
    const { endpoint, rtp, answer } = caller;
    expect(endpoint.uuid).toMatch(/^[0-9a-f-]{36}$/);
    expect(answer.body.toString()).toBe(endpoint.local.sdp);
    expect(Number(endpoint.local.mediaPort)).toBe(Number(audio(endpoint.local.sdp)?.[1]));
    expect(endpoint.dtmfType).toBe('rfc2833');
    rtp.forget();
    await endpoint.play(prompt);
    expect(heardMs(rtp.samples, 900)).toBeGreaterThan(400);
  });

  conforms('a leg is made for a description', async () => {
    const { rtp } = await scene.phone();
    const endpoint = await scene.media.createEndpoint({ remoteSdp: rtp.sdp });
    expect(Number(endpoint.remote.mediaPort)).toBe(rtp.port);
    rtp.follow(endpoint.local.sdp);
    await endpoint.play(prompt);
    expect(heardMs(rtp.samples, 900)).toBeGreaterThan(400);
    await endpoint.destroy();
  });

  conforms('a leg without description offers one audio stream in the clear and learns the answer later', async () => {
    const { rtp } = await scene.phone();
    const endpoint = await scene.media.createEndpoint();
    expect(endpoint.local.sdp.match(/^m=/gm)).toHaveLength(1);
    expect(audio(endpoint.local.sdp)?.[2]).toBe('RTP/AVP');
    const port = endpoint.local.mediaPort;
    await endpoint.modify(rtp.sdp);
    expect(endpoint.local.mediaPort).toBe(port);
    expect(Number(endpoint.remote.mediaPort)).toBe(rtp.port);
    rtp.follow(endpoint.local.sdp);
    await endpoint.play(prompt);
    expect(heardMs(rtp.samples, 900)).toBeGreaterThan(400);
    await endpoint.destroy();
  });

  conforms('audio follows when the other side moves to another port', async () => {
    const { rtp: old } = await scene.phone();
    const { rtp: now } = await scene.phone();
    const endpoint = await scene.media.createEndpoint({ remoteSdp: old.sdp });
    await endpoint.modify(now.sdp.replace('o=- 7 1 ', 'o=- 7 2 '));
    now.follow(endpoint.local.sdp);
    await endpoint.play(prompt);
    expect(heardMs(now.samples, 900)).toBeGreaterThan(400);
    expect(heardMs(old.samples, 900)).toBe(0);
    await endpoint.destroy();
  });

  conforms('the first codec of an offer wins, and the application can choose another order', async () => {
    const { rtp } = await scene.phone();
    const first = async (options: object): Promise<string | undefined> => {
      const endpoint = await scene.media.createEndpoint(options);
      await endpoint.destroy();
      return audio(endpoint.local.sdp)?.[3]?.split(' ')[0];
    };
    expect(await first({ remoteSdp: offer(rtp.sdp, '0 8 101') })).toBe('0');
    expect(await first({ remoteSdp: offer(rtp.sdp, '8 0 101') })).toBe('8');
    expect(await first({ remoteSdp: offer(rtp.sdp, '0 8 101'), codecs: 'PCMA' })).toBe('8');
  });

  conforms('the direction of an offer is answered with its opposite', async () => {
    const { rtp } = await scene.phone();
    const endpoint = await scene.media.createEndpoint({ remoteSdp: rtp.sdp });
    const answerTo = async (direction: string, version: number): Promise<string> => {
      const sdp = offer(rtp.sdp, '0 8 101', direction).replace('o=- 7 1 ', `o=- 7 ${version} `);
      await endpoint.modify(sdp);
      return /^a=(sendrecv|sendonly|recvonly|inactive)/m.exec(endpoint.local.sdp)?.[1] ?? 'sendrecv';
    };
    expect(await answerTo('sendonly', 2)).toBe('recvonly');
    expect(await answerTo('recvonly', 3)).toBe('sendonly');
    expect(await answerTo('sendrecv', 4)).toBe('sendrecv');
    await endpoint.destroy();
  });

  conforms('an offer without any codec of ours is refused', async () => {
    const { rtp } = await scene.phone();
    const sdp = offer(rtp.sdp, '18').replace(/a=rtpmap.*\r\n/g, '');
    await expect(scene.media.createEndpoint({ remoteSdp: sdp })).rejects.toMatchObject({ status: 488 });
  });

  conforms('an INVITE that names nobody who waits for the leg is refused', async () => {
    const { rtp } = await scene.phone();
    const uri = `sip:drachtio@${scene.media.sip.ipv4.udp.address}`;
    const options = { localSdp: rtp.sdp, headers: { 'User-Agent': 'drachtio-fsmrf:0' } };
    await expect(scene.srf.createUAC(uri, options)).rejects.toMatchObject({ status: 404 });
  });
});

describe('variables of a leg', () => {
  conforms('one and several are set, with the characters that need care', async () => {
    const { endpoint } = caller;
    await endpoint.set('hilo_one', 'a b=c');
    await endpoint.set({ hilo_two: "it's; 50 % of ^ñ|", hilo_three: '3' });
    await endpoint.export('hilo_four', '4');
    const variables = await endpoint.getChannelVariables();
    expect(variables).toMatchObject({
      variable_hilo_one: 'a b=c',
      variable_hilo_two: "it's; 50 % of ^ñ|",
      variable_hilo_three: '3',
      variable_hilo_four: '4',
    });
  });

  conforms('the media of a leg is described by numbers', async () => {
    const { endpoint } = caller;
    await endpoint.play(prompt);
    const variables = await endpoint.getChannelVariables(true);
    for (const codec of ['PCMU', 'PCMA', 'OPUS']) {
      expect(String(variables['variable_rtp_use_codec_string'])).toContain(codec);
    }
    expect(variables['variable_rtp_audio_out_packet_count']).toBeGreaterThan(20);
    expect(variables['variable_rtp_audio_in_packet_count']).toBeGreaterThan(20);
    expect(variables['variable_rtp_audio_in_quality_percentage']).toBeTypeOf('number');
  });

  conforms('an argument is filled in from variables', async () => {
    const { endpoint } = caller;
    await endpoint.set('hilo_name', 'Ana');
    await endpoint.set('hilo_greeting', `hello \${hilo_name}`);
    const { variable_hilo_greeting: greeting } = await endpoint.getChannelVariables();
    expect(greeting).toBe('hello Ana');
  });
});

describe('keys', () => {
  conforms('each key sent as RFC 4733 event is told once', async () => {
    const keys: string[] = [];
    caller.endpoint.on('dtmf', ({ dtmf }) => keys.push(String(dtmf)));
    await caller.rtp.press('1*9#');
    await scene.until('four keys', () => keys.length >= 4);
    expect(keys.join('')).toBe('1*9#');
  });

  conforms('a key that comes as INFO is told', async () => {
    const told = new Promise((resolve) => caller.endpoint.once('dtmf', ({ dtmf }) => resolve(dtmf)));
    const body = 'Signal=7\r\nDuration=160\r\n';
    const response = await caller.endpoint.dialog.request({
      method: 'INFO',
      headers: { 'Content-Type': 'application/dtmf-relay' },
      body,
    });
    expect(response.status).toBe(200);
    expect(await told).toBe('7');
  });

  conforms('keys are sent to the caller', async () => {
    const { endpoint, rtp } = caller;
    rtp.keys = '';
    const reply = await endpoint.api('uuid_send_dtmf', [endpoint.uuid, '42#']);
    expect(reply.getBody()).toMatch(/^\+OK/);
    await scene.until('three keys', () => rtp.keys.length >= 3);
    expect(rtp.keys).toBe('42#');
  });

  conforms('keys told to a leg by the application count as pressed', async () => {
    const { endpoint } = caller;
    const told = new Promise((resolve) => endpoint.once('dtmf', ({ dtmf }) => resolve(dtmf)));
    await endpoint.api('uuid_recv_dtmf', [endpoint.uuid, '5']);
    expect(await told).toBe('5');
  });
});

describe('events', () => {
  conforms('an application listens to an event of its own', async () => {
    const { endpoint } = caller as unknown as {
      endpoint: Endpoint & { addCustomEventListener(name: string, listener: (event: unknown) => void): void };
    };
    const heard = new Promise((resolve) => endpoint.addCustomEventListener('hilo::tried', resolve));
    await endpoint.execute('event', 'Event-Name=CUSTOM,Event-Subclass=hilo::tried,Question=42');
    await heard;
  });

  conforms('the beginning and the end of a playback are told', async () => {
    const { endpoint } = caller;
    const events: string[] = [];
    endpoint.once('playback-start', ({ file }) => events.push(`start ${file}`));
    endpoint.once('playback-stop', ({ file }) => events.push(`stop ${file}`));
    await endpoint.play(prompt);
    expect(events).toEqual([`start ${prompt}`, `stop ${prompt}`]);
  });
});

describe('the end of a leg', () => {
  const leg = async (): Promise<Endpoint> => {
    const { rtp } = await scene.phone();
    const endpoint = await scene.media.createEndpoint({ remoteSdp: rtp.sdp });
    rtp.follow(endpoint.local.sdp);
    return endpoint;
  };

  conforms('a destroyed leg is gone', async () => {
    const endpoint = await leg();
    await endpoint.destroy();
    expect(await scene.media.api(`uuid_exists ${endpoint.uuid}`)).toBe('false');
  });

  conforms('an application is told that and why its leg was killed', async () => {
    const endpoint = await leg();
    await endpoint.getChannelVariables(); // by now the leg has heard to which events it is subscribed
    const destroyed = new Promise<{ reason?: string }>((resolve) => endpoint.on('destroy', resolve));
    expect(await scene.media.api(`uuid_kill ${endpoint.uuid} CALL_REJECTED`)).toBe('+OK\n');
    expect(await destroyed).toEqual({ reason: 'CALL_REJECTED' });
  });

  conforms('a playback in progress settles when the leg ends', async () => {
    const endpoint = await leg();
    const started = once(endpoint as unknown as import('node:events').EventEmitter, 'playback-start');
    const playing = endpoint.play('silence_stream://20000');
    await started;
    await endpoint.destroy();
    await playing;
  });

  conforms('the BYE of the signalling side ends the leg', async () => {
    const endpoint = await leg();
    const destroyed = new Promise((resolve) => endpoint.on('destroy', resolve));
    await endpoint.dialog.destroy();
    await destroyed;
    expect(await scene.media.api(`uuid_exists ${endpoint.uuid}`)).toBe('false');
  });
});
